"""Videos: every frame once and at its time, all else as it was, nothing half-written."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.sidedata.sidedata import Type as SideData
from PIL import Image

from studio.core.events import (
    TERMINAL,
    Cancelled,
    Failed,
    Finished,
    Noticed,
    Previewed,
    Progressed,
    Started,
)
from studio.core.picture import Picture
from studio.core.picture_files import open_picture
from studio.core.requests import Apply, Video, from_json, to_json
from studio.models import enhance
from tests.clips import TICKS, UNEVEN, frames, write_clip
from tests.conftest import write_tiny
from tests.engine.conftest import Front


def times(path: Path) -> list[Fraction]:
    return [frame.pts * frame.time_base for frame in frames(path)]


def sound(path: Path) -> list[tuple[Fraction, bytes]]:
    with av.open(str(path)) as file:
        return [(p.pts * p.time_base, bytes(p)) for p in file.demux(audio=0) if p.size]


def tell_apart(one: np.ndarray, other: np.ndarray) -> float:
    """Mean difference of blocks of 8 px, so that halved resolution of colours does not count."""
    height, width = one.shape[:2]
    apart = (one.astype(float) - other).reshape(height // 8, 8, width // 8, 8, 3)
    return float(np.abs(apart.mean((1, 3))).mean())


@pytest.mark.parametrize("weights", ["translate/tiny", "style/tiny", "enhance/tiny"])
def test_that_every_frame_comes_once_and_at_its_own_time(
    front: Front, tmp_path: Path, weights: str
) -> None:
    source, output = write_clip(tmp_path / "in.mp4", sound=True), tmp_path / "out.mp4"
    events = front.run(Video(weights, str(source), str(output)))
    assert isinstance(events[-1], Finished), events[-1]
    assert events[-1].size == (64, 48)
    assert times(output) == times(source) == [Fraction(t, TICKS) for t in UNEVEN]
    assert sound(output) == sound(source)
    assert len(sound(output)) > 20
    kinds = [type(e) for e in events if isinstance(e, Progressed | Previewed)]
    assert kinds.count(Previewed) == 1
    assert kinds.index(Previewed) < 3
    fractions = [e.fraction for e in events if isinstance(e, Progressed)]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    assert list(tmp_path.glob(".studio*")) == []


def test_that_what_is_left_as_it_is_looks_as_it_did(front: Front, tmp_path: Path) -> None:
    source, output = write_clip(tmp_path / "in.mp4"), tmp_path / "out.mp4"
    front.run(Video("style/tiny", str(source), str(output), settings={"strength": 0.0}))
    for before, after in zip(frames(source), frames(output), strict=True):
        one, other = (f.to_ndarray(format="rgb24") for f in (before, after))
        assert tell_apart(one, other) < 1.5


def test_that_a_mask_holds_for_all_frames_and_is_opened_once(
    front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []

    def opening(path: Path) -> Picture:
        opened.append(path)
        return open_picture(path)

    monkeypatch.setattr("studio.core.values.mask_pictures.open_picture", opening)
    mask = np.zeros((24, 32), np.uint8)
    mask[:, 16:] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    source, output = write_clip(tmp_path / "in.mp4"), tmp_path / "out.mp4"
    settings = {"mask": str(tmp_path / "mask.png")}
    front.run(Video("style/tiny", str(source), str(output), settings=settings, damping=0))
    for before, after in zip(frames(source), frames(output), strict=True):
        one, other = (f.to_ndarray(format="rgb24") for f in (before, after))
        assert tell_apart(one[:, :24], other[:, :24]) < 1.5
        assert tell_apart(one[:, 40:], other[:, 40:]) > 10
    assert opened == [tmp_path / "mask.png"]


@pytest.mark.parametrize("rotation", [90, 180, -90])
def test_that_rotation_and_aspect_stay_and_frames_are_shown_upright_and_unsqueezed(
    front: Front, tmp_path: Path, rotation: int
) -> None:
    source = write_clip(tmp_path / "in.mp4", rotation=rotation, aspect=Fraction(3, 2))
    output = tmp_path / "out.mp4"
    settings = {"strength": 0.0}
    events = front.run(Video("style/tiny", str(source), str(output), settings=settings))
    before, after = frames(source)[0], frames(output)[0]
    assert after.rotation == before.rotation
    assert (after.rotation - rotation) % 360 == 0
    assert bytes(after.side_data[SideData.DISPLAYMATRIX]) == bytes(
        before.side_data[SideData.DISPLAYMATRIX]
    )
    with av.open(str(output)) as file:
        assert file.streams.video[0].sample_aspect_ratio == Fraction(3, 2)
    stored = before.to_ndarray(format="rgb24")
    assert tell_apart(stored, after.to_ndarray(format="rgb24")) < 1.5
    shown = next(e for e in events if isinstance(e, Previewed)).pixels[..., :3]
    upright = Image.fromarray(np.rot90(stored, rotation // 90))
    square = upright.resize((96, 48) if rotation == 180 else (48, 96), Image.Resampling.BICUBIC)
    assert tell_apart(shown, np.asarray(square)) < 1.5

    still = Apply("style/tiny", str(source), settings=settings, seconds=0.0)
    seen = next(e for e in front.run(still) if isinstance(e, Previewed)).pixels[..., :3]
    assert tell_apart(seen, np.asarray(square)) < 1.5


@pytest.mark.parametrize("suffix", [".mkv", ".mov", ".webm"])
def test_that_other_containers_are_written(front: Front, tmp_path: Path, suffix: str) -> None:
    source, output = write_clip(tmp_path / "in.mp4"), tmp_path / f"out{suffix}"
    assert isinstance(front.run(Video("style/tiny", str(source), str(output)))[-1], Finished)
    exact = 0 if suffix == ".mov" else 0.0006  # Matroska and WebM count milliseconds
    for before, after in zip(times(source), times(output), strict=True):
        assert abs(before - after) <= exact


def test_that_frames_of_odd_sides_and_twice_the_size_are_written(
    front: Front, tmp_path: Path, catalogue
) -> None:
    twice = write_tiny(tmp_path / "more", enhance.SPEC, scale=2)
    source = write_clip(tmp_path / "in.mp4", times=UNEVEN[:2])
    output = tmp_path / "out.mp4"
    front.run(Video(str(twice.path), str(source), str(output)))
    assert frames(output)[0].width == 128


@pytest.mark.parametrize(
    ("seconds", "number"), [(0.0, 0), (0.05, 1), (26_000 / TICKS, 5), (99.0, 7)]
)
def test_that_a_frame_of_a_video_is_a_picture(
    front: Front, tmp_path: Path, seconds: float, number: int
) -> None:
    source = write_clip(tmp_path / "in.mp4", rotation=90)
    request = Apply("style/tiny", str(source), settings={"strength": 0.0}, seconds=seconds)
    shown = next(e for e in front.run(request) if isinstance(e, Previewed))
    assert shown.full_size == (48, 64)
    wanted = np.rot90(frames(source)[number].to_ndarray(format="rgb24"))
    assert tell_apart(shown.pixels[..., :3], wanted) < 1.5


def test_that_a_frame_is_looked_at_while_a_video_is_written(front: Front, tmp_path: Path) -> None:
    source = write_clip(tmp_path / "in.mp4", times=tuple(range(0, 90_000, 3000)))
    preview = Apply("translate/tiny", str(source), seconds=0.5)
    front.at = lambda e: e.job == 1 and isinstance(e, Started) and front.submit(preview)
    front.submit(Video("translate/tiny", str(source), str(tmp_path / "out.mp4")))
    endings = [front.until(TERMINAL)[-1] for _ in range(2)]
    assert [ending.job for ending in endings] == [2, 1]
    assert all(isinstance(ending, Finished) for ending in endings)
    assert len(frames(tmp_path / "out.mp4")) == 30


def test_that_a_cancelled_video_leaves_no_file(front: Front, tmp_path: Path) -> None:
    source = write_clip(tmp_path / "in.mp4", times=tuple(range(0, 180_000, 3000)))
    output = tmp_path / "out.mp4"
    front.at = lambda e: front.engine.cancel(e.job) if isinstance(e, Previewed) else None
    events = front.run(Video("style/tiny", str(source), str(output)))
    assert isinstance(events[-1], Cancelled)
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["in.mp4"]


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("missing", "there is no file"), ("text", "no video, damaged or cut short"),
        ("sound", "no video stream"), ("cut", "cut short"),
        ("suffix", "cannot be saved as '.gif'"), ("folder", "there is no folder"),
        ("exists", "exists already"), ("model", "draws after doodles"),
    ],
)  # fmt: skip
def test_that_trouble_is_named_and_nothing_is_left(
    front: Front, tmp_path: Path, trouble: str, said: str
) -> None:
    source, output, weights = tmp_path / "in.mp4", tmp_path / "out.mp4", "style/tiny"
    match trouble:
        case "missing":
            pass
        case "text":
            source.write_text("this is no video")
        case "sound":
            with av.open(str(source), "w") as file:
                tone = file.add_stream("aac", rate=48_000, layout="mono")
                silence = np.zeros((1, 1024), np.float32)
                audio = av.AudioFrame.from_ndarray(silence, format="fltp", layout="mono")
                audio.sample_rate = 48_000
                file.mux(tone.encode(audio))
                file.mux(tone.encode(None))
        case "cut":  # the index of its frames stands at its end
            write_clip(source, times=tuple(range(0, 360_000, 3000)))
            data = source.read_bytes()
            source.write_bytes(data[: len(data) // 2])
        case _:
            write_clip(source)
            if trouble == "suffix":
                output = tmp_path / "out.gif"
            elif trouble == "folder":
                output = tmp_path / "none" / "out.mp4"
            elif trouble == "exists":
                output.write_text("mine")
            else:
                weights = "sketch/tiny"
    ending = front.run(Video(weights, str(source), str(output)))[-1]
    assert isinstance(ending, Failed)
    assert said in ending.message
    assert list(tmp_path.glob(".studio*")) == []
    assert output.exists() == (trouble == "exists")


@pytest.mark.parametrize("suffix", [".mkv", ".mp4"])
def test_that_of_a_clip_that_is_cut_short_what_can_be_read_is_kept_and_it_is_said(
    front: Front, tmp_path: Path, suffix: str
) -> None:
    source, output = tmp_path / f"in{suffix}", tmp_path / "out.mp4"
    whole = write_clip(tmp_path / f"whole{suffix}", times=tuple(range(0, 360_000, 3000)))
    if suffix == ".mp4":  # as films for the web are: their index stands at the beginning
        with av.open(str(whole)) as old, av.open(str(source), "w", options=_FAST) as new:
            stream = new.add_stream_from_template(old.streams.video[0])
            for packet in old.demux(video=0):
                if packet.size:
                    packet.stream = stream
                    new.mux(packet)
        whole = source
    data = whole.read_bytes()
    source.write_bytes(data[: len(data) * 2 // 3])
    events = front.run(Video("style/tiny", str(source), str(output)))
    assert isinstance(events[-1], Finished), events[-1]
    (told,) = [e.message for e in events if isinstance(e, Noticed)]
    assert f"{source} is damaged or cut short" in told
    assert 30 < len(frames(output)) < 110
    assert list(tmp_path.glob(".studio*")) == []


_FAST = {"movflags": "faststart", "video_track_timescale": str(TICKS)}


def test_that_a_request_survives_json_and_is_kept_in_the_file(front: Front, tmp_path: Path) -> None:
    source, output = write_clip(tmp_path / "in.mp4", times=UNEVEN[:3]), tmp_path / "out.mp4"
    request = Video("style/tiny", str(source), str(output), damping=0.2)
    assert from_json(to_json(request)) == request
    front.run(request)
    with av.open(str(output)) as file:
        kept = from_json(file.metadata["comment"])
    assert isinstance(kept, Video)
    assert (kept.source, kept.output, kept.damping) == ("in.mp4", "out.mp4", 0.2)
    assert kept.sha256


def test_that_the_front_is_told_once(front: Front, tmp_path: Path) -> None:
    source = write_clip(tmp_path / "in.mp4", times=UNEVEN[:3])
    events = front.run(Video("enhance/tiny", str(source), str(tmp_path / "out.mp4")))
    assert sum(isinstance(e, TERMINAL) for e in events) == 1


def test_that_pixels_of_a_width_that_no_screen_has_are_refused(
    front: Front, tmp_path: Path
) -> None:
    source = write_clip(
        tmp_path / "in.mp4", size=(1280, 960), aspect=Fraction(255, 1), times=(0, 3000)
    )
    end = front.run(Apply("style/tiny", str(source), seconds=0.0))[-1]
    assert isinstance(end, Failed)
    assert "megapixels" in end.message
