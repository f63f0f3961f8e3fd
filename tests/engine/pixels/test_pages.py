"""All pages of a file as one request: told of, cancelled, bounded."""

import json
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image, ImageCms

from studio.core.events import (
    TERMINAL,
    Cancelled,
    Failed,
    Finished,
    Noticed,
    Progressed,
)  # fmt: skip
from studio.core.requests import Apply, Batch, from_json, to_json
from tests.conftest import draw_photo
from tests.engine.conftest import Front


def moving(path: Path, count: int, size: tuple[int, int] = (300, 200)) -> Path:
    frames = [Image.fromarray(draw_photo(*size, seed)) for seed in range(count)]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=80)
    return path


def test_that_progress_names_each_page(front: Front, tmp_path: Path) -> None:
    source = moving(tmp_path / "in.tif", 3, (600, 500))
    request = Apply("style/tiny", str(source), str(tmp_path / "out.tif"), tile="16", pages="all")
    events = front.run(request)
    assert isinstance(events[-1], Finished)
    assert events[-1].size == (600, 500)
    told = [event for event in events if isinstance(event, Progressed)]
    fractions = [event.fraction for event in told]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1
    for number in (1, 2, 3):
        assert any(event.message.startswith(f"page {number} of 3: ") for event in told)


@pytest.mark.parametrize("suffix", [".tif", ".webp", ".gif", ".png"])
def test_that_a_cancelled_file_of_pages_is_not_written(
    suffix: str, front: Front, tmp_path: Path
) -> None:
    source = moving(tmp_path / f"in{suffix}", 4, (900, 700))
    request = Apply(
        "style/tiny", str(source), str(tmp_path / f"out{suffix}"), tile="16", pages="all"
    )
    job = front.submit(request)
    while True:
        event = front.events.get(timeout=60)
        assert not isinstance(event, TERMINAL)
        if isinstance(event, Progressed) and "2 of 4" in event.message:
            break
    job.cancel()
    assert isinstance(front.until(TERMINAL)[-1], Cancelled)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [source.name]


def test_that_a_damaged_last_page_leaves_no_file(front: Front, tmp_path: Path) -> None:
    source = moving(tmp_path / "in.webp", 3)
    data = bytearray(source.read_bytes())
    last = data.rindex(b"VP8 ")
    data[last + 8 : last + 40] = bytes(32)
    source.write_bytes(data)
    events = front.run(Apply("style/tiny", str(source), str(tmp_path / "out.webp"), pages="all"))
    assert isinstance(events[-1], Failed)
    assert "damaged" in events[-1].message
    assert not (tmp_path / "out.webp").exists()


def test_that_frames_beyond_all_memory_are_refused_before_work(
    front: Front, tmp_path: Path
) -> None:
    source = tmp_path / "in.png"
    Image.new("1", (2000, 2000)).save(source)
    data = source.read_bytes()
    content = b"acTL" + struct.pack(">2I", 200, 0)
    chunk = struct.pack(">I", 8) + content + struct.pack(">I", zlib.crc32(content))
    source.write_bytes(data[:33] + chunk + data[33:])
    events = front.run(Apply("style/tiny", str(source), str(tmp_path / "out.png"), pages="all"))
    assert isinstance(events[-1], Failed)
    assert "200 frames" in events[-1].message
    assert "2 GB" in events[-1].message
    assert not (tmp_path / "out.png").exists()


def test_that_each_page_keeps_its_own_bits_colours_and_resolution(
    front: Front, tmp_path: Path
) -> None:
    source, output = tmp_path / "in.tif", tmp_path / "out.tif"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    photo = draw_photo(48, 32)
    with tifffile.TiffWriter(source) as file:
        file.write(photo, photometric="rgb", resolution=(300, 300), resolutionunit="INCH")
        file.write(photo.astype(np.uint16) * 257, photometric="rgb", iccprofile=profile)
        file.write(photo[::4, ::4], photometric="rgb", subfiletype=1)
    front.run(Apply("style/tiny", str(source), str(output), pages="all"))
    with tifffile.TiffFile(output) as file:
        first, second = file.pages  # without the thumbnail, which is no page
        assert (first.dtype, second.dtype) == (np.uint8, np.uint16)
        assert first.tags.valueof(34675) is None
        assert second.tags.valueof(34675) == profile
        assert first.tags.valueof(282) == (300, 1)


def test_that_a_batch_names_what_is_left_out_of_a_moving_picture(
    front: Front, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    moving(tmp_path / "in" / "a.gif", 3)
    Image.fromarray(draw_photo(40, 30)).save(tmp_path / "in" / "b.png")
    request = Batch(
        "style/tiny", str(tmp_path / "in"), str(tmp_path / "out"), file_format="tif", pages="all"
    )
    front.submit(request)
    events = front.until(TERMINAL)
    assert any(isinstance(e, Noticed) and "durations" in e.message for e in events), events
    with Image.open(tmp_path / "out" / "a.tif") as image:
        assert image.n_frames == 3


def test_that_a_request_of_older_records_is_about_the_first_page() -> None:
    for request in (Apply("style/tiny", "in.tif", "out.tif"), Batch("style/tiny", "in", "out")):
        fields = json.loads(to_json(request))
        assert fields.pop("pages") == "first"
        assert from_json(json.dumps(fields)) == request
