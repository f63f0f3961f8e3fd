"""From a file or a pipe to an `Opened`: which reader it is for, and what may go wrong."""

import math
import struct
import zlib
from collections.abc import Generator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from studio.core.errors import StudioError
from studio.core.files import disk
from studio.core.files.quiet import QUIET
from studio.core.formats import avif, heic, jpeg2000, netpbm, pillow, png, psd, raw, tiff
from studio.core.formats.jpegxl import file as jpegxl
from studio.core.formats.kinds import HEAD_BYTES, kind_of_file, unread
from studio.core.formats.metadata import in_jpeg
from studio.core.formats.opened import DamagedError, Opened
from studio.core.memory import way_to_more
from studio.core.words.said import say

_LARGEST_PIPED = 2 << 30  # bytes
_READS = say(
    "JPEG, PNG, WebP, TIFF, AVIF, HEIC, BMP, GIF, JPEG 2000, JPEG XL, PSD, PPM, TGA, PCX, DDS,"
    " QOI, ICO and camera RAW can be opened"
)
DECODER_ERRORS = (
    DamagedError,
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    RuntimeError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    struct.error,
    zlib.error,
)
"""What the libraries raise when they meet a damaged file."""


@contextmanager
def reading(source: Path | BinaryIO) -> Generator[tuple[BinaryIO, str]]:
    """Opens a source, and turns all that goes wrong within into a `StudioError`.

    Yields:
        A seekable file at its beginning, and what to call it.
    """
    name = str(source) if isinstance(source, Path) else say("the picture")
    with open_file(source) as file, decoding(name):
        yield file, name


@contextmanager
def decoding(name: str) -> Generator[None]:
    """Turns what goes wrong while the file called `name` is decoded into a `StudioError`."""
    with QUIET:
        try:
            yield
        except MemoryError as error:
            raise StudioError(
                say("there is not enough memory for {name}", name=name), way_to_more()
            ) from error
        except Image.DecompressionBombError as error:
            raise StudioError(
                say("{name} has more than 178 megapixels, too many for a WebP or GIF", name=name),
                "save it as PNG, TIFF or JPEG, or make it smaller",
            ) from error
        except DECODER_ERRORS as error:
            raise StudioError(
                say("{name} is damaged or cut short", name=name),
                "get it again from where it came from",
            ) from error


def open_file(source: Path | BinaryIO) -> BinaryIO:
    """Opens a source as a seekable file.

    Raises:
        StudioError: it cannot be opened.
    """
    try:
        return _seekable(source)
    except OSError as error:
        raise disk.read_error(error, str(source)) from error


def _seekable(source: Path | BinaryIO) -> BinaryIO:
    if not isinstance(source, Path):
        return _in_memory(source)
    file = source.open("rb")
    if file.seekable():
        return file
    with file:
        return _in_memory(file)


def _in_memory(pipe: BinaryIO) -> BytesIO:
    """What comes through a pipe, in which one cannot go back."""
    data = BytesIO()
    while some := pipe.read(1 << 20):
        if data.tell() > _LARGEST_PIPED:
            raise StudioError("more comes through the pipe than a picture has", "give a file")
        data.write(some)
    data.seek(0)
    return data


def header(file: BinaryIO, name: str, limit: float, beside: int) -> Opened:
    """Reads the header; a RAW is developed, for only then is its size known."""
    kind = kind_in(file, name)
    if is_raw(file, kind, name):
        opened = raw.read(file, limit, beside, name)
        if opened is not None:
            return opened
        if kind == "RAW":
            raise StudioError(
                say("{name} is from a camera that cannot be read yet", name=name),
                "convert it to DNG or TIFF",
            )
    return read(file, kind, limit)


def draft(file: BinaryIO, name: str, limit: float, longest: int) -> Opened | None:
    """What can be had of a picture much sooner than all of it; None: nothing.

    Args:
        file: open for reading, at its beginning.
        name: what to call it.
        limit: in megapixels.
        longest: side in px that is enough.
    """
    kind = kind_in(file, name)
    if is_raw(file, kind, name):
        return raw.read(file, limit, 0, name, half=True)
    if kind != "JPEG":
        return None
    opened = pillow.read(file, kind, longest)
    return opened if opened.whole else None


def is_raw(file: BinaryIO, kind: str, name: str) -> bool:
    """Whether LibRaw is to be asked first: nearly all cameras' RAW files begin as TIFFs do."""
    return kind == "RAW" or (kind == "TIFF" and raw.is_likely(file, Path(name).suffix))


def kind_in(file: BinaryIO, name: str) -> str:
    """The format of a file at its beginning.

    Raises:
        StudioError: it is empty, or no picture.
    """
    kind = kind_of_file(file, Path(name).suffix)
    what = in_jpeg.unread(file) if kind == "JPEG" else ""
    if kind is not None and not what:
        return kind
    head = file.read(HEAD_BYTES)
    if not head:
        raise StudioError(say("{name} is empty", name=name), "get it again from where it came from")
    if what := what or unread(head):
        raise StudioError(
            say("{name} is {what}, which cannot be read", name=name, what=what),
            "save it as PNG or TIFF",
        )
    raise StudioError(say("{name} is not a picture", name=name), _READS)


def read(file: BinaryIO, kind: str, limit: float = math.inf) -> Opened:
    """Reads the header of a file that is no RAW.

    Args:
        file: open for reading, seekable.
        kind: its format.
        limit: in megapixels, for what is known only when it is decoded.
    """
    file.seek(0)
    match kind:
        case "PNG":
            return png.read(file)
        case "TIFF":
            return tiff.read(file)
        case "AVIF":
            return avif.read(file)
        case "HEIC":
            return heic.read(file)
        case "JPEG XL":
            return jpegxl.read(file, limit)
        case "JPEG 2000":
            return jpeg2000.read(file)
        case "PSD":
            return psd.read(file)
        case "PNM":
            return netpbm.read(file)
        case _:
            return pillow.read(file, kind)
