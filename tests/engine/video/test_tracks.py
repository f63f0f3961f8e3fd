"""Tracks, titles, fonts and bits of a video stay where the container has them."""

import io
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import AttachmentStream, Disposition
from PIL import Image

from studio.core.video.colours import LIMITED
from tests.clips import write_clip
from tests.conftest import draw_photo
from tests.engine.conftest import Front
from tests.engine.video.test_kept import Track, leave, video, write

NAMES = ["GoPro AVC", "GoPro AAC"]


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv"])
def test_that_flags_languages_and_titles_of_tracks_stay(
    front: Front, tmp_path: Path, suffix: str
) -> None:
    tracks = (
        Track("deu", "Kommentar", Disposition.comment),
        Track("eng", "Film", Disposition.default),
        Track("swe", "Svenska", Disposition(0)),
        Track("gle", "Gaeilge", Disposition(0)),
    )
    source = write(tmp_path / "in.mkv", tracks=tracks)
    output = tmp_path / f"out{suffix}"
    said = leave(front, source, output)
    lost = ["the mark 'comment' of its sound", "the language of its sound (gle)"]
    where = " cannot be kept in the new file"
    assert said == ([what + where for what in lost] if suffix == ".mov" else [])
    with av.open(str(output)) as file:
        found = [
            (s.language, bool(s.disposition & Disposition.default)) for s in file.streams.audio
        ]
        languages = ["deu", "eng", "swe", "gle"]
        if suffix == ".mov":  # which numbers languages, not all, and FFmpeg names the numbers so
            languages = ["ger", "eng", "sve", None]
        assert found == [(language, language == "eng") for language in languages]
        if suffix != ".mov":  # which has no place for it
            assert file.streams.audio[0].disposition & Disposition.comment
        titles = [s.metadata.get("title") or s.metadata.get("name") for s in file.streams.audio]
        assert titles == ["Kommentar", "Film", "Svenska", "Gaeilge"]
    if suffix == ".mov":
        back = tmp_path / "back.mkv"
        assert leave(front, output, back) == []
        with av.open(str(back)) as file:
            assert [s.language for s in file.streams.audio] == ["ger", "eng", "swe", None]


def test_that_fonts_stay_where_they_can_and_are_named_elsewhere(
    front: Front, tmp_path: Path
) -> None:
    source = tmp_path / "in.mkv"
    plain = write_clip(tmp_path / "plain.mp4")
    with av.open(str(plain)) as one, av.open(str(source), "w") as file:
        copy = file.add_stream_from_template(one.streams.video[0])
        file.add_attachment("letters.ttf", "font/ttf", b"letters")
        for packet in one.demux(video=0):
            if packet.size:
                packet.stream = copy
                file.mux(packet)
    assert leave(front, source, tmp_path / "out.mkv") == []
    with av.open(str(tmp_path / "out.mkv")) as file:
        fonts = [stream for stream in file.streams if isinstance(stream, AttachmentStream)]
        assert [(font.name, font.data) for font in fonts] == [("letters.ttf", b"letters")]
    said = leave(front, source, tmp_path / "out.mp4")
    assert said == ["the attachment letters.ttf cannot be kept in the new file"]


@pytest.mark.parametrize("suffix", [".mp4", ".mov"])
def test_that_keys_of_quicktime_stay(front: Front, tmp_path: Path, suffix: str) -> None:
    keys = {
        "com.apple.quicktime.location.ISO6709": "+48.1000+011.5000/",
        "com.apple.quicktime.make": "Apple",
        "com.apple.quicktime.creationdate": "2023-05-01T12:00:00+0200",
    }
    source = write(tmp_path / "in.mov", metadata=keys, muxing={"movflags": "use_metadata_tags"})
    leave(front, source, tmp_path / f"out{suffix}")
    with av.open(str(tmp_path / f"out{suffix}")) as file:
        assert keys.items() <= file.metadata.items()


def test_that_of_twelve_bits_ten_stay_and_it_is_said(front: Front, tmp_path: Path) -> None:
    source = write(tmp_path / "in.mkv", "ffv1", "yuv420p12le")
    said = leave(front, source, tmp_path / "out.mp4")
    assert said == ["the clip has 12 bits a channel; 10 are kept"]


@pytest.mark.parametrize("suffix", [".mp4", ".mkv", ".webm"])
def test_that_ten_bits_stay_where_the_encoder_has_them(
    front: Front, tmp_path: Path, suffix: str
) -> None:
    ramp = np.linspace(20_000, 24_000, 64).astype(np.uint16)
    picture = np.broadcast_to(ramp[None, :, None], (48, 64, 3)).copy()
    source = tmp_path / "in.mkv"
    with av.open(str(source), "w") as file:
        stream = file.add_stream("libx264", rate=25, options={"crf": "1"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p10le"
        context = stream.codec_context
        context.color_primaries, context.color_trc, context.colorspace = 9, 16, 9
        for _ in range(4):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb48le")
            frame = frame.reformat(format="yuv420p10le", dst_colorspace=9)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    said = leave(front, source, tmp_path / f"out{suffix}")
    context, first, _ = video(tmp_path / f"out{suffix}")
    assert (first.color_primaries, first.color_trc, first.colorspace) == (9, 16, 9)
    if suffix == ".webm":
        assert said == ["the clip has 10 bits a channel; 8 are kept"]
    else:
        assert said == []
        assert (context.name, context.pix_fmt) == ("hevc", "yuv420p10le")
        after = first.to_ndarray(format="rgb48le", src_colorspace=9)[24, :, 0].astype(float)
        assert np.abs(after - ramp).mean() < 300
        assert len(np.unique(after[4:-4])) > 30, "more steps than 8 bits have there"


def test_that_the_stream_that_players_show_is_taken_with_its_title_and_the_covers_names(
    front: Front, tmp_path: Path
) -> None:
    small, wide = write_clip(tmp_path / "small.mp4"), write_clip(tmp_path / "w.mp4", size=(96, 48))
    source, output, on = (tmp_path / name for name in ("in.mkv", "out.mp4", "on.mkv"))
    with av.open(str(small)) as one, av.open(str(wide)) as two, av.open(str(source), "w") as file:
        copies = [file.add_stream_from_template(clip.streams.video[0]) for clip in (one, two)]
        copies[1].disposition, copies[1].metadata["title"] = Disposition.default, "Bild"
        for clip, copy in zip((one, two), copies, strict=True):
            for packet in clip.demux(video=0):
                if packet.size:
                    packet.stream = copy
                    file.mux(packet)
    said = leave(front, source, output)
    assert said == ["only the default one of 2 video streams is kept"]
    assert leave(front, output, on) == []
    with av.open(str(on)) as file:
        shown = file.streams.video[0]
        assert (shown.width, shown.metadata["title"]) == (96, "Bild")
        assert not any("brand" in name.lower() for name in file.metadata), "of the MP4 before"
    png = io.BytesIO()
    Image.fromarray(draw_photo(16, 16)).save(png, "PNG")
    with av.open(str(small)) as one, av.open(str(source), "w") as file:
        copy = file.add_stream_from_template(one.streams.video[0])
        file.add_attachment("cover_land.png", "image/png", png.getvalue())
        for packet in one.demux(video=0):
            if packet.size:
                packet.stream = copy
                file.mux(packet)
    assert leave(front, source, tmp_path / "covered.mkv") == []
    with av.open(str(tmp_path / "covered.mkv")) as file:
        assert file.streams.video[1].metadata["filename"] == "cover_land.png"


def test_that_names_of_a_cameras_tracks_stay(front: Front, tmp_path: Path) -> None:
    source = tmp_path / "in.mp4"
    plain = write(tmp_path / "plain.mp4", tracks=(Track("und", "", Disposition.default),))
    with av.open(str(plain)) as one, av.open(str(source), "w") as file:
        copies = [file.add_stream_from_template(stream) for stream in one.streams]
        for copy, name in zip(copies, NAMES, strict=True):
            copy.metadata["handler_name"] = name
        for packet in one.demux():
            if packet.size:
                packet.stream = copies[packet.stream.index]
                file.mux(packet)
    # Through a container that has no such names, but texts for all.
    for suffix in (".mov", ".mkv", ".mp4"):
        output = tmp_path / f"out{suffix}"
        assert leave(front, source, output) == []
        with av.open(str(output)) as file:
            found = [{k.lower(): v for k, v in s.metadata.items()} for s in file.streams]
            assert [tags["handler_name"] for tags in found] == NAMES
        source = output


@pytest.mark.parametrize("suffix", [".mp4", ".mov", ".mkv", ".webm"])
@pytest.mark.parametrize("colours", [(2, 2, 2), (1, 1, 1)])
def test_that_the_range_is_said_beside_colours_and_without(
    front: Front, tmp_path: Path, suffix: str, colours: tuple[int, int, int]
) -> None:
    source = write(tmp_path / "in.mkv", colours=(*colours, LIMITED))
    leave(front, source, tmp_path / f"out{suffix}")
    with av.open(str(tmp_path / f"out{suffix}")) as file:
        context = file.streams.video[0].codec_context
        told = (context.color_primaries, context.color_trc, context.colorspace)
        assert (told, context.color_range) == (colours, LIMITED)
