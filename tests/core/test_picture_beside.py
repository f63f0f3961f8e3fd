"""What raws, JPEGs and TIFFs have beside the photo is kept or said."""

import io
import struct
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pillow_heif
import pytest
import tifffile
from PIL import Image

from studio.core.formats.metadata import in_raw
from studio.core.picture import Picture
from studio.core.picture_files import open_picture, save_picture
from tests.core.test_picture_odd import PHOTO, RECORDS, jpeg, png, through
from tests.core.test_picture_raw import dng


def signed(path: Path) -> Path:
    """A file with a box, chunk, tag or the like of content credentials."""
    uuid = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
    kind = path.suffix[1:]
    if kind == "tif":
        tifffile.imwrite(path, PHOTO, photometric="rgb", extratags=[(0xCD41, 7, 4, b"jumb")])
    elif kind == "png":
        return png(path, (b"caBX", b"jumb"))
    elif kind == "jxl":
        data = imagecodecs.jpegxl_encode(PHOTO, usecontainer=True)
        path.write_bytes(data + struct.pack(">I4s", 12, b"jumb") + bytes(4))
    else:
        heif: Any = pillow_heif
        image = Image.fromarray(PHOTO)
        made = heif.from_pillow(image) if kind == "heic" else image
        made.save(path, **({"comment": b"x"} if kind == "gif" else {}))
        data = path.read_bytes()
        if kind == "gif":
            mark = b"\x21\xff\x0bC2PA_GIF\1\0\0\x04jumb\0"
            data = data.replace(b"\x21\xfe\x01x\0", mark)
        elif kind == "webp":
            data = data[:4] + struct.pack("<I", len(data) + 4) + data[8:] + b"C2PA\4\0\0\0jumb"
        else:
            data += struct.pack(">I4s", 28, b"uuid") + uuid + b"jumb"
        path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", ["png", "webp", "tif", "avif", "heic", "gif", "jxl"])
def test_that_content_credentials_are_said_to_be_left_out(kind: str, tmp_path: Path) -> None:
    notes = through(signed(tmp_path / f"a.{kind}"), ".png")[1]
    assert notes == ["what came with the photo is left out: content credentials"]


def test_that_chunks_that_hold_for_unchanged_pixels_alone_are_said(tmp_path: Path) -> None:
    for kind in ("mkBS", "sPLT"):
        chunks = (kind.encode(), b"layers"), (b"iDOT", b"x")
        notes = through(png(tmp_path / "a.png", *chunks), ".png")[1]
        assert notes == [f"what came with the photo is left out: what its chunk {kind} says"]


@pytest.mark.parametrize("magic", [b"IIRO", b"IIRS", b"IIU\x00"])
def test_that_a_raw_says_of_its_photo_whatever_its_maker_calls_a_tiff(
    magic: bytes, tmp_path: Path
) -> None:
    (tmp_path / "a.orf").write_bytes(magic + dng(6)[4:])
    after, notes = through(tmp_path / "a.orf", ".jpg")
    assert b"Box 1" in (after.metadata.exif or b"")
    assert notes == []


def block(order: str, tags: dict[int, tuple[int, bytes]]) -> bytes:
    """A TIFF of one directory."""
    table, values, after = b"", b"", 10 + 12 * len(tags) + 4
    for tag, (kind, content) in sorted(tags.items()):
        inside = content.ljust(4, b"\0")
        if len(content) > 4:
            inside = struct.pack(order + "I", after + len(values))
            values += content + bytes(len(content) % 2)
        count = len(content) // {3: 2, 4: 4, 5: 8}.get(kind, 1)
        table += struct.pack(order + "HHI", tag, kind, count) + inside
    head = struct.pack(order + "2sHIH", b"II" if order == "<" else b"MM", 42, 8, len(tags))
    return head + table + bytes(4) + values


def test_that_words_in_a_cr3_and_a_raf_are_found() -> None:
    """LibRaw takes no such file that is not a camera's; so what is found is looked at itself."""

    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", 8 + len(content)) + kind + content

    first = block("<", {0x0110: (2, b"EOS R5\0"), 0x0112: (3, b"\x06\0")})
    details = block("<", {0x9003: (2, b"2024:05:06 07:08:09\0"), 0x927C: (7, b"secret")})
    canon = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
    inner = canon + box(b"CMT1", first) + box(b"CMT2", details) + box(b"CMT3", b"note")
    found = in_raw.read(
        io.BytesIO(box(b"ftyp", b"crx \0\0\0\1") + box(b"moov", box(b"uuid", inner))), None
    )
    assert b"EOS R5" in (found.exif or b"")
    assert b"2024:05:06" in (found.exif or b"")
    assert b"secret" not in (found.exif or b"")
    assert found.lacks_maker_note
    out = io.BytesIO()
    Image.fromarray(PHOTO).save(out, "JPEG", exif=b"Exif\0\0" + first)
    fuji = b"FUJIFILMCCD-RAW".ljust(84) + struct.pack(">II", 92, len(out.getvalue()))
    assert b"EOS R5" in (in_raw.read(io.BytesIO(fuji + out.getvalue()), None).exif or b"")


def test_that_xmp_and_iptc_of_a_raw_stay_and_its_maker_note_is_said(tmp_path: Path) -> None:
    packet = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="x"></rdf:RDF></x:xmpmeta>'
    source = tmp_path / "a.dng"
    with tifffile.TiffFile(io.BytesIO(dng())) as file:
        pixels = file.asarray()
        tags = [
            (tag.code, int(tag.dtype), tag.count, tag.value, True)
            for tag in file.pages.first.tags
            if tag.code in {271, 272, 274, *range(33421, 33423), *range(50706, 50800)}
        ]
    tags += [(700, 1, len(packet), packet, True), (33723, 7, len(RECORDS), RECORDS, True)]
    tifffile.imwrite(
        source, pixels, photometric=32803, extratags=tags, metadata=None, software=False
    )
    after, _ = through(source, ".jpg")
    assert after.metadata.xmp == packet
    assert RECORDS in (after.metadata.photoshop or b"")


@pytest.mark.parametrize(
    ("segment", "what"),
    [
        ((0xE1, b"FLIR\0\1\0\0warm"), "FLIR"),
        ((0xE2, b"MPF\0II*\0"), "further pictures"),
        ((0xE2, b"urn:iso:std:iso:ts:21496:-1\0"), "a gain map"),
        ((0xEB, b"JP\0\1jumb"), "content credentials"),
    ],
)
def test_that_what_a_jpeg_has_beside_its_photo_is_said(
    segment: tuple[int, bytes], what: str, tmp_path: Path
) -> None:
    _, notes = through(jpeg(tmp_path / "a.jpg", segment), ".jpg")
    assert notes == [f"what came with the photo is left out: {what}"]


@pytest.mark.parametrize(
    ("suffix", "alpha", "depth"),
    [(".heic", b"auxid:1", b"auxid:2"), (".avif", b"auxiliary:alpha", b"auxiliary:depth")],
)
def test_that_what_a_heic_or_avif_has_beside_its_photo_is_said(
    suffix: str, alpha: bytes, depth: bytes, tmp_path: Path
) -> None:
    pixels = np.full((16, 16, 3), 0.5, np.float32)
    save_picture(Picture(pixels, pixels[..., 0]), tmp_path / f"a{suffix}")
    assert open_picture(tmp_path / f"a{suffix}").metadata.notes == ()
    data = (tmp_path / f"a{suffix}").read_bytes()
    assert data.count(alpha) == 1
    (tmp_path / f"a{suffix}").write_bytes(data.replace(alpha, depth))
    notes = open_picture(tmp_path / f"a{suffix}").metadata.notes
    assert notes == ("what came with the photo is left out: a depth map",)


def test_that_a_film_behind_a_jpeg_is_said_and_padding_is_not(tmp_path: Path) -> None:
    _, notes = through(jpeg(tmp_path / "a.jpg", behind=b"\0\0\0\x18ftypmp42" * 9), ".jpg")
    assert notes == ["what came with the photo is left out: what follows the picture"]
    assert through(jpeg(tmp_path / "b.jpg", behind=bytes(99)), ".jpg")[1] == []


def test_that_a_comment_longer_than_a_segment_is_not_cut(tmp_path: Path) -> None:
    source = png(tmp_path / "a.png", (b"tEXt", b"Comment\0" + b"c" * 70_000))
    assert "'Comment'" in through(source, ".jpg")[1][0]


def test_that_channels_and_primaries_of_a_tiff_are_not_lost_unsaid(tmp_path: Path) -> None:
    path, more = tmp_path / "a.tif", np.dstack([PHOTO, PHOTO[..., 0]])
    options: dict[str, Any] = {"photometric": "rgb", "metadata": None, "software": False}
    tifffile.imwrite(path, more, extrasamples=["unspecified"], **options)
    notes = ["channels beside colours and transparency (1) are left out"]
    assert through(path, ".png")[1] == notes
    primaries = (680, 1000, 320, 1000, 265, 1000, 690, 1000, 150, 1000, 60, 1000)
    tifffile.imwrite(path, PHOTO, extratags=[(319, 5, 6, primaries, True)], **options)
    profile = through(path, ".png")[0].metadata.icc
    shown: Any = imagecodecs.cms_transform(
        PHOTO, profile, imagecodecs.cms_profile("srgb"), colorspace="rgb", outcolorspace="rgb"
    )
    assert np.abs(shown.astype(float) - PHOTO).mean() > 1, "wider than sRGB"
    packet = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'
    tifffile.imwrite(path, PHOTO, extratags=[(700, 2, len(packet), packet, True)], **options)
    assert through(path, ".jpg")[0].metadata.xmp == packet + b"\0"


def test_that_the_size_in_xmp_is_that_of_the_result(tmp_path: Path) -> None:
    said = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description rdf:about=""'
        b' xmlns:e="http://ns.adobe.com/exif/1.0/" e:PixelXDimension="%d" other:ImageWidth="9">'
        b"<e:PixelYDimension>%d</e:PixelYDimension><tiff:ImageWidth>%d</tiff:ImageWidth>"
        b"</rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    Image.new("RGB", (60, 40)).save(tmp_path / "a.webp", xmp=said % (60, 40, 60))
    picture = open_picture(tmp_path / "a.webp")
    save_picture(picture.with_pixels(picture.pixels.repeat(2, 0).repeat(2, 1)), tmp_path / "b.png")
    assert open_picture(tmp_path / "b.png").metadata.xmp == said % (120, 80, 120)


def test_that_a_second_exif_is_said_to_be_left_out(tmp_path: Path) -> None:
    first, second = (block("<", {0x010F: (2, maker)}) for maker in (b"Anna\0", b"Berta\0"))
    head = b"Exif\0\0"
    source = jpeg(tmp_path / "a.jpg", (0xE1, head + first), (0xE1, head + second))
    after, notes = through(source, ".jpg")
    assert b"Anna" in (after.metadata.exif or b"")
    assert notes == ["what came with the photo is left out: a second EXIF"]
    source = jpeg(tmp_path / "b.jpg", (0xE1, head + first), (0xE1, head + first))
    assert through(source, ".jpg")[1] == []
    for raw, said in ((second, notes), (first, [])):
        text = f"\nexif\n{len(head + raw):8}\n{(head + raw).hex()}\n".encode()
        profile = (b"tEXt", b"Raw profile type exif\0" + text)
        after, told = through(png(tmp_path / "a.png", (b"eXIf", first), profile), ".png")
        assert b"Anna" in (after.metadata.exif or b"")
        assert told == said


def test_that_words_of_save_for_web_are_said_to_be_left_out(tmp_path: Path) -> None:
    quality = b"Ducky" + struct.pack(">HHI", 1, 4, 60)
    assert through(jpeg(tmp_path / "a.jpg", (0xEC, quality + bytes(2))), ".jpg")[1] == []
    comment = struct.pack(">HHI", 2, 8, 2) + "Jö".encode("utf-16-be") + bytes(2)
    _, notes = through(jpeg(tmp_path / "b.jpg", (0xEC, quality + comment)), ".jpg")
    assert notes == ["what came with the photo is left out: Ducky"]
