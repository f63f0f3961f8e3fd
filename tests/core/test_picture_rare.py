"""What few programs write, and what formats name in ways of their own."""

import re
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
import tifffile
from PIL import Image

from studio.core.formats.metadata.ifd import EXIF, SHORT, Reader, Value, built
from studio.core.picture_files import open_picture
from tests.conftest import draw_photo
from tests.core.test_picture_beside import block
from tests.core.test_picture_odd import jpeg, packet_of, png, through

PHOTO = draw_photo(48, 32)
HEAD = b"http://ns.adobe.com/xap/1.0/\0"  # of XMP in a JPEG
FACE = (slice(2, 6), slice(9, 15))  # rows and columns of 32 and 48


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


def turned(orientation: int, properties: str, tmp_path: Path) -> tuple[str, list[float]]:
    """What XMP says when a photo is upright, and the face: its left, top, width and height."""
    exif = built("<", {0x0112: Value(SHORT, struct.pack("<H", orientation))})
    pixels = np.zeros((32, 48, 3), np.uint8)
    pixels[FACE] = 255
    spaces = "xmlns:i='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' "
    packet = packet_of(properties).replace(b"xmlns:t=", spaces.encode() + b"xmlns:t=")
    parts = ((0xE1, b"Exif\0\0" + exif), (0xE1, HEAD + packet))
    after, _ = through(jpeg(tmp_path / "a.jpg", *parts, pixels=pixels), ".png")
    rows, columns = np.nonzero(after.pixels[..., 0] > 0.5)
    box = [columns.min(), rows.min(), np.ptp(columns) + 1, np.ptp(rows) + 1]
    return (after.metadata.xmp or b"").decode(), [float(side) for side in box]


def numbers(xmp: str, names: str) -> list[float]:
    return [float(number) for number in re.findall(rf":(?:{names})(?:='|>)([\d.]+)", xmp)]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("unit", ["relative", "pixel"])
def test_that_regions_of_iptc_turn(unit: str, orientation: int, tmp_path: Path) -> None:
    across, down = (48, 32) if unit == "relative" else (1, 1)
    x, y, w, h = 9 / across, 2 / down, 6 / across, 4 / down
    head = f"<i:RegionBoundary i:rbUnit='{unit}' i:rbShape="
    corners = ((x, y), (x + w, y), (x + w, y + h), (x, y + h))
    vertices = "".join(f"<rdf:li i:rbX='{a}' i:rbY='{b}'/>" for a, b in corners)
    circle = f"<i:rbX>{x + w / 2}</i:rbX><i:rbY>{y + h / 2}</i:rbY><i:rbRx>{w / 2}</i:rbRx>"
    polygon = f"<i:rbVertices><rdf:Seq>{vertices}</rdf:Seq></i:rbVertices>"
    regions = (
        f"{head}'rectangle' i:rbX='{x}' i:rbY='{y}' i:rbW='{w}' i:rbH='{h}'/>",
        f"{head}'circle'>{circle}</i:RegionBoundary>",
        f"{head}'polygon'>{polygon}</i:RegionBoundary>",
    )
    items = "".join(f"<rdf:li rdf:parseType='Resource'>{region}</rdf:li>" for region in regions)
    whole = f"<i:ImageRegion><rdf:Bag>{items}</rdf:Bag></i:ImageRegion>"
    xmp, (left, top, width, height) = turned(orientation, whole, tmp_path)
    sides = (32, 48) if orientation >= 5 else (48, 32)
    across, down = sides if unit == "relative" else (1, 1)
    rectangle, circle, polygon = xmp.split("RegionBoundary ")[1:]
    near = 1.6  # pixels that JPEG blurs
    found = [n * across for n in numbers(rectangle, "rbX|rbW")]
    assert found == pytest.approx([left, width], abs=near)
    found = [n * down for n in numbers(rectangle, "rbY|rbH")]
    assert found == pytest.approx([top, height], abs=near)
    assert numbers(circle, "rbX")[0] * across == pytest.approx(left + width / 2, abs=near)
    assert numbers(circle, "rbY")[0] * down == pytest.approx(top + height / 2, abs=near)
    assert numbers(circle, "rbRx")[0] * across == pytest.approx(3, abs=0.01)
    columns = [n * across for n in numbers(polygon, "rbX")]
    assert [min(columns), max(columns)] == pytest.approx([left, left + width], abs=near)
    rows = [n * down for n in numbers(polygon, "rbY")]
    assert [min(rows), max(rows)] == pytest.approx([top, top + height], abs=near)


@pytest.mark.parametrize("orientation", [3, 6])
def test_that_regions_of_acdsee_turn(orientation: int, tmp_path: Path) -> None:
    place = "<i:h>0.125</i:h><i:w>0.125</i:w><i:x>0.25</i:x><i:y>0.125</i:y>"
    kinds = ("DLYArea", "ALGArea")
    areas = "".join(f"<i:{k} rdf:parseType='Resource'>{place}</i:{k}>" for k in kinds)
    xmp, (left, top, width, height) = turned(
        orientation,
        "<i:Regions rdf:parseType='Resource'><i:AppliedToDimensions rdf:parseType='Resource'>"
        "<i:h>32</i:h><i:w>48</i:w></i:AppliedToDimensions><i:RegionList><rdf:Bag><rdf:li "
        f"rdf:parseType='Resource'>{areas}</rdf:li></rdf:Bag></i:RegionList></i:Regions>",
        tmp_path,
    )
    across, down = (32, 48) if orientation == 6 else (48, 32)
    assert (numbers(xmp, "w")[0], numbers(xmp, "h")[0]) == (across, down)
    middle = [(left + width / 2) / across, (top + height / 2) / down] * 2
    found = zip(numbers(xmp, "x"), numbers(xmp, "y"), strict=True)
    assert [number for pair in found for number in pair] == pytest.approx(middle, abs=0.03)


@pytest.mark.parametrize("character", ["h", " "])
def test_that_a_megabyte_of_xmp_does_not_hold_up_a_turned_photo(
    character: str, tmp_path: Path
) -> None:
    rectangle = "<a:Rectangle>0.25, 0.125, 0.125, 0.25</a:Rectangle><a:note>"
    tags = {274: 6, 700: packet_of(rectangle + character * 1_000_000 + "</a:note>")}
    Image.fromarray(PHOTO).save(tmp_path / "a.tif", tiffinfo=tags)
    after, notes = through(tmp_path / "a.tif", ".jpg")
    xmp = after.metadata.xmp or b""
    assert (after.height, after.width, notes) == (PHOTO.shape[1], PHOTO.shape[0], [])
    assert b"0.625, 0.25, 0.25, 0.125</a:Rectangle>" in xmp
    assert character.encode() * 1_000_000 in xmp


def test_that_the_subject_of_a_heic_turns_in_the_photo_as_it_was_stored(tmp_path: Path) -> None:
    subject = Value(SHORT, struct.pack("<4H", 10, 12, 4, 2))
    exif = built("<", {0x0112: Value(SHORT, b"\6\0"), EXIF: {0x9214: subject}})
    heif: Any = pillow_heif
    photo = heif.from_pillow(Image.new("RGB", (64, 48)))
    photo.save(tmp_path / "a.heic", exif=b"Exif\0\0" + exif)
    after, _ = through(tmp_path / "a.heic", ".png")
    assert (after.width, after.height) == (48, 64)
    reader = Reader(after.metadata.exif or b"")
    entries = reader.entries(reader.below(reader.first, EXIF))
    assert struct.unpack("<4H", reader.data(entries[0x9214])) == (36, 10, 2, 4)
