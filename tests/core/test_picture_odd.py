"""Files as other programs and cameras leave them: what of them is kept, and what is said."""

import io
import struct
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from studio.core.formats.metadata.ifd import EXIF, SHORT, Reader, Value, built
from studio.core.picture import Picture
from studio.core.picture_files import open_picture, save_picture
from studio.core.requests import SaveOptions
from tests.conftest import draw_photo

PHOTO = draw_photo(48, 32)
ICC: bytes = imagecodecs.cms_profile("adobergb")
RECORDS = b"\x1c\x02\x5a\x00\x06M\xc3\xbcn\x40\x41"
RESOURCE = b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(RECORDS)) + RECORDS + b"\x00"


def through(path: Path, suffix: str) -> tuple[Picture, list[str]]:
    """What a file is after a run that does nothing, and all that was said."""
    before, notes = open_picture(path), list[str]()
    output = path.with_name(f"out{suffix}")
    output.unlink(missing_ok=True)
    save_picture(before, output, note=notes.append)
    return open_picture(output), [*before.metadata.notes, *notes]


def png(path: Path, *chunks: tuple[bytes, bytes]) -> Path:
    data = imagecodecs.png_encode(PHOTO)
    made = [
        struct.pack(">I", len(c)) + kind + c + struct.pack(">I", zlib.crc32(kind + c))
        for kind, c in chunks
    ]
    path.write_bytes(data[:33] + b"".join(made) + data[33:])
    return path


def jpeg(
    path: Path, *segments: tuple[int, bytes], behind: bytes = b"", pixels: Any = PHOTO
) -> Path:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=95)
    whole = out.getvalue()
    made = [struct.pack(">BBH", 0xFF, kind, len(c) + 2) + c for kind, c in segments]
    path.write_bytes(whole[:20] + b"".join(made) + whole[20:] + behind)
    return path


def test_that_iptc_stays_however_a_program_names_its_profile(tmp_path: Path) -> None:
    text = f"\nIPTC profile\n{len(RESOURCE):8}\n{RESOURCE.hex()}\n".encode()
    source = png(tmp_path / "a.png", (b"tEXt", b"Raw profile type iptc\0" + text))
    for suffix in (".png", ".jpg", ".tif"):
        after, notes = through(source, suffix)
        assert RECORDS in (after.metadata.photoshop or b"")
        assert notes == []


def test_that_texts_that_cannot_be_read_stay_as_they_are(tmp_path: Path) -> None:
    broken = b"XML:com.adobe.xmp\0\0packed by nobody"
    source = png(tmp_path / "a.png", (b"zTXt", broken))
    _, notes = through(source, ".png")
    assert (b"zTXt" + broken in (tmp_path / "out.png").read_bytes(), notes) == (True, [])
    assert "'XML:com.adobe.xmp'" in through(source, ".jpg")[1][0]


def test_that_chunks_that_hold_for_changed_pixels_go_along(tmp_path: Path) -> None:
    chunks = [(b"oFFs", bytes(9)), (b"prIt", b"mine"), (b"cLLI", bytes(8)), (b"bKGD", bytes(6))]
    source = png(tmp_path / "a.png", *chunks)
    _, notes = through(source, ".png")
    whole = (tmp_path / "out.png").read_bytes()
    assert [kind in whole for kind, _ in chunks] == [True, True, True, False]
    assert notes == []


def test_that_a_png_that_says_it_is_srgb_still_says_so_and_elsewhere_it_is_meant(
    tmp_path: Path,
) -> None:
    said = [(b"sRGB", b"\2"), (b"gAMA", struct.pack(">I", 45455))]
    source = png(tmp_path / "a.png", *said)
    for suffix in (".png", ".jpg", ".gif"):
        after, notes = through(source, suffix)
        assert (notes, after.metadata.icc) == ([], None)
        whole = (tmp_path / f"out{suffix}").read_bytes()
        kept = [kind + content in whole for kind, content in said]
        assert kept == [suffix == ".png"] * 2
    primaries = struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
    said = [(b"gAMA", struct.pack(">I", 45455)), (b"cHRM", primaries)]
    assert through(png(tmp_path / "b.png", *said), ".png")[0].metadata.icc is None
    assert said[1][0] + said[1][1] in (tmp_path / "out.png").read_bytes(), "sRGB in other words"
    profile = (b"iCCP", b"x\0\0" + zlib.compress(ICC))
    through(png(tmp_path / "b.png", profile, (b"sRGB", b"\2")), ".png")
    assert b"sRGB" not in (tmp_path / "out.png").read_bytes(), "the profile counts"


def test_that_a_png_says_which_of_its_bits_count_where_that_is_true(tmp_path: Path) -> None:
    for content, options, is_kept in (
        (bytes([8] * 3), SaveOptions(), True),
        (bytes([8] * 3), SaveOptions(deep=True), False),
        (bytes([5, 6, 5]), SaveOptions(), False),
    ):
        picture = open_picture(png(tmp_path / "a.png", (b"sBIT", content)))
        save_picture(picture, tmp_path / "b.png", replace(options, overwrite=True))
        assert (b"sBIT" in (tmp_path / "b.png").read_bytes()) == is_kept
    assert through(tmp_path / "a.png", ".jpg")[1] == []


def test_that_of_what_a_png_says_of_its_colours_cicp_comes_first(tmp_path: Path) -> None:
    profile = (b"iCCP", b"x\0\0" + zlib.compress(ICC))
    source = png(tmp_path / "a.png", (b"cICP", bytes([12, 13, 0, 1])), profile)
    assert through(source, ".png")[0].metadata.cicp == (12, 13)
    source = png(tmp_path / "b.png", (b"cICP", bytes([10, 8, 0, 1])))
    assert through(source, ".png")[1] == ["its colours (10 and 8 of H.273) are taken as sRGB"]
    source = png(tmp_path / "c.png", (b"iCCP", b"x\0\0no profile"))
    assert through(source, ".png")[1] == ["its colour profile is broken, and left out"]


def test_that_a_profile_in_a_bmp_counts(tmp_path: Path) -> None:
    rows = PHOTO[::-1, :, ::-1].tobytes()
    head = struct.pack("<IiiHHIIiiII", 124, 48, 32, 1, 24, 0, len(rows), 0, 0, 0, 0)
    head += bytes(16) + b"DEBM" + bytes(48) + struct.pack("<IIII", 0, 124 + len(rows), len(ICC), 0)
    whole = head + rows + ICC
    (tmp_path / "a.bmp").write_bytes(
        b"BM" + struct.pack("<IHHI", 14 + len(whole), 0, 0, 138) + whole
    )
    after, _ = through(tmp_path / "a.bmp", ".png")
    assert after.metadata.icc == ICC
    assert np.array_equal(after.pixels, PHOTO / np.float32(255))


def test_that_what_a_gif_says_is_found_and_what_it_cannot_hold_is_said(tmp_path: Path) -> None:
    packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a/></x:xmpmeta>"
    trailer = b"\x01" + bytes(range(255, -1, -1)) + b"\x00"
    blocks = b"".join(
        bytes([len(ICC[n : n + 255])]) + ICC[n : n + 255] for n in range(0, len(ICC), 255)
    )
    extra = (
        b"\x21\xff\x0bXMP DataXMP" + packet + trailer
        + b"\x21\xff\x0bICCRGBG1012" + blocks + b"\x00"
        + b"\x21\xfe\x03one\x00\x21\xfe\x03two\x00"
    )  # fmt: skip
    Image.fromarray(PHOTO).quantize(256).save(tmp_path / "plain.gif")
    whole = (tmp_path / "plain.gif").read_bytes()
    at = 13 + 3 * 256
    source = tmp_path / "a.gif"
    source.write_bytes(b"GIF89a" + whole[6:at] + extra + whole[at:])
    after, notes = through(source, ".jpg")
    assert (after.metadata.icc, after.metadata.xmp, notes) == (ICC, packet, [])
    assert [text.data for text in after.metadata.texts] == [b"one", b"two"]
    said = " ".join(through(source, ".gif")[1])
    assert "XMP" in said
    assert "'Comment'" in said


def test_that_a_profile_in_a_jpeg_2000_is_applied_once(tmp_path: Path) -> None:
    data = imagecodecs.jpeg2k_encode(PHOTO, level=0, codecformat="jp2")
    box, head = data.index(b"colr") - 4, data.index(b"jp2h") - 4
    new = struct.pack(">I", 11 + len(ICC)) + b"colr\x02\x00\x00" + ICC
    old = int.from_bytes(data[box : box + 4], "big")
    longer = int.from_bytes(data[head : head + 4], "big") + len(new) - old
    records = struct.pack(">I", 24 + len(RECORDS)) + b"uuid"
    records += bytes.fromhex("33c7a4d2b81d4723a0baf1a3e097ad38") + RECORDS
    (tmp_path / "a.jp2").write_bytes(
        data[:head]
        + struct.pack(">I", longer)
        + data[head + 4 : box]
        + new
        + data[box + old :]
        + records
    )
    after, _ = through(tmp_path / "a.jp2", ".png")
    assert after.metadata.icc == ICC
    assert np.array_equal(after.pixels, PHOTO / np.float32(255))
    assert RECORDS in (after.metadata.photoshop or b"")


def test_that_a_jpeg_xl_is_in_the_colours_that_it_names(tmp_path: Path) -> None:
    for samples, named in ((PHOTO, None), (PHOTO.astype(np.uint16) * 257, (1, 8))):  # 8: linear
        path = tmp_path / "a.jxl"
        path.write_bytes(imagecodecs.jpegxl_encode(samples, lossless=True))
        after, notes = through(path, ".png")
        assert (after.metadata.cicp, notes) == (named, [])
        assert np.abs(after.pixels - PHOTO / 255).max() < 1e-4


def test_that_a_photoshop_picture_is_taken_off_its_white(tmp_path: Path) -> None:
    alpha = np.tile(np.linspace(60, 255, 48).astype(np.uint8), (32, 1))
    cover = alpha[..., None] / 255
    laid = np.rint(PHOTO * cover + 255 * (1 - cover)).astype(np.uint8)
    planes = np.moveaxis(np.dstack([laid, alpha]), 2, 0).tobytes()
    head = struct.pack(">4sH6xHIIHH", b"8BPS", 1, 4, 32, 48, 8, 3) + bytes(8)
    layers = struct.pack(">IIh", 6, 2, -1)
    (tmp_path / "a.psd").write_bytes(head + layers + b"\x00\x00" + planes)
    after, notes = through(tmp_path / "a.psd", ".png")
    assert np.abs(after.pixels - PHOTO / 255).mean() < 0.01
    assert after.alpha is not None
    assert np.array_equal(np.rint(after.alpha * 255), alpha)
    assert notes == ["what came with the photo is left out: its layers"]


def packet_of(properties: str) -> bytes:
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-'
        'syntax-ns#"><rdf:Description rdf:about="" xmlns:t="http://ns.adobe.com/tiff/1.0/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:mwg-rs="http://www.metadataworkinggroup'
        '.com/schemas/regions/" xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#" '
        'xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#">' + properties + "</rdf:Description>"
        "</rdf:RDF></x:xmpmeta>"
    ).encode()


def test_that_only_the_property_turns_a_photo_whatever_its_prefix(tmp_path: Path) -> None:
    head = b"http://ns.adobe.com/xap/1.0/\0"
    turned = packet_of("<t:Orientation> 6 </t:Orientation>")
    after, _ = through(jpeg(tmp_path / "a.jpg", (0xE1, head + turned)), ".jpg")
    assert (after.width, after.height) == (32, 48)
    told = packet_of("<dc:description>tiff:Orientation='6'</dc:description>")
    after, _ = through(jpeg(tmp_path / "b.jpg", (0xE1, head + told)), ".jpg")
    assert (after.width, after.height, after.metadata.xmp) == (48, 32, told)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_that_named_faces_stay_on_the_faces(orientation: int, tmp_path: Path) -> None:
    regions = (
        "<mwg-rs:Regions rdf:parseType='Resource'><mwg-rs:AppliedToDimensions stDim:w='48' "
        "stDim:h='32' stDim:unit='pixel'/><mwg-rs:RegionList><rdf:Bag><rdf:li><rdf:Description "
        "mwg-rs:Name='Anna'><mwg-rs:Area stArea:x='0.25' stArea:y='0.125' stArea:w='0.1' "
        "stArea:h='0.05'/></rdf:Description></rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>"
    )
    subject = Value(SHORT, struct.pack("<4H", 12, 4, 6, 2))
    exif = built(
        "<", {0x0112: Value(SHORT, struct.pack("<H", orientation)), EXIF: {0x9214: subject}}
    )
    pixels = np.zeros((32, 48, 3), np.uint8)
    pixels[2:6, 9:15] = 255  # the face, in the middle of which the marks are
    head = b"http://ns.adobe.com/xap/1.0/\0"
    parts = ((0xE1, b"Exif\0\0" + exif), (0xE1, head + packet_of(regions)))
    jpeg(tmp_path / "a.jpg", *parts, pixels=pixels)
    after, _ = through(tmp_path / "a.jpg", ".png")
    rows, columns = np.nonzero(after.pixels[..., 0] > 0.5)
    middle = (columns.mean() + 0.5, rows.mean() + 0.5)
    xmp = (after.metadata.xmp or b"").decode()

    def said(name: str) -> float:
        return float(xmp.split(f"{name}='")[1].split("'")[0])

    assert said("stDim:w") == after.width
    assert said("stArea:x") * after.width == pytest.approx(middle[0], abs=0.6)
    assert said("stArea:y") * after.height == pytest.approx(middle[1], abs=0.6)
    assert said("stArea:w") == (0.05 if orientation >= 5 else 0.1)
    reader = Reader(after.metadata.exif or b"")
    entries = reader.entries(reader.below(reader.first, EXIF))
    place = struct.unpack("<4H", reader.data(entries[0x9214]))
    assert place[:2] == pytest.approx(middle, abs=0.6)


@pytest.mark.parametrize("bits", [10, 12])
def test_that_an_avif_keeps_its_bits(bits: int, tmp_path: Path) -> None:
    deep = (PHOTO.astype(np.uint32) * ((1 << bits) - 1) // 255).astype(np.uint16)
    deep[..., 1] ^= np.arange(48, dtype=np.uint16) % 4  # finer than 8 bits
    data = imagecodecs.avif_encode(deep, level=100, bitspersample=bits, pixelformat="444")
    (tmp_path / "a.avif").write_bytes(data)
    after, _ = through(tmp_path / "a.avif", ".png")
    assert after.metadata.bits == 16
    assert np.abs(after.pixels - deep / ((1 << bits) - 1)).max() < 0.002


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif"])
def test_that_a_resolution_that_is_not_even_turns_with_the_photo(
    suffix: str, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    if suffix == ".jpg":
        exif[0x011A], exif[0x011B] = 200.0, 100.0
    Image.fromarray(PHOTO).save(tmp_path / f"a{suffix}", exif=exif, dpi=(200, 100))
    assert through(tmp_path / f"a{suffix}", suffix)[0].metadata.dpi == (100, 200)
    with Image.open(tmp_path / f"out{suffix}") as after:
        assert [round(float(each)) for each in after.info["dpi"]] == [100, 200]
        assert [after.getexif().get(tag, each) for tag, each in ((0x011A, 100), (0x011B, 200))] == [
            100, 200
        ]  # fmt: skip


def test_that_the_shape_of_a_pixel_turns_with_the_photo(tmp_path: Path) -> None:
    turned = built("<", {0x0112: Value(SHORT, struct.pack("<H", 8))})
    said = (b"pHYs", struct.pack(">IIB", 2, 1, 0))
    through(png(tmp_path / "a.png", said, (b"eXIf", turned)), ".png")
    assert b"pHYs" + struct.pack(">IIB", 1, 2, 0) in (tmp_path / "out.png").read_bytes()
