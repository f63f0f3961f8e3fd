"""Clips as old cameras, editors and stations leave them: what of them stays, and what is said."""

import struct
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.packet import Packet
from av.stream import Disposition, Stream
from PIL import Image

from tests.clips import frames, write_clip
from tests.conftest import draw_photo
from tests.engine.conftest import Front
from tests.engine.video.test_kept import PLAIN, leave, seconds, video, write

CANNOT = " cannot be kept in the new file"


def again(source: Path, output: Path, change: Callable[["Packet[Stream]"], None]) -> Path:
    """The same packets in another file, each changed."""
    with av.open(str(source)) as old, av.open(str(output), "w") as new:
        copies = {s.index: new.add_stream_from_template(s) for s in old.streams}
        for packet in old.demux():
            if packet.size:
                change(packet)
                packet.stream = copies[packet.stream.index]
                new.mux(packet)
    return output


def test_that_a_frame_that_is_only_shown_on_ends_no_clip(front: Front, tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.nut", "mjpeg", "yuvj420p")
    source, kept = tmp_path / "in.nut", (0, 1, 2, 5, 6, 7)
    with av.open(str(whole)) as old, av.open(str(source), "w") as new:
        copy = new.add_stream_from_template(old.streams.video[0])
        for number, packet in enumerate(old.demux(video=0)):
            if packet.size:
                shown = packet if number in kept else Packet(b"")
                shown.pts, shown.dts, shown.time_base = packet.pts, packet.dts, packet.time_base
                shown.stream = copy
                new.mux(shown)
    assert leave(front, source, tmp_path / "out.mkv") == []
    assert seconds(tmp_path / "out.mkv") == pytest.approx([n / 25 for n in kept], abs=0.002)


def test_that_sound_that_an_edit_list_cuts_off_stays_off(front: Front, tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.mp4", tracks=PLAIN)

    def earlier(packet: "Packet[Stream]") -> None:
        if packet.stream.type == "audio":
            packet.pts, packet.dts = packet.pts - 6144, packet.dts - 6144  # 0.128 s

    source = again(whole, tmp_path / "in.mp4", earlier)
    for suffix in (".mp4", ".mkv"):
        output = tmp_path / f"out{suffix}"
        leave(front, source, output)
        assert seconds(output)[0] < 0.06
        with av.open(str(output)) as file:
            assert (file.duration or 0) / av.time_base < 0.40


def test_that_a_clip_keeps_the_comment_it_had(front: Front, tmp_path: Path) -> None:
    for suffix in (".mp4", ".mkv"):
        source = write(tmp_path / f"in{suffix}", metadata={"comment": "Anna's birthday"})
        assert leave(front, source, tmp_path / f"out{suffix}") == []
        with av.open(str(tmp_path / f"out{suffix}")) as file:
            found = {name.lower(): text for name, text in file.metadata.items()}
        assert found["comment"] == "Anna's birthday"
        assert '"style/tiny"' in found["synopsis"]


def test_that_words_that_a_container_cannot_hold_are_named(front: Front, tmp_path: Path) -> None:
    source = write(tmp_path / "in.mkv", metadata={"DIRECTOR": "Jörg", "title": "Film"})
    assert leave(front, source, tmp_path / "out.mkv") == []
    assert leave(front, source, tmp_path / "out.mp4") == [f"what it says under director{CANNOT}"]


def test_that_a_cover_in_matroska_stays_a_cover(front: Front, tmp_path: Path) -> None:
    Image.fromarray(draw_photo(32, 32)).save(tmp_path / "cover.jpg")
    plain, source = write_clip(tmp_path / "plain.mp4"), tmp_path / "in.mkv"
    with av.open(str(plain)) as one, av.open(str(source), "w") as file:
        copy = file.add_stream_from_template(one.streams.video[0])
        file.add_attachment("cover.jpg", "image/jpeg", (tmp_path / "cover.jpg").read_bytes())
        for packet in one.demux(video=0):
            if packet.size:
                packet.stream = copy
                file.mux(packet)
    assert leave(front, source, tmp_path / "out.mkv") == []
    with av.open(str(tmp_path / "out.mkv")) as file:
        kinds = [bool(s.disposition & Disposition.attached_pic) for s in file.streams]
        (packet,) = [p for p in file.demux(file.streams.video[1]) if p.size]
        assert kinds == [False, True]
        assert bytes(packet) == (tmp_path / "cover.jpg").read_bytes()
    assert leave(front, source, tmp_path / "out.mov") == [f"the cover{CANNOT}"]


def test_that_chapters_in_mp4_are_not_called_a_track_of_data(front: Front, tmp_path: Path) -> None:
    plain, source = write_clip(tmp_path / "plain.mp4"), tmp_path / "in.mp4"
    with av.open(str(plain)) as one, av.open(str(source), "w") as file:
        copy = file.add_stream_from_template(one.streams.video[0])
        part = Fraction(1, 1000)
        file.set_chapters(
            [
                {
                    "id": n,
                    "start": 200 * n,
                    "end": 200 * n + 200,
                    "time_base": part,
                    "metadata": {"title": name},
                }
                for n, name in enumerate(("Eins", "Zwei"))
            ]
        )
        for packet in one.demux(video=0):
            if packet.size:
                packet.stream = copy
                file.mux(packet)
    assert leave(front, source, tmp_path / "out.mp4") == []
    with av.open(str(tmp_path / "out.mp4")) as file:
        assert [chapter["metadata"]["title"] for chapter in file.chapters()] == ["Eins", "Zwei"]


def test_that_only_transparency_that_is_seen_is_said(front: Front, tmp_path: Path) -> None:
    photos = [Image.fromarray(draw_photo(64, 48, seed)) for seed in (0, 1)]
    photos[0].save(tmp_path / "in.gif", save_all=True, append_images=photos[1:], duration=200)
    said = leave(front, tmp_path / "in.gif", tmp_path / "out.mp4")
    assert not [note for note in said if "transparency" in note]
    for photo in photos:
        photo.putalpha(
            Image.linear_gradient("L").resize(photo.size).point(lambda v: 255 * (v > 99))
        )
    photos[0].save(
        tmp_path / "clear.gif", save_all=True, append_images=photos[1:], duration=200, disposal=2
    )
    said = leave(front, tmp_path / "clear.gif", tmp_path / "clear.mp4")
    assert "the clip's transparency is not kept" in said


def test_that_a_clip_may_become_interlaced_on_its_way(front: Front, tmp_path: Path) -> None:
    parts: list[bytes] = []
    for name, options in (("one", {}), ("two", {"flags": "+ildct+ilme", "field_order": "tt"})):
        path = tmp_path / f"{name}.ts"
        with av.open(str(path), "w") as file:
            stream = file.add_stream("mpeg2video", rate=25, options=options)
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            for number in range(6):
                picture = draw_photo(64, 48)
                if name == "two":
                    picture[1::2] = 0
                frame = av.VideoFrame.from_ndarray(np.roll(picture, number, 1), format="rgb24")
                file.mux(stream.encode(frame))
            file.mux(stream.encode(None))
        parts.append(path.read_bytes())
    source = tmp_path / "in.ts"
    source.write_bytes(b"".join(parts))
    found = frames(source)
    assert not found[0].interlaced_frame
    assert found[-1].interlaced_frame
    said = leave(front, source, tmp_path / "out.mp4")
    assert said == ["the clip is interlaced; it is written deinterlaced"]
    assert len(frames(tmp_path / "out.mp4")) == len(found)


def test_that_a_damaged_frame_costs_that_frame_alone(front: Front, tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.mkv", "mjpeg", "yuvj420p", tracks=PLAIN)
    number = 0

    def spoil(packet: "Packet[Stream]") -> None:
        nonlocal number
        if packet.stream.type == "video":
            number += 1
            if number == 4:
                packet.update(bytes(packet.size))

    source = again(whole, tmp_path / "in.mkv", spoil)
    said = leave(front, source, tmp_path / "out.mkv")
    assert said == ["frames that are damaged (1) are left out"]
    before, after = seconds(whole), seconds(tmp_path / "out.mkv")
    assert after == pytest.approx([*before[:3], *before[4:]], abs=0.002)


def test_that_light_levels_of_hdr_are_said_to_be_left_out(front: Front, tmp_path: Path) -> None:
    params = "log-level=error:hdr10=1:max-cll=1000,400"
    source = write(
        tmp_path / "in.mp4", "libx265", "yuv420p10le", options={"x265-params": params},
        colours=(9, 16, 9, 1),
    )  # fmt: skip
    said = leave(front, source, tmp_path / "out.mp4")
    assert said == ["the light levels of HDR10 in its frames are not kept"]


def test_that_a_clip_says_it_is_no_longer_one_of_3d_or_signed(front: Front, tmp_path: Path) -> None:
    plain, source = write(tmp_path / "plain.mp4"), tmp_path / "in.mkv"
    with av.open(str(plain)) as one, av.open(str(source), "w") as file:
        copy = file.add_stream_from_template(one.streams.video[0])
        copy.metadata["stereo_mode"] = "left_right"
        for packet in one.demux(video=0):
            if packet.size:
                packet.stream = copy
                file.mux(packet)
    said = leave(front, source, tmp_path / "out.mkv")
    assert said == ["the marks of a 3D video in its frames are not kept"]
    uuid = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
    with plain.open("ab") as file:
        file.write(struct.pack(">I4s", 28, b"uuid") + uuid + b"jumb")
    said = leave(front, plain, tmp_path / "out.mp4")
    assert said == ["content credentials cannot be kept in the new file"]


def test_that_a_tape_of_dv_with_its_timecode_is_written(front: Front, tmp_path: Path) -> None:
    source = tmp_path / "in.dv"
    with av.open(str(source), "w") as file:
        stream = file.add_stream("dvvideo", rate=25)
        stream.width, stream.height, stream.pix_fmt = 720, 576, "yuv420p"
        for _ in range(3):
            frame = av.VideoFrame.from_ndarray(draw_photo(720, 576), format="rgb24")
            file.mux(stream.encode(frame.reformat(format="yuv420p")))
        file.mux(stream.encode(None))
    leave(front, source, tmp_path / "out.mp4")
    assert video(tmp_path / "out.mp4")[2] == pytest.approx(3 / 25, abs=0.01)


@pytest.mark.parametrize(
    ("codec", "made", "suffix"),
    [
        ("libx264", "yuv420p", ".mp4"),
        ("libx265", "yuv420p10le", ".mp4"),
        ("ffv1", "yuv420p", ".mkv"),  # which does not say where the chroma belongs
        ("libvpx-vp9", "yuv420p", ".webm"),
    ],
)
def test_that_colours_stay_at_their_place_however_often_a_clip_is_written(
    front: Front, tmp_path: Path, codec: str, made: str, suffix: str
) -> None:
    deep = 4 if made.endswith("10le") else 1
    chroma = 128 + 50 * np.sin(np.arange(48) / 1.9)  # in samples, two px each
    planes = np.full((96, 96), 128.0)  # luma of 64 rows, and U and V below, two rows in one
    planes[64:80] = np.tile(chroma, 2)
    wanted, source = chroma * deep, tmp_path / f"0{suffix}"
    with av.open(str(source), "w") as file:
        options = {"crf": "4", "x265-params": "log-level=error"}
        stream = file.add_stream(codec, rate=25, options={} if codec == "ffv1" else options)
        stream.width, stream.height, stream.pix_fmt = 96, 64, made
        for _ in range(3):
            samples = (planes * deep).astype(np.uint16 if deep > 1 else np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(samples, format=made)))
        file.mux(stream.encode(None))
    for run in range(3):
        leave(front, tmp_path / f"{run}{suffix}", tmp_path / f"{run + 1}{suffix}")
    found = frames(tmp_path / f"3{suffix}")[1].to_ndarray()[64:80, :48].mean(axis=0)
    assert np.abs(found - wanted)[2:-2].mean() < 2 * deep


def test_that_of_frames_out_of_order_the_last_one_is_no_longer_than_it_was(
    front: Front, tmp_path: Path
) -> None:
    times = tuple(3600 * number for number in (0, 5, 7, 10, 14, 15, 20, 21))
    options = {"bf": "3", "b-adapt": "0"}
    source = write(tmp_path / "in.mp4", times=times, options=options)
    leave(front, source, tmp_path / "out.mp4")
    assert video(source)[2] == video(tmp_path / "out.mp4")[2] == pytest.approx(22 / 25)
