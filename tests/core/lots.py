"""Pictures by lot: files of every format, and what is in them."""

import io
import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pillow_heif
import tifffile
from numpy.typing import NDArray
from PIL import Image
from skimage import data

from studio.core.formats.pillow import AsItIs

HOLDS = {
    "jpg": {"exif", "xmp", "iptc", "icc", "dpi", "comment"},
    "png": {"exif", "xmp", "iptc", "icc", "dpi", "comment", "texts", "alpha", "16 bits"},
    "tif": {"exif", "xmp", "iptc", "icc", "dpi", "alpha", "16 bits"},
    "webp": {"exif", "xmp", "icc", "dpi", "alpha"},
    "avif": {"exif", "xmp", "icc", "dpi", "alpha"},
    "heic": {"exif", "xmp", "icc", "dpi", "alpha"},
    "bmp": {"dpi"},
    "gif": {"comment"},
}


MODES = {
    "jpg": ["RGB", "L", "CMYK"],
    "png": ["RGB", "L", "LA", "RGBA", "P", "RGB;16"],
    "tif": ["RGB", "L", "RGBA", "RGB;16", "CMYK"],
    "webp": ["RGB", "RGBA"],
    "avif": ["RGB", "RGBA"],
    "heic": ["RGB", "RGBA"],
    "bmp": ["RGB", "L"],
    "gif": ["P"],
}


COLOURED = {"RGB", "RGBA", "P", "RGB;16"}
HOLD_DPI = {"jpg", "png", "tif", "bmp"}


"""The others say it in EXIF alone, and the lots do not."""


EXACT = {"png", "tif", "bmp"}


PHOTO: NDArray[np.uint8] = data.coffee()[100:132, 100:148]


P3 = (12, 13)
ICC: bytes = imagecodecs.cms_profile("adobergb")


TURNS: dict[int, Callable[[NDArray[Any]], NDArray[Any]]] = {
    1: lambda a: a,
    2: lambda a: a[:, ::-1],
    3: lambda a: a[::-1, ::-1],
    4: lambda a: a[::-1],
    5: lambda a: a.swapaxes(0, 1),
    6: lambda a: a[::-1].swapaxes(0, 1),
    7: lambda a: a[::-1, ::-1].swapaxes(0, 1),
    8: lambda a: a[:, ::-1].swapaxes(0, 1),
}


"""What each orientation asks for."""


TEXTS = {0x010E: "Café à Orléans", 0x013B: "Jörg Müller 山", 0x8298: "© José", 0x0131: "Tool 1"}


@dataclass(frozen=True)
class Lot:
    """What one picture is made of.

    Attributes:
        turned_by: what says its orientation: ``exif``, ``xmp``, ``tif`` (the file itself), or
            nothing.
        is_p3: a PNG's cICP says so.
    """

    before: str
    after: str
    mode: str
    orientation: int
    said: frozenset[str]
    order: str
    long_xmp: bool
    seed: int
    turned_by: str
    is_p3: bool


def drawn(seed: int) -> Lot:
    lot = random.Random(seed)  # noqa: S311 - not for secrets
    before = lot.choice(list(HOLDS))
    after = before if lot.random() < 0.4 else lot.choice(list(HOLDS))
    can = HOLDS[before] - {"alpha", "16 bits"}
    if before == "tif":
        can -= {"exif"}  # written with tags of its own
    said = frozenset(what for what in sorted(can) if lot.random() < 0.6)
    mode, order, is_long = lot.choice(MODES[before]), lot.choice("<>"), lot.random() < 0.3
    by = "exif" if "exif" in said and before not in {"avif", "heic"} else ""
    if "xmp" in said and not (is_long and before == "jpg") and "exif" not in said:
        by = "xmp"
    by = "tif" if before == "tif" else by
    return Lot(
        before, after, mode, lot.randint(1, 8) if by else 1, said, order, is_long, seed, by,
        before == "png" and "icc" not in said and mode in COLOURED and lot.random() < 0.5,
    )  # fmt: skip


def exif_of(lot: Lot) -> tuple[bytes, dict[int, bytes]]:
    """A block with texts, numbers, a maker note and a comment; and its tags' bytes."""
    rng, order = random.Random(lot.seed), lot.order  # noqa: S311
    chosen = {tag: text.encode() + b"\0" for tag, text in TEXTS.items() if rng.random() < 0.7}
    first = {tag: (2, content) for tag, content in chosen.items()}
    first[0x0112] = (3, struct.pack(order + "H", lot.orientation))
    first[0x4746] = (3, struct.pack(order + "H", rng.randint(0, 5)))
    details = {
        0x829A: (5, struct.pack(order + "II", 1, rng.randint(1, 8000))),
        0x927C: (7, rng.randbytes(rng.randint(1, 300))),
        0x9286: (7, b"ASCII\0\0\0" + b"w" * rng.randint(0, 40)),
        0xA002: (4, struct.pack(order + "I", 7)),
        0xFE00: (1, rng.randbytes(rng.randint(1, 9))),
    }

    def directory(tags: dict[int, tuple[int, bytes]], at: int) -> bytes:
        table, values = struct.pack(order + "H", len(tags)), b""
        after = at + 2 + 12 * len(tags) + 4
        for tag, (kind, content) in sorted(tags.items()):
            count = len(content) // {3: 2, 4: 4, 5: 8}.get(kind, 1)
            inside = content.ljust(4, b"\0")
            if len(content) > 4:
                inside = struct.pack(order + "I", after + len(values))
                values += content + bytes(len(content) % 2)
            table += struct.pack(order + "HHI", tag, kind, count) + inside
        return table + bytes(4) + values

    link = (4, bytes(4))
    where = 8 + len(directory(first | {0x8769: link}, 8))
    first[0x8769] = (4, struct.pack(order + "I", where))
    head = struct.pack(order + "2sHI", b"II" if order == "<" else b"MM", 42, 8)
    tags = {tag: content for tag, (_, content) in (first | details).items()}
    for changes in (0x0112, 0x8769, 0xA002):
        tags.pop(changes)
    return head + directory(first, 8) + directory(details, where), tags


def tags_in(block: bytes) -> dict[int, bytes]:
    """The bytes of every tag in the first and in the EXIF directory."""
    order = "<" if block[:2] == b"II" else ">"
    found: dict[int, bytes] = {}

    def look(at: int) -> None:
        (count,) = struct.unpack_from(order + "H", block, at)
        for number in range(count):
            row = at + 2 + 12 * number
            tag, kind, amount = struct.unpack_from(order + "HHI", block, row)
            size = amount * {3: 2, 4: 4, 5: 8}.get(kind, 1)
            start = row + 8 if size <= 4 else struct.unpack_from(order + "I", block, row + 8)[0]
            found[tag] = block[start : start + size]
            if tag == 0x8769:
                look(struct.unpack(order + "I", found[tag])[0])

    look(struct.unpack_from(order + "I", block, 4)[0])
    return found


def xmp_of(lot: Lot, *, upright: bool = False) -> bytes:
    long = b"<dc:source>" + b"h" * 70_000 + b"</dc:source>" if lot.long_xmp else b""
    return (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf'
        b'-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        b"<dc:format>%d</dc:format>%b%b</rdf:Description></rdf:RDF></x:xmpmeta>"
        % (lot.seed, b'<t:Orientation xmlns:t="http://ns.adobe.com/tiff/1.0/">%d</t:Orientation>'
           % (1 if upright else lot.orientation) if lot.turned_by == "xmp" else b"", long)
    )  # fmt: skip


def iptc_of(lot: Lot) -> bytes:
    return b"\x1c\x02\x5a\x00\x06M\xc3\xbcn%02d" % (lot.seed % 100)


def image_of(lot: Lot) -> tuple[Image.Image | None, NDArray[Any]]:
    """The picture for Pillow (none of 16 bits), and its RGB or RGBA samples."""
    photo = np.roll(PHOTO, lot.seed % 48, 1)
    if lot.mode == "RGB;16":
        deep = photo.astype(np.uint16) * 257
        return None, deep ^ np.arange(48, dtype=np.uint16)[None, :, None]
    image = Image.fromarray(np.dstack([photo, photo[..., 0]]))
    image = image.convert("RGB").quantize(256) if lot.mode == "P" else image.convert(lot.mode)
    shown = image.convert("RGBA" if lot.mode in {"RGBA", "LA"} else "RGB")
    return image, np.asarray(shown)


def written(lot: Lot, path: Path) -> NDArray[Any]:
    """Makes the picture's file; returns its samples as stored."""
    image, samples = image_of(lot)
    said, block, resources = lot.said, exif_of(lot)[0], b""
    if "iptc" in said:
        records = iptc_of(lot)
        resources = b"8BIM" + struct.pack(">HHI", 0x0404, 0, len(records)) + records
        resources += bytes(len(records) % 2)
    icc = ICC if "icc" in said and lot.mode != "CMYK" else None
    dpi = (240, 240) if "dpi" in said else None
    options: dict[str, Any] = {"icc_profile": icc} if icc else {}
    if dpi or lot.before == "bmp":
        options["dpi"] = dpi or (0, 0)
    if lot.before == "tif":
        extra: list[Any] = [(315, 2, 0, "Jörg".encode() + b"\0", True)]
        extra += [(274, 3, 1, lot.orientation, True)]
        extra += [(700, 1, 0, xmp_of(lot), True)] if "xmp" in said else []
        extra += [(33723, 7, 0, iptc_of(lot), True)] if "iptc" in said else []
        kind = {"L": "minisblack", "CMYK": "separated"}.get(lot.mode, "rgb")
        alpha = ["unassalpha"] if lot.mode == "RGBA" else None
        pixels = samples if image is None else np.asarray(image)
        tifffile.imwrite(
            path, pixels, photometric=kind, extrasamples=alpha, iccprofile=icc, metadata=None,
            resolution=dpi, resolutionunit="INCH" if dpi else None, extratags=extra,
            byteorder=lot.order, software=False,
        )  # fmt: skip
    elif lot.before in {"jpg", "png"}:
        out = io.BytesIO()
        if image is None:
            out.write(imagecodecs.png_encode(samples))
        elif lot.before == "jpg":
            image.save(out, "JPEG", quality=97, subsampling=0, **options)
        else:
            image.save(out, "PNG", **options)
        path.write_bytes(_with_parts(lot, out.getvalue(), block, resources))
    elif lot.before == "heic":
        assert image is not None
        _write_heic(lot, path, image, icc)
    else:
        assert image is not None
        if lot.before in {"webp", "avif"}:
            if "exif" in said:
                options["exif"] = AsItIs(block) if lot.before == "avif" else b"Exif\0\0" + block
            options |= {"xmp": xmp_of(lot)} if "xmp" in said else {}
            options |= {"quality": 97}
        if lot.before == "gif" and "comment" in said:
            options["comment"] = b"a comment"
        image.save(path, **options)
    return samples


def _write_heic(lot: Lot, path: Path, image: Image.Image, icc: bytes | None) -> None:
    heif: Any = pillow_heif
    made = heif.from_bytes(lot.mode, image.size, image.tobytes())
    if icc:
        made.info["icc_profile"], made.info["icc_profile_type"] = icc, "prof"
    exif = b"Exif\0\0" + exif_of(lot)[0] if "exif" in lot.said else None
    xmp = xmp_of(lot) if "xmp" in lot.said else None
    made.save(path, quality=97, chroma=444, xmp=xmp, exif=exif)


def _with_parts(lot: Lot, whole: bytes, block: bytes, resources: bytes) -> bytes:
    """A JPEG or PNG with what Pillow does not write as it is."""
    said, xmp = lot.said, xmp_of(lot)
    if lot.before == "jpg":
        long = len(xmp) > 65000
        segments = [(0xE1, b"Exif\0\0" + block)] if "exif" in said else []
        segments += [(0xED, b"Photoshop 3.0\0" + resources)] if resources else []
        if "xmp" in said and not long:
            segments.append((0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp))
        segments += [(0xFE, b"a comment")] if "comment" in said else []
        made = [struct.pack(">BBH", 0xFF, kind, len(c) + 2) + c for kind, c in segments]
        at = 4 + int.from_bytes(whole[4:6], "big")
        return whole[:at] + b"".join(made) + whole[at:]
    chunks = [(b"eXIf", block)] if "exif" in said else []
    chunks += [(b"cICP", bytes([*P3, 0, 1]))] if lot.is_p3 else []
    if lot.mode == "RGB;16":  # not by Pillow
        chunks += [(b"iCCP", b"ICC\0\0" + zlib.compress(ICC))] if "icc" in said else []
        chunks += [(b"pHYs", struct.pack(">IIB", 9449, 9449, 1))] if "dpi" in said else []
    if "xmp" in said:
        chunks.append((b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp))
    if resources:
        text = f"\niptc\n{len(resources):8}\n{resources.hex()}\n".encode()
        chunks.append((b"zTXt", b"Raw profile type iptc\0\0" + zlib.compress(text)))
    chunks += [(b"tEXt", b"Comment\0a comment")] if "comment" in said else []
    chunks += [(b"iTXt", b"Author\0\0\0\0\0" + "Jörg".encode())] if "texts" in said else []
    made = [
        struct.pack(">I", len(c)) + kind + c + struct.pack(">I", zlib.crc32(kind + c))
        for kind, c in chunks
    ]
    return whole[:33] + b"".join(made) + whole[33:]
