"""What few programs write, and what formats name in ways of their own."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile

from studio.core.picture_files import open_picture
from tests.conftest import draw_photo
from tests.core.test_picture_beside import block
from tests.core.test_picture_odd import jpeg, packet_of, png, through

PHOTO = draw_photo(48, 32)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "utf-32"])
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp", ".avif"])
def test_that_xmp_in_another_encoding_keeps_its_words(
    encoding: str, suffix: str, tmp_path: Path
) -> None:
    words = packet_of("<dc:title>Jörg 山</dc:title><t:Orientation>6</t:Orientation>").decode()
    begin = '<?xml version="1.0" encoding="UTF-16"?>'
    path, packet = tmp_path / "a.tif", (begin + words).encode(encoding)
    options: dict[str, Any] = {"photometric": "rgb", "metadata": None, "software": False}
    tifffile.imwrite(path, PHOTO, extratags=[(700, 1, len(packet), packet, True)], **options)
    after, notes = through(path, suffix)
    upright = words.replace(">6<", ">1<")
    assert (after.metadata.xmp or b"").decode() == begin.replace("16", "8") + upright
    assert (after.width, after.height, notes) == (32, 48, [])


def test_that_a_jpeg_and_a_png_may_say_it_in_utf_16(tmp_path: Path) -> None:
    packet = packet_of("<dc:title>Jörg 山</dc:title>")
    foreign = packet.decode().encode("utf-16-be")
    head = b"http://ns.adobe.com/xap/1.0/\0"
    after, notes = through(jpeg(tmp_path / "a.jpg", (0xE1, head + foreign)), ".jpg")
    assert (after.metadata.xmp, notes) == (packet, [])
    chunk = b"XML:com.adobe.xmp\0\0\0\0\0" + foreign
    after, notes = through(png(tmp_path / "a.png", (b"iTXt", chunk)), ".jpg")
    assert (after.metadata.xmp, notes) == (packet, [])


RED = (81, 90, 240)  # in BT.601's range for video, which the reference levels below name


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("turn", [1, 6])
def test_that_a_tiff_of_brightness_and_halved_colours_is_read(
    order: str, turn: int, tmp_path: Path
) -> None:
    unit = bytes([RED[0]] * 4 + [RED[1], RED[2]])  # 2 x 2 px
    levels = struct.pack(order + "12I", 16, 1, 235, 1, 128, 1, 240, 1, 128, 1, 240, 1)
    pixels = unit * (24 * 16)

    def made(at: int) -> bytes:
        def short(*values: int) -> tuple[int, bytes]:
            return 3, struct.pack(f"{order}{len(values)}H", *values)

        def long(value: int) -> tuple[int, bytes]:
            return 4, struct.pack(order + "I", value)

        return block(order, {
            256: short(48), 257: short(32), 258: short(8, 8, 8), 259: short(1), 262: short(6),
            273: long(at), 274: short(turn), 277: short(3), 278: short(32),
            279: long(len(pixels)), 530: short(2, 2), 532: (5, levels),
        })  # fmt: skip

    (tmp_path / "a.tif").write_bytes(made(len(made(0))) + pixels)
    picture = open_picture(tmp_path / "a.tif")
    assert (picture.width, picture.height) == ((48, 32) if turn == 1 else (32, 48))
    assert np.abs(picture.pixels - (1, 0, 0)).max() < 0.03


@pytest.mark.parametrize("compression", [None, "lzw", "zlib"])
def test_that_of_several_pages_of_brightness_and_colours_each_is_itself(
    compression: str | None, tmp_path: Path
) -> None:
    light, thumb = np.full((32, 48, 3), 128, np.uint8), np.full((8, 12, 3), 128, np.uint8)
    light[..., 0] = 200
    with tifffile.TiffWriter(tmp_path / "a.tif") as file:
        file.write(thumb, photometric="ycbcr", subfiletype=1, compression=compression)
        file.write(light, photometric="ycbcr", compression=compression)
    picture = open_picture(tmp_path / "a.tif")
    assert (picture.width, picture.height) == (48, 32)
    assert np.abs(picture.pixels - 200 / 255).max() < 0.01
