"""200 pictures by lot, through a run that does nothing: what comes out is what went in.

The seed is fixed. `HOLDS` is the table of the README; what a format does not hold has to be said.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.core.picture import Metadata
from studio.core.picture_files import open_picture, save_picture
from tests.core.lots import (
    EXACT,
    HOLD_DPI,
    HOLDS,
    ICC,
    P3,
    TURNS,
    Lot,
    drawn,
    exif_of,
    iptc_of,
    tags_in,
    written,
    xmp_of,
)

DEEP = {"png", "tif", "avif", "heic"}


def differences(lot: Lot, folder: Path) -> list[str]:
    """What is not as it was, though the format could hold it; and what is missing unsaid."""
    source, result = folder / f"a.{lot.before}", folder / f"b.{lot.after}"
    samples = TURNS[lot.orientation](written(lot, source))
    notes: list[str] = []
    save_picture(open_picture(source), result, note=notes.append)
    whole, after = result.read_bytes(), open_picture(result)
    said, holds, wrong = lot.said, HOLDS[lot.after], list[str]()
    if lot.long_xmp and lot.before == "jpg":
        said -= {"xmp"}  # the lots write no extension; the tests of XMP do
    if "exif" in said and "exif" in holds:
        block = whole if lot.after == "tif" else after.metadata.exif or b""
        found = tags_in(block) if block else {}
        wrong += [
            f"tag {tag:#x}" for tag, value in exif_of(lot)[1].items() if found.get(tag) != value
        ]
        if found.get(0x0112, b"")[:2].strip(b"\0") != b"\1":
            wrong.append("orientation")
    if lot.before == "tif" and "exif" in holds and "Jörg".encode() not in whole:
        wrong.append("artist")
    if "xmp" in said and "xmp" in holds:
        packet = after.metadata.xmp or b""
        same = packet == xmp_of(lot, upright=True) or (lot.long_xmp and lot.after == "jpg")
        if not same or b"<dc:format>%d</dc:format>" % lot.seed not in packet:
            wrong.append("xmp")
        if lot.long_xmp and b"h" * 70_000 not in packet:
            wrong.append("long xmp")
    if "iptc" in said and "iptc" in holds and iptc_of(lot) not in (after.metadata.photoshop or b""):
        wrong.append("iptc")
    if "icc" in said and lot.mode != "CMYK" and "icc" in holds and after.metadata.icc != ICC:
        wrong.append("icc")
    wrong += _colours_differ(lot, after.metadata)
    if "dpi" in holds:
        dpi, meant = (
            after.metadata.dpi,
            (240, 240) if "dpi" in said and lot.before in HOLD_DPI else None,
        )
        if (dpi is None) != (meant is None) or (dpi and meant and abs(dpi[0] - 240) > 0.1):
            wrong.append(f"dpi {dpi}")
    keywords = {text.keyword for text in after.metadata.texts}
    wrong += _texts_differ(lot, said, keywords, notes)
    return wrong + _pixels_differ(lot, samples, after.pixels, after.alpha)


def _colours_differ(lot: Lot, after: Metadata) -> list[str]:
    wrong, holds = list[str](), HOLDS[lot.after]
    if lot.is_p3:
        named = lot.after in {"png", "avif", "heic"}
        wrong += [] if after.cicp == (P3 if named else None) else ["cicp"]
        wrong += [] if (after.icc is not None) == (not named and "icc" in holds) else ["p3"]
    if lot.mode == "RGB;16" and (after.bits > 8) != (lot.after in DEEP):
        wrong.append(f"{after.bits} bits")
    return wrong


def _texts_differ(
    lot: Lot, said: frozenset[str], keywords: set[str], notes: list[str]
) -> list[str]:
    holds = HOLDS[lot.after]
    wrong = [
        name for name, what in (("Author", "texts"), ("Comment", "comment"))
        if what in said and what in holds and name not in keywords
    ]  # fmt: skip
    for what in ("exif", "xmp", "iptc", "texts", "comment"):
        word = {"iptc": "IPTC", "texts": "'Author'", "comment": "'Comment'"}.get(what, what.upper())
        if (what in said - holds) != any(word in note for note in notes) and lot.before != "tif":
            wrong.append(f"{what} {'un' if what in said - holds else 'wrongly '}said")
    return wrong


def _pixels_differ(
    lot: Lot, samples: NDArray[Any], pixels: NDArray[Any], alpha: NDArray[Any] | None
) -> list[str]:
    white = np.iinfo(samples.dtype).max
    meant, cover = samples[..., :3] / white, samples[..., 3:] / white
    if cover.size and "alpha" not in HOLDS[lot.after]:
        if lot.after == "gif":
            return []  # a palette with one clear colour
        meant = meant * cover + 1 - cover
    if pixels.shape[:2] != meant.shape[:2]:
        return [f"size {pixels.shape[:2]}"]
    if ("icc" in lot.said or lot.is_p3) and lot.after in {"bmp", "gif"}:
        return []  # converted to sRGB; the tests of colours look at it
    exact = lot.before in EXACT and lot.after in EXACT and lot.mode != "CMYK"
    lossy = 0.06 if "gif" in {lot.before, lot.after} or lot.mode in {"P", "CMYK"} else 0.025
    most = 1e-6 if exact and (samples.dtype == np.uint8 or "16 bits" in HOLDS[lot.after]) else lossy
    seen = cover[..., 0] > 0.05 if cover.size and "alpha" in HOLDS[lot.after] else slice(None)
    wrong = [] if np.abs(pixels - meant)[seen].mean() < most else ["pixels"]
    if cover.size and "alpha" in HOLDS[lot.after]:
        good = alpha is not None and np.abs(alpha - cover[..., 0]).mean() < max(most, 1e-6)
        wrong += [] if good else ["alpha"]
    return wrong


@pytest.mark.parametrize("part", range(10))
def test_that_of_200_pictures_by_lot_nothing_comes_out_otherwise(part: int, tmp_path: Path) -> None:
    found: dict[Lot, list[str]] = {}
    for seed in range(part * 20, part * 20 + 20):
        lot = drawn(seed)
        (tmp_path / str(seed)).mkdir()
        if wrong := differences(lot, tmp_path / str(seed)):
            found[lot] = wrong
    assert found == {}
