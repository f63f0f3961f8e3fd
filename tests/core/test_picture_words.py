"""Texts, comments and XMP of a picture go along, where the result's format has room for them."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from studio.core.picture import Metadata, Picture
from studio.core.picture_files import open_picture, read_request, save_picture
from tests.core.test_picture_kept import (
    DESCRIBED,
    DETAILS,
    FORMATS,
    MAKER_NOTE,
    NAME,
    PHOTO,
    XMP,
    block,
    carried,
    exif_jpeg,
    jpeg,
    values,
)

TITLE = (
    '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">Ähre</rdf:li></rdf:Alt></dc:title>'.encode()
)


def test_that_texts_of_a_png_stay_in_a_png_and_are_missed_in_a_jpeg(
    tmp_path: Path, notes: list[str]
) -> None:
    info = PngInfo()
    info.add_text("parameters", "a cat, Steps: 20", zip=True)
    info.add_text("Copyright", "me")
    info.add_itxt("Author", "Jörg")
    PHOTO.save(tmp_path / "a.png", pnginfo=info)
    result = carried(tmp_path / "a.png", ".png", notes, '{"request": "Apply"}')
    with Image.open(result) as image:
        image.load()
        assert image.text == {
            "parameters": "a cat, Steps: 20", "Copyright": "me", "Author": "Jörg",
            "studio.request": '{"request": "Apply"}',
        }  # fmt: skip
    assert notes == []
    carried(tmp_path / "a.png", ".jpg", notes)
    assert all(f"'{name}'" in notes[0] for name in ("parameters", "Copyright", "Author"))


@pytest.mark.parametrize("comment", ["fine", "schön", "山"])
def test_that_a_comment_of_a_png_is_one_of_a_jpeg(
    comment: str, tmp_path: Path, notes: list[str]
) -> None:
    info = PngInfo()
    if comment == "山":
        info.add_itxt("Comment", comment)
    else:
        info.add_text("Comment", comment)
    PHOTO.save(tmp_path / "a.png", pnginfo=info)
    with Image.open(carried(tmp_path / "a.png", ".jpg", notes)) as image:
        assert image.info["comment"] == comment.encode()
    assert notes == []


def test_that_a_comment_of_a_jpeg_stays_in_jpeg_png_and_gif(
    tmp_path: Path, notes: list[str]
) -> None:
    source = jpeg(tmp_path / "a.jpg", (0xFE, "schön".encode()))
    for suffix in (".jpg", ".png", ".gif"):
        with Image.open(carried(source, suffix, notes)) as image:
            image.load()
            comment = image.info.get("comment") or image.info["Comment"]
            assert comment in ("schön", "schön".encode()), suffix
    assert notes == []


@pytest.mark.parametrize("kind", [b"P6", b"P3", b"P7"])
def test_that_a_comment_of_netpbm_is_one_of_a_png_and_a_jpeg(
    kind: bytes, tmp_path: Path, notes: list[str]
) -> None:
    said = "schön".encode() + b" x" * 100
    head, size = kind + b"\n# " + said + b"\n#Gimp\n", (48, 32)
    path, pixels = tmp_path / "a.ppm", bytes(48 * 32 * 3)
    if kind == b"P7":
        head += b"WIDTH %d\nHEIGHT %d\nDEPTH 3\nMAXVAL 255\nENDHDR\n" % size
    else:
        head += b"%d %d\n255\n" % size
    path.write_bytes(head + (b"0 " * len(pixels) if kind == b"P3" else pixels))
    with Image.open(carried(path, ".jpg", notes)) as image:
        assert (image.info["comment"], image.size) == (said + b"\nGimp", size)
    with Image.open(carried(path, ".png", notes)) as image:
        image.load()
        assert image.info["Comment"] == (said + b"\nGimp").decode()
    assert notes == []
    carried(path, ".webp", notes)
    assert "'Comment'" in notes[0]


@pytest.mark.parametrize("keyword", ["exif", "APP1"])
def test_that_exif_in_the_raw_profile_of_a_png_counts(
    keyword: str, tmp_path: Path, notes: list[str]
) -> None:
    exif = b"Exif\0\0" + block(DESCRIBED | {0x0112: (3, struct.pack("<H", 6))}, DETAILS)
    info = PngInfo()
    text = f"\n{keyword}\n{len(exif):8}\n{exif.hex()}\n"
    info.add_text(f"Raw profile type {keyword}", text, zip=True)
    PHOTO.save(tmp_path / "a.png", pnginfo=info)
    result = carried(tmp_path / "a.png", ".png", notes)
    assert open_picture(result).pixels.shape == (64, 48, 3)
    assert values(result)[0x013B] == NAME + b"\0"
    with Image.open(result) as image:
        assert image.getexif().get(0x0112) == 1


@pytest.mark.parametrize("suffix", [".png", ".tif", ".jpg", ".webp", ".heic"])
def test_that_an_orientation_which_xmp_alone_says_is_applied_once(
    suffix: str, tmp_path: Path, notes: list[str]
) -> None:
    turned = XMP.replace(b'xmp:Rating="5"', b'tiff:Orientation="6"') % TITLE
    PHOTO.save(tmp_path / "a.png", xmp=turned)
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", turned.decode())
    PHOTO.save(tmp_path / "a.png", pnginfo=info)
    result = open_picture(carried(tmp_path / "a.png", suffix, notes))
    assert result.pixels.shape == (64, 48, 3)
    assert b'tiff:Orientation="1"' in (result.metadata.xmp or b"")


@pytest.mark.parametrize("suffix", [".avif", ".heic"])
@pytest.mark.parametrize("said", [None, 1, 6])
def test_that_xmp_turns_a_heic_or_avif_where_nothing_else_says_how(
    suffix: str, said: int | None, tmp_path: Path, notes: list[str]
) -> None:
    source = tmp_path / f"a{suffix}"
    tag = {0x0112: (3, struct.pack("<H", 1))} if said else {}
    told = Metadata(
        exif=block(DESCRIBED | tag, DETAILS),
        xmp=XMP.replace(b'xmp:Rating="5"', b'tiff:Orientation="1"') % TITLE,
    )
    save_picture(Picture(np.asarray(PHOTO) / np.float32(255), None, told), source)
    data = source.read_bytes().replace(b'Orientation="1"', b'Orientation="6"')
    row = b"\x12\x01\x03\0\1\0\0\0"
    assert (row + b"\1" in data) == (said is not None)
    source.write_bytes(data.replace(row + b"\1", row + bytes([said or 0])))
    first = open_picture(source)
    again = open_picture(carried(source, suffix, notes))
    for picture in (first, again):
        # EXIF turns no picture in these formats, but tells that what XMP says is outdated.
        assert picture.pixels.shape == ((64, 48, 3) if said is None else (48, 64, 3))
        assert b'tiff:Orientation="1"' in (picture.metadata.xmp or b"")


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("request_json", ["", json.dumps({"request": "<Ä&>" * 9000})])
def test_that_xmp_of_any_size_comes_through_a_jpeg(
    suffix: str, request_json: str, tmp_path: Path, notes: list[str]
) -> None:
    long = XMP % (TITLE + b"<dc:source>" + b"h" * 90_000 + b"</dc:source>")
    picture = Picture(np.asarray(PHOTO) / np.float32(255), None, Metadata(xmp=long))
    save_picture(picture, tmp_path / "a.jpg", request_json=request_json, note=notes.append)
    with Image.open(tmp_path / "a.jpg") as image:
        assert b"hre</rdf:li>" in image.info["xmp"], "in the part that every program reads"
        assert b'Rating="5"' in image.info["xmp"]
    result = carried(tmp_path / "a.jpg", suffix, notes, request_json)
    assert read_request(result) == (request_json or None)
    found = open_picture(result).metadata.xmp or b""
    assert b"h" * 90_000 in found
    assert TITLE in found
    assert b"HasExtendedXMP" not in found
    assert notes == []


def test_that_an_extension_that_is_not_there_is_missed_aloud(
    tmp_path: Path, notes: list[str]
) -> None:
    pointing = XMP.replace(
        b'xmp:Rating="5"',
        b'xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="%b"' % (b"A" * 32),
    )
    source = jpeg(tmp_path / "a.jpg", (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + pointing % TITLE))
    found = open_picture(carried(source, ".png", notes)).metadata.xmp or b""
    assert TITLE in found
    assert b"HasExtendedXMP" not in found
    assert "XMP" in notes[0]


def test_that_a_request_leaves_no_trace_in_the_xmp_it_stood_in(
    tmp_path: Path, notes: list[str]
) -> None:
    for packet in (XMP % TITLE, None):
        picture = Picture(np.asarray(PHOTO) / np.float32(255), None, Metadata(xmp=packet))
        save_picture(picture, tmp_path / "a.webp", request_json='{"request": "<Ä>"}')
        assert open_picture(tmp_path / "a.webp").metadata.xmp == packet
        assert read_request(tmp_path / "a.webp") == '{"request": "<Ä>"}'
        (tmp_path / "a.webp").unlink()


def test_that_a_request_of_an_earlier_version_is_read_until_there_is_a_new_one(
    tmp_path: Path, notes: list[str]
) -> None:
    old = b'ASCII\0\0\0{"request": "Apply"}'
    source = exif_jpeg(tmp_path / "a.jpg", block(DESCRIBED, DETAILS | {0x9286: (7, old)}))
    assert read_request(source) == '{"request": "Apply"}'
    result = carried(source, ".jpg", notes, '{"request": "Generate"}')
    assert read_request(result) == '{"request": "Generate"}'
    assert b'{"request": "Apply"}' not in result.read_bytes()
    assert values(result)[0x927C] == MAKER_NOTE


def test_that_marks_of_what_did_not_come_along_are_taken_out(
    tmp_path: Path, notes: list[str]
) -> None:
    marks = (
        b'xmlns:G="http://ns.google.com/photos/1.0/camera/" G:MotionPhoto="1" '
        b'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" hdrgm:Version="1.0" xmp:Rating="5"'
    )
    container = (
        b'<C:Directory xmlns:C="http://ns.google.com/photos/1.0/container/"><rdf:Seq><rdf:li'
        b' rdf:parseType="Resource"><C:Item/></rdf:li></rdf:Seq></C:Directory>'
    )
    packet = XMP.replace(b'xmp:Rating="5"', marks) % (TITLE + container)
    source = jpeg(tmp_path / "a.jpg", (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet))
    with source.open("ab") as file:
        file.write(b"\0\0\0\x18ftypmp42" + bytes(5000))
    found = open_picture(carried(source, ".jpg", notes)).metadata.xmp or b""
    assert b"MotionPhoto" not in found
    assert b"hdrgm:Version" not in found
    assert b"Directory" not in found
    assert TITLE in found
    assert b'xmp:Rating="5"' in found
    assert any("film" in note for note in notes)


@pytest.mark.parametrize("suffix", FORMATS)
def test_that_no_resolution_stays_none(suffix: str, tmp_path: Path, notes: list[str]) -> None:
    source = exif_jpeg(tmp_path / "a.jpg", block(DESCRIBED, DETAILS))
    assert open_picture(carried(source, suffix, notes)).metadata.dpi is None
