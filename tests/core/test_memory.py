"""How much memory is taken."""

import subprocess
import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import tifffile

from studio.core.picture import Metadata, Picture
from studio.core.picture_files import open_picture, save_picture

_BOUNDED = """
from io import BytesIO
import numpy as np
from studio.core.errors import StudioError
from studio.core.memory import available, refuse_beyond_memory, take_at_most
from studio.core.picture import Picture
from studio.core.picture_files import write_picture
take_at_most(2 << 30)
print(0 < available() < 2 << 30)
try:
    bytearray(2 << 30)
except MemoryError:
    print("refused")
try:
    refuse_beyond_memory(2 << 30, "cat.png")
except StudioError as error:
    print(error)
wide = np.broadcast_to(np.float32(0), (30_000, 30_000, 3))
try:
    write_picture(Picture(wide), BytesIO(), "png")
except StudioError as error:
    print(error)
take_at_most(0)
print(len(bytearray(2 << 30)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process so")
def test_that_a_process_is_refused_more_memory_than_it_may_take() -> None:
    told = subprocess.run(
        [sys.executable, "-c", _BOUNDED], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert told[:2] == ["True", "refused"]
    assert "cat.png needs about 2.1 GB" in told[2]
    assert "allow the studio more, or make it smaller" in told[2]
    assert told[3].startswith("there is not enough memory to write 30000 x 30000 as PNG; allow")
    assert told[4] == str(2 << 30)


@pytest.mark.parametrize(
    "how", [{"rowsperstrip": 50, "compression": "zlib"}, {"tile": (256, 256)}, {}]
)
def test_that_of_a_tiff_no_second_copy_is_held(how: dict[str, object], tmp_path: Path) -> None:
    source, out = tmp_path / "in.tif", tmp_path / "out.tif"
    pixels = np.zeros((3000, 4000, 3), np.uint16)
    pixels[...] = np.arange(4000, dtype=np.uint16)[:, None]
    tifffile.imwrite(source, pixels, photometric="rgb", **how)
    once = pixels.size * 4
    tracemalloc.start()
    try:
        picture = open_picture(source)
        opening = tracemalloc.get_traced_memory()[1] / once
        tracemalloc.reset_peak()
        save_picture(picture, out)
        writing = tracemalloc.get_traced_memory()[1] / once
    finally:
        tracemalloc.stop()
    assert 1 < opening < 1.3
    assert 1 < writing < 1.2
    np.testing.assert_array_equal(tifffile.imread(out), pixels)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(
    "how",
    [
        {},
        {"compression": "zlib", "rowsperstrip": 7},
        {"compression": "lzw", "predictor": True, "tile": (48, 64)},
        {"compression": "lzw", "tile": (16, 10_000)},
    ],
)
def test_that_strips_and_tiles_of_a_tiff_come_to_their_places(
    how: dict[str, object], order: str, tmp_path: Path
) -> None:
    source, out = tmp_path / "in.tif", tmp_path / "out.tif"
    pixels = np.random.default_rng(0).integers(0, 65536, (101, 30_001, 4), np.uint16)
    tifffile.imwrite(
        source, pixels, byteorder=order, photometric="rgb", extrasamples=["unassalpha"], **how
    )
    picture = open_picture(source)
    np.testing.assert_array_equal(picture.pixels, pixels[..., :3] / np.float32(65535))
    np.testing.assert_array_equal(picture.alpha, pixels[..., 3] / np.float32(65535))
    block = b"MM\0*\0\0\0\x08\0\x01\x01\x3b\0\x02\0\0\0\x04Ada\0\0\0\0\0"
    said = Metadata(bits=16, exif=block if order == ">" else None)
    save_picture(Picture(picture.pixels, picture.alpha, said), out)
    with tifffile.TiffFile(out) as file:
        assert file.byteorder == order
        np.testing.assert_array_equal(file.asarray(), pixels)
