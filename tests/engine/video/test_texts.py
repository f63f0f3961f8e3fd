"""Subtitles go from one container into another, whatever each calls its texts."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest

from tests.engine.conftest import Front
from tests.engine.video.test_kept import leave, write

SAID = [(0.04, 0.08, "Grüße"), (0.16, 0.12, r"{\i1}zwei{\i0}\NZeilen")]
HEADER = (
    b"[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour, Bold, Italic, Alignment\n"
    b"Style: Default,Arial,16,&Hffffff,0,0,2\n[Events]\nFormat: Layer, Start, End, Style, Text\n"
)


def subtitled(path: Path) -> Path:
    """A clip with two texts, the second of two lines, of which one is in italics."""
    plain = write(path.with_name("plain.mp4"))
    with av.open(str(plain)) as one, av.open(str(path), "w") as file:
        copy = file.add_stream_from_template(one.streams.video[0])
        texts: Any = file.add_stream("subrip")
        texts.codec_context.subtitle_header = HEADER
        texts.metadata["language"] = "deu"
        for packet in one.demux(video=0):
            if packet.size:
                packet.stream = copy
                file.mux(packet)
        for words, (begin, length, _) in zip(("Grüße", "<i>zwei</i>\nZeilen"), SAID, strict=True):
            made: Any = av.Packet(words.encode())
            made.stream, made.time_base = texts, Fraction(1, 1000)
            made.pts = made.dts = round(begin * 1000)
            made.duration = round(length * 1000)
            file.mux(made)
    return path


def texts_of(path: Path) -> list[tuple[float, float, str]]:
    """When each text is shown, for how long, and what it is, with its italics."""
    found: list[tuple[float, float, str]] = []
    with av.open(str(path)) as file:
        stream: Any = file.streams.subtitles[0]
        begins = next(file.decode(video=0)).time or 0
        file.seek(0)
        for packet in file.demux(stream):
            if packet.size and (shown := stream.codec_context.decode2(packet)):
                at = float(packet.pts * packet.time_base) - begins
                length = float(packet.duration * packet.time_base)
                text = shown[0].ass.decode().split(",", 8)[-1].replace(r"{\r}", r"{\i0}")
                found.append((round(at, 2), round(length, 2), text))
    return found


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".webm", ".mkv"])
def test_that_texts_are_read_in_every_container_at_their_time(
    suffix: str, front: Front, tmp_path: Path
) -> None:
    source, output = subtitled(tmp_path / "in.mkv"), tmp_path / f"out{suffix}"
    assert texts_of(source) == SAID
    said = leave(front, source, output)
    kinds = {".webm": "webvtt", ".mkv": ""}
    kind = kinds.get(suffix, "mov_text")
    note = f"the subtitles (srt) do not fit; they are coded anew as {kind}"
    assert said == ([note] if kind else [])
    assert texts_of(output) == SAID
    back = tmp_path / "back.mkv"
    leave(front, output, back)
    assert texts_of(back) == SAID
    with av.open(str(back)) as file:
        assert file.streams.subtitles[0].language in {"deu", "ger"}
