"""JPEG XL says its colours in many ways, and each of them counts; so do its bits."""

import hashlib
import io
import struct
from base64 import b64decode
from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from PIL import Image

from studio.core.errors import StudioError
from studio.core.picture_files import open_picture, save_picture
from tests.conftest import draw_photo

LOSSLESS = b64decode(
    "/wpBQAinDANmQCAAIECwdB54BcileygkmdfZs6puM8WFarv5KRl+PQiXc1DphnZQmgUafpkPQeh0zGJsJtjuJuju"
    "IfjORpleKYHRaKsGzzYajeBJ/AtcxQG/hYSDSFO58OSap4fAQSM4YYahcLUl+JbYdTz4fmFjJl6bkRSsVCBzRxRQ"
    "a2HyjmqaN87hLIKfHw7hg2gaEJAYzFMBGUVY0IP4wgEIBAEAZABLGIsVAJSMMUbG4wFEDOK7F1Ch5AMAvAoH"
)
"""8 x 8 px of (200, 80, 40), and packed with them the profile of Adobe RGB (1998), by libjxl."""
A98 = "c0995b8b196223f1c029c013b04d0ee11bce3d3dd8a23f814cac73e50ac0719a"
LOSSY = b64decode(
    "/wpBQAqnDAMS5gEwnKMicL2f1019EkubJK0VWv6QLyFoNr12WcJkWaaUiU1JE3YM6S0jYOlh11h4X+BN/Rs4ZXCA"
    "AZ9FhIGytKmmpXiAk6+mtLehsmWAko+NjZKHQoCJg0PAA9+Cg6+wubKpp6h0wLF5ZGBiMlB7rQxuOk3jiDJjwaS6"
    "P7WVA7Xl82LhCsx58u7fzWgTTucAE4gA4AD//6oCAFChMsq4wcu5ni8/dFhM27jO0FbbFpYkioxjk3QChySxImxc"
    "gAAMBgCAMXO956Y5ELSSBA=="
)
"""The same colour of ROMM RGB, stored as light; with its profile, for it has no numbers."""
CUSTOM = b64decode(
    "/wpBQIAQMqNChpcg9pqFigHAvSloaQLfEZABkKyYCgIIBAEAZABLGIsVAJSMMUbG4wFEDOK7F1Ch5AMAvAoH"
)
"""The same, its primaries, white point and exponent (1 / 1.8) named one by one, no profile."""


def in_srgb(data: bytes, folder: Path) -> np.ndarray:
    """The colour that a program shows that knows profiles: float, [0, 1]."""
    save_picture(open_picture(io.BytesIO(data)), folder / "a.tif")
    with Image.open(folder / "a.tif") as image:
        profile = image.info["icc_profile"]
    deep = imagecodecs.imread(folder / "a.tif")
    white = np.iinfo(deep.dtype).max
    shown = imagecodecs.cms_transform(
        np.rint(deep / white * 65535).astype(np.uint16), profile, imagecodecs.cms_profile("srgb"),
        colorspace="rgb", outcolorspace="rgb", outdtype="float32",
    )  # fmt: skip
    return np.clip(shown.reshape(-1, 3).mean(0), 0, 1)


def test_that_a_profile_that_is_packed_with_the_pixels_is_kept_as_it_was(tmp_path: Path) -> None:
    said = open_picture(io.BytesIO(LOSSLESS)).metadata
    assert hashlib.sha256(said.icc or b"").hexdigest() == A98
    assert said.notes == ()
    assert in_srgb(LOSSLESS, tmp_path) == pytest.approx([0.9005, 0.3097, 0.1252], abs=0.004)


@pytest.mark.parametrize("data", [LOSSY, CUSTOM])
def test_that_colours_without_numbers_are_shown_right(data: bytes, tmp_path: Path) -> None:
    assert open_picture(io.BytesIO(data)).metadata.notes == ()
    assert in_srgb(data, tmp_path) == pytest.approx([1, 0.0592, 0.1374], abs=0.012)


@pytest.mark.parametrize("data", [LOSSLESS, LOSSY])
def test_that_damage_of_a_packed_profile_ends_in_words(data: bytes) -> None:
    for place in range(16, 100):
        broken = bytearray(data)
        broken[place] ^= 0x55
        try:
            open_picture(io.BytesIO(bytes(broken)))
        except StudioError as error:
            assert "damaged" in error.message  # noqa: PT017 - most of them are, not all


@pytest.mark.parametrize("bits", [8, 10, 12, 16])
@pytest.mark.parametrize("lossless", [True, False])
def test_that_a_jpeg_xl_is_as_bright_as_it_is(bits: int, lossless: bool) -> None:
    white = (1 << bits) - 1
    photo = draw_photo(48, 32).astype(np.uint32) * white // 255
    samples = photo.astype(np.uint16 if bits > 8 else np.uint8)
    data = imagecodecs.jpegxl_encode(samples, lossless=lossless, bitspersample=bits)
    picture = open_picture(io.BytesIO(data))
    most = 1e-6 if lossless else 0.1
    assert np.abs(picture.pixels - samples / white).mean() < most
    assert picture.metadata.bits == bits


def test_that_one_that_was_made_of_a_jpeg_says_all_that_the_jpeg_did() -> None:
    out = io.BytesIO()
    icc = imagecodecs.cms_profile("adobergb")
    Image.fromarray(draw_photo(48, 32)).save(
        out, "JPEG", quality=95, icc_profile=icc, comment=b"a comment", dpi=(240, 240)
    )
    whole, records = out.getvalue(), b"\x1c\x02\x5a\0\x06M\xc3\xbcnch"
    resources = b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(records)) + records + b"\0"
    segment = b"Photoshop 3.0\0" + resources
    whole = whole[:20] + struct.pack(">BBH", 0xFF, 0xED, len(segment) + 2) + segment + whole[20:]
    for boxed in (True, False):
        data = imagecodecs.jpegxl_encode_jpeg(whole, usecontainer=boxed)
        after, before = (open_picture(io.BytesIO(each)) for each in (data, whole))
        assert after.metadata.icc == icc
        if b"jbrd" in data:
            assert after.metadata.photoshop == before.metadata.photoshop
            assert [text.data for text in after.metadata.texts] == [b"a comment"]
            assert after.metadata.dpi == (240, 240)
        assert np.abs(after.pixels - before.pixels).max() < 0.02
