"""Sixty clips drawn by lot through a run that leaves the frames alone: nothing else differs."""

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.stream import AttachmentStream, Disposition

from tests.clips import TICKS, frames
from tests.engine.conftest import Front
from tests.engine.video.lots import STEP, Case, drawn, meant, write
from tests.engine.video.test_kept import leave
from tests.engine.video.test_video import sound, tell_apart


def told(path: Path) -> dict[str, Any]:
    """What a file says beside its pixels, as far as all containers can."""
    with av.open(str(path)) as file:
        first = next(file.decode(video=0))
        words = {name.lower(): text for name, text in file.metadata.items()}
        begins = max(0, file.start_time or 0) / av.time_base
        return {
            "titles": [words.get("title", ""), words.get("artist", "")],
            "sounds": [
                (s.language or "und", s.metadata.get("title") or s.metadata.get("name", ""))
                for s in file.streams.audio
            ],
            "default": [bool(s.disposition & Disposition.default) for s in file.streams.audio],
            "comment": [bool(s.disposition & Disposition.comment) for s in file.streams.audio],
            "chapters": [
                (round(float(c["start"] * c["time_base"]) - begins, 1), c["metadata"]["title"])
                for c in file.chapters()
            ],
            "fonts": [s.data for s in file.streams if isinstance(s, AttachmentStream)],
            "rotation": first.rotation % 360,
            "aspect": file.streams.video[0].sample_aspect_ratio or 1,
            "colours": (first.color_primaries, first.color_trc, first.colorspace),
            "bits": max(component.bits for component in first.format.components),
        }


def differences(case: Case, source: Path, output: Path) -> list[str]:
    """What of it is not as it was, though the container could hold it."""
    was, now = told(source), told(output)
    wrong = [
        name for name in ("titles", "sounds", "chapters", "rotation") if was[name] != now[name]
    ]
    if case.output == ".mov" and "sounds" in wrong:  # in which FFmpeg names languages otherwise
        wrong.remove("sounds")
    names = {".mkv": ["default", "comment", "fonts"], ".mp4": ["default", "comment"]}
    if case.suffix in {".mp4", ".mkv"}:
        wrong += [name for name in names.get(case.output, ["default"]) if was[name] != now[name]]
    kept = 1 if case.output == ".webm" else was["aspect"]
    wrong += ["aspect"] if now["aspect"] != kept or was["aspect"] != (case.aspect or 1) else []
    if case.colours:
        wrong += ["colours"] if now["colours"] != was["colours"] else []
        wrong += ["no colours"] if case.suffix != ".avi" and was["colours"] != case.colours else []
    wrong += ["bits"] if now["bits"] != (8 if case.output == ".webm" else was["bits"]) else []
    return wrong + _timing(case, source, output) + _frames_differ(case, source, output)


def _timing(case: Case, source: Path, output: Path) -> list[str]:
    """Frames' times, the length, and the offset of sound and picture."""
    before, after = (
        [float(frame.pts * frame.time_base) for frame in frames(path)] for path in (source, output)
    )
    if len(before) != len(after) or len(before) != len(case.times):
        return [f"{len(after)} frames of {len(before)}"]
    given = before if case.suffix == ".avi" else np.divide(case.times, TICKS)  # it has no times
    steps = np.subtract(after, after[0]) - np.subtract(given, given[0])
    wrong = ["times"] if np.abs(steps).max() > 0.002 else []
    with av.open(str(source)) as one, av.open(str(output)) as other:
        length = float(other.duration or 0) / av.time_base
        starts = [
            [float(s.start_time * s.time_base) - shown[0] for s in file.streams.audio]
            for file, shown in ((one, before), (other, after))
        ]
    if case.sounds and np.abs(np.subtract(*starts)).max() > 0.03:
        wrong.append(f"offset of the sound {starts}")
    begins = min([0.0, *starts[0]])
    ends = max([after[-1] - after[0] + _last(source), *(at + 0.28 for at in starts[0])])
    if not case.late and case.output != ".webm" and abs(length - (ends - begins)) > 0.06:
        wrong.append(f"length {length} for {ends - begins}")
    if case.output != ".webm" and case.sounds:
        pairs = zip(sound(source), sound(output), strict=True)
        wrong += [] if all(data.endswith(kept) for (_, data), (_, kept) in pairs) else ["sound"]
    return wrong


def _last(path: Path) -> float:
    """Seconds for which the last frame of a clip is shown, as far as it says so."""
    with av.open(str(path)) as file:
        packets = [packet for packet in file.demux(video=0) if packet.pts is not None]
        last = max(packets, key=lambda packet: packet.pts or 0)
        return float((last.duration or 0) * last.time_base) or STEP / TICKS


def _frames_differ(case: Case, source: Path, output: Path) -> list[str]:
    height, width = (side // 8 * 8 for side in case.size[::-1])
    if case.aspect and case.output == ".webm":  # wider
        return [] if {frame.width for frame in frames(output)} == {85} else ["size"]
    pairs = [
        [frame.to_ndarray(format="rgb24")[:height, :width] for frame in pair]
        for pair in zip(frames(source), frames(output), strict=False)
    ]
    return ["pictures"] if any(tell_apart(*pair) > 2.5 for pair in pairs) else []


@pytest.mark.parametrize("part", range(6))
def test_that_only_what_was_said_differs(front: Front, tmp_path: Path, part: int) -> None:
    found: dict[Case, list[str]] = {}
    for number in range(part, 60, 6):
        case = drawn(number)
        source = write(case, tmp_path / f"{number}{case.suffix}")
        output = tmp_path / f"out{number}{case.output}"
        said = leave(front, source, output)
        wrong = [f"said: {said}"] if sorted(said) != sorted(meant(case)) else []
        if wrong := wrong + differences(case, source, output):
            found[case] = wrong
    assert found == {}
