"""Nothing that tells of a photo is lost or altered on the way from file to file."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image
from skimage import data

from studio.core.picture_files import open_picture, save_picture

PHOTO = Image.fromarray(data.coffee()[100:148, 100:164])
FORMATS = [".jpg", ".png", ".tif", ".webp", ".heic", ".avif"]
NAME = "Jörg Müller 山".encode()
MAKER_NOTE = b"Maker\0\x01\x02" + bytes(range(200))
DESCRIBED = {
    0x010E: (2, "Café à Orléans\0".encode()),
    0x010F: (2, b"Canon\0"),
    0x013B: (2, NAME + b"\0"),
    0x4746: (3, struct.pack("<H", 5)),
    0x9C9B: (1, "Titel Ä\0".encode("utf-16-le")),
}
DETAILS = {
    0x9003: (2, b"2024:05:01 10:11:12\0"),
    0x927C: (7, MAKER_NOTE),
    0x9286: (7, b"ASCII\0\0\0my words"),
    0xA434: (2, "18–55\0".encode()),
    0xFDE8: (2, b"Owner's Name: nobody\0"),
}
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
    b'syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    b' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="5">%b</rdf:Description></rdf:RDF>'
    b"</x:xmpmeta>"
)
IPTC = b"\x1c\x02\x50\x00" + bytes([len(NAME)]) + NAME + b"\x1c\x02\x5a\x00\x05Essen"


def directory(tags: dict[int, tuple[int, bytes]], at: int) -> bytes:
    """A little-endian TIFF directory and its values, for the offset `at`."""
    table, values = struct.pack("<H", len(tags)), b""
    for tag, (kind, content) in sorted(tags.items()):
        inside = content
        table += struct.pack("<HHI", tag, kind, len(content) // {3: 2, 4: 4}.get(kind, 1))
        if len(content) > 4:
            inside = struct.pack("<I", at + 2 + 12 * len(tags) + 4 + len(values))
            values += content + bytes(len(content) % 2)
        table += inside.ljust(4, b"\0")
    return table + bytes(4) + values


def block(first: dict[int, tuple[int, bytes]], details: dict[int, tuple[int, bytes]]) -> bytes:
    """An EXIF block."""
    where = 8 + len(directory(first | {0x8769: (4, bytes(4))}, 8))
    linked = first | {0x8769: (4, struct.pack("<I", where))}
    return b"II*\0\x08\0\0\0" + directory(linked, 8) + directory(details, where)


def values(path: Path) -> dict[int, bytes]:
    """The bytes of every tag in the first and in the EXIF directory, as the file's block has it."""
    is_tiff = path.suffix == ".tif"
    blob = path.read_bytes() if is_tiff else open_picture(path).metadata.exif or b""
    found: dict[int, bytes] = {}

    def look(at: int) -> None:
        (count,) = struct.unpack_from("<H", blob, at)
        for number in range(count):
            tag, kind, amount = struct.unpack_from("<HHI", blob, at + 2 + 12 * number)
            size = amount * {3: 2, 4: 4, 5: 8}.get(kind, 1)
            start = at + 2 + 12 * number + 8
            if size > 4:
                (start,) = struct.unpack_from("<I", blob, start)
            found[tag] = blob[start : start + size]
            if tag == 0x8769:
                look(struct.unpack("<I", found[tag])[0])

    look(struct.unpack_from("<I", blob, 4)[0])
    return found


def jpeg(path: Path, *segments: tuple[int, bytes]) -> Path:
    out = io.BytesIO()
    PHOTO.save(out, "JPEG", quality=95)
    whole = out.getvalue()
    parts = [struct.pack(">BBH", 0xFF, kind, len(c) + 2) + c for kind, c in segments]
    path.write_bytes(whole[:2] + b"".join(parts) + whole[2:])
    return path


def exif_jpeg(path: Path, exif: bytes) -> Path:
    return jpeg(path, (0xE1, b"Exif\0\0" + exif))


def resources(iptc: bytes) -> bytes:
    kinds = ((0x0404, iptc), (0x040C, b"a thumbnail"), (0x03ED, bytes(16)))
    return b"".join(
        b"8BIM" + struct.pack(">HHI", kind, 0, len(c)) + c + bytes(len(c) % 2)
        for kind, c in kinds
    )  # fmt: skip


def carried(source: Path, suffix: str, notes: list[str], request: str = "") -> Path:
    """Opens and saves; what was said of it goes into `notes`."""
    result = source.with_name(f"result{suffix}")
    picture = open_picture(source)
    notes += picture.metadata.notes
    save_picture(picture, result, request_json=request, note=notes.append)
    return result


@pytest.mark.parametrize("suffix", FORMATS)
def test_that_every_tag_of_exif_keeps_its_bytes(
    suffix: str, tmp_path: Path, notes: list[str]
) -> None:
    source = exif_jpeg(tmp_path / "a.jpg", block(DESCRIBED, DETAILS))
    found = values(carried(source, suffix, notes, '{"request": "Apply"}'))
    for tag, (_, content) in (DESCRIBED | DETAILS).items():
        assert found[tag] == content, hex(tag)
    assert notes == []


@pytest.mark.parametrize("first", FORMATS)
def test_that_exif_goes_from_every_format_into_a_jpeg(
    first: str, tmp_path: Path, notes: list[str]
) -> None:
    source = exif_jpeg(tmp_path / "a.jpg", block(DESCRIBED, DETAILS))
    between = carried(source, first, notes).rename(tmp_path / f"between{first}")
    found = values(carried(between, ".jpg", notes))
    for tag, (_, content) in (DESCRIBED | DETAILS).items():
        assert found[tag] == content, hex(tag)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp"])
def test_that_a_maker_note_stays_where_its_pointers_mean_it_to_be(
    suffix: str, tmp_path: Path, notes: list[str]
) -> None:
    before = block(DESCRIBED, DETAILS)
    result = carried(exif_jpeg(tmp_path / "a.jpg", before), suffix, notes).read_bytes()
    at = before.index(MAKER_NOTE)
    header = result.index(b"II*\0") if suffix != ".tif" else 0
    assert result[header + at : header + at + len(MAKER_NOTE)] == MAKER_NOTE


@pytest.mark.parametrize("suffix", FORMATS)
def test_that_one_bad_tag_costs_that_tag(suffix: str, tmp_path: Path, notes: list[str]) -> None:
    beyond = struct.pack("<I", 0x7FFFFFFF)
    good = block(DESCRIBED, DETAILS)
    assert good[10:14] == struct.pack("<HH", 0x010E, 2), "the first tag is the one to break"
    bad = good[:18] + beyond + good[22:]
    found = values(carried(exif_jpeg(tmp_path / "a.jpg", bad), suffix, notes))
    for tag in (DESCRIBED | DETAILS).keys() - {0x010E}:
        assert found[tag] == (DESCRIBED | DETAILS)[tag][1], hex(tag)


def test_that_the_thumbnail_of_the_original_is_not_in_the_result(
    tmp_path: Path, notes: list[str]
) -> None:
    small = io.BytesIO()
    PHOTO.resize((16, 16)).save(small, "JPEG")
    thumbnail = small.getvalue()
    with_it = bytearray(block(DESCRIBED, DETAILS))
    at = len(with_it)
    table = struct.pack("<H", 2) + struct.pack("<HHII", 0x0201, 4, 1, at + 30)
    table += struct.pack("<HHII", 0x0202, 4, 1, len(thumbnail)) + bytes(4)
    with_it += table + thumbnail
    count = len(DESCRIBED) + 1
    struct.pack_into("<I", with_it, 8 + 2 + 12 * count, at)
    source = exif_jpeg(tmp_path / "a.jpg", bytes(with_it))
    result = carried(source, ".jpg", notes)
    assert thumbnail[100:200] in source.read_bytes()
    assert thumbnail[100:200] not in result.read_bytes()
    assert values(result)[0x010F] == b"Canon\0"


@pytest.mark.parametrize("suffix", [".jpg", ".tif", ".png"])
def test_that_iptc_goes_along_where_it_can(suffix: str, tmp_path: Path, notes: list[str]) -> None:
    source = jpeg(tmp_path / "a.jpg", (0xED, b"Photoshop 3.0\0" + resources(IPTC)))
    first = carried(source, suffix, notes).rename(tmp_path / f"first{suffix}")
    back = carried(first, ".jpg", notes).read_bytes()
    assert IPTC in back
    assert b"a thumbnail" not in back
    assert notes == []


def test_that_iptc_beside_photoshops_resources_in_a_tiff_is_read(
    tmp_path: Path, notes: list[str]
) -> None:
    tag = (33723, 4, len(IPTC.ljust(40, b"\0")) // 4, IPTC.ljust(40, b"\0"), True)
    tifffile.imwrite(tmp_path / "a.tif", np.asarray(PHOTO), photometric="rgb", extratags=[tag])
    assert IPTC in carried(tmp_path / "a.tif", ".jpg", notes).read_bytes()


@pytest.mark.parametrize("suffix", [".webp", ".avif", ".heic", ".bmp", ".gif"])
def test_that_it_is_said_what_a_format_cannot_hold(
    suffix: str, tmp_path: Path, notes: list[str]
) -> None:
    source = jpeg(tmp_path / "a.jpg", (0xED, b"Photoshop 3.0\0" + resources(IPTC)))
    carried(source, suffix, notes)
    assert len(notes) == 1
    assert "IPTC" in notes[0]


def test_that_a_jpeg_without_its_end_opens_with_a_note_and_half_a_one_does_not(
    tmp_path: Path, notes: list[str]
) -> None:
    from studio.core.errors import StudioError

    for quality, progressive in ((95, False), (70, True)):
        PHOTO.save(tmp_path / "a.jpg", quality=quality, progressive=progressive)
        whole = (tmp_path / "a.jpg").read_bytes()
        (tmp_path / "b.jpg").write_bytes(whole[:-2])
        picture = open_picture(tmp_path / "b.jpg")
        assert np.array_equal(picture.pixels, open_picture(tmp_path / "a.jpg").pixels)
        assert "end" in picture.metadata.notes[0]
        (tmp_path / "b.jpg").write_bytes(whole[: len(whole) // 2])
        with pytest.raises(StudioError, match="cut short"):
            open_picture(tmp_path / "b.jpg")


def test_that_a_png_without_its_end_opens_with_a_note_and_one_without_pixels_does_not(
    tmp_path: Path,
) -> None:
    from studio.core.errors import StudioError

    PHOTO.save(tmp_path / "a.png")
    whole = (tmp_path / "a.png").read_bytes()
    for lacking in (12, 14):  # the end; and a part of the last checksum
        (tmp_path / "b.png").write_bytes(whole[:-lacking])
        picture = open_picture(tmp_path / "b.png")
        assert np.array_equal(np.rint(picture.pixels * 255), np.asarray(PHOTO))
        assert "end" in picture.metadata.notes[0]
    (tmp_path / "b.png").write_bytes(whole[:-200])
    with pytest.raises(StudioError, match="cut short"):
        open_picture(tmp_path / "b.png")


def test_that_xmp_which_makes_itself_large_is_left_as_it_is(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + XMP % b"&b;"
    source = jpeg(tmp_path / "a.jpg", (0xE1, b"http://ns.adobe.com/xap/1.0/\0" + bomb))
    assert open_picture(source).metadata.xmp == bomb
