"""The doors between picture files and `Picture`: open, save, and find the request in a file.

A file is known by its first bytes, whatever its name; a file that is written, by its suffix.
"""

import os
import struct
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from studio.core.errors import StudioError
from studio.core.formats import disk, exif, heic, pillow, png, raw, tiff
from studio.core.formats.kinds import HEAD_BYTES, kind_of
from studio.core.formats.opened import DamagedError, Opened
from studio.core.formats.quiet import QUIET
from studio.core.picture import Picture
from studio.core.requests import SaveOptions

DEFAULT_LIMIT_MEGAPIXELS = 200.0
"""Millions of px; the environment variable ``STUDIO_MAX_MEGAPIXELS`` sets another limit."""

SUFFIXES = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".jfif": "JPEG",
    ".png": "PNG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".avif": "AVIF",
    ".heic": "HEIC",
    ".heif": "HEIC",
    ".bmp": "BMP",
    ".gif": "GIF",
}
"""Suffix, in lower case, to the format that is written under it."""

READABLE = frozenset(SUFFIXES) | raw.SUFFIXES
"""Suffixes, in lower case, of the files that `open_picture` reads."""

_LARGEST_PIPED = 2 << 30  # bytes
_DEFAULT_OPTIONS = SaveOptions()
_READS = "JPEG, PNG, WebP, TIFF, AVIF, HEIC, BMP, GIF and camera RAW can be opened"
_DECODER_ERRORS = (
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


def open_picture(
    source: Path | BinaryIO, *, limit_megapixels: float | None = None, beside: int = 0
) -> Picture:
    """Opens the picture in a file; of a moving one, the first frame.

    EXIF orientation is applied. An RGB profile is kept; CMYK, Lab and grey become sRGB.

    Args:
        source: path of a file; or a file open for reading in binary, such as standard input.
        limit_megapixels: largest picture that is decoded, in millions of px; None: the environment
            variable ``STUDIO_MAX_MEGAPIXELS``, or `DEFAULT_LIMIT_MEGAPIXELS`.
        beside: bytes a pixel that will be needed besides the picture.

    Raises:
        StudioError: there is no such file, or none that may be read; or it is a folder, empty, no
            picture, damaged, cut short, larger than the limit or than what memory is left.
    """
    limit = _limit() if limit_megapixels is None else limit_megapixels
    with _reading(source) as (file, name):
        opened = _header(file, name, limit, beside)
        opened.check(limit, beside, name)
        return opened.to_picture()


def save_picture(
    picture: Picture,
    path: Path,
    options: SaveOptions = _DEFAULT_OPTIONS,
    request_json: str = "",
    encode: Callable[[Callable[[], bytes]], bytes] = lambda work: work(),
) -> None:
    """Writes a picture to a file, all of it or nothing.

    PNG and TIFF have 16 bits a channel if the picture's source had them; HEIC then has 10, and all
    others 8. JPEG and BMP have no alpha: the picture is laid on white. GIF has 256 colours.

    Args:
        picture: what to write. Values beyond [0, 1] are cut off.
        path: its suffix, one of `SUFFIXES`, decides the format. The folder must exist.
        options: quality, whether a file of that name is replaced, and whether metadata is kept.
        request_json: the request, a JSON object, that made the picture; kept in the file (but not
            in BMP and GIF, nor without metadata) for `read_request`.
        encode: calls what it is given, which takes long and touches no file: here, or elsewhere.

    Raises:
        StudioError: unknown suffix, a file of that name, a picture with values that are no numbers
            or too large for the format, or a folder or disk that takes no file.
    """
    kind = check_savable(path, overwrite=options.overwrite)
    data = encode(lambda: _encoded(picture, kind, options, request_json))
    disk.write_whole(path, data, overwrite=options.overwrite)


def check_savable(path: Path, *, overwrite: bool) -> str:
    """Finds out before long work whether a picture can be written; returns its format.

    Raises:
        StudioError: as `save_picture`, but for what lies in the picture.
    """
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise StudioError(
            f"pictures cannot be saved as '{path.suffix}' ({path.name})",
            f"choose one of {', '.join(SUFFIXES)}",
        )
    disk.refuse_unwritable(path, overwrite=overwrite)
    return kind


def write_picture(
    picture: Picture,
    file: BinaryIO,
    format: str,  # noqa: A002
    options: SaveOptions = _DEFAULT_OPTIONS,
    request_json: str = "",
) -> None:
    """Writes a picture to an open file, such as standard output; see `save_picture`.

    Args:
        picture: what to write.
        file: open for writing in binary. Nothing is written to it before all is encoded.
        format: name or suffix without its dot, such as ``PNG``, ``jpg``, ``tiff``.
        options: quality, and whether metadata is kept.
        request_json: as in `save_picture`.

    Raises:
        StudioError: unknown format, or as `save_picture`.
    """
    kind = SUFFIXES.get(f".{format.lower()}")
    if kind is None:
        known = ", ".join(sorted(set(SUFFIXES.values())))
        raise StudioError(f"pictures cannot be saved as '{format}'", f"choose one of {known}")
    data = _encoded(picture, kind, options, request_json)
    try:
        file.write(data)
        file.flush()
    except OSError as error:
        raise disk.write_error(error, "the picture") from error


def read_request(path: Path) -> str | None:
    """The JSON of the request with which a picture was made; None: the file has none.

    Raises:
        StudioError: as `open_picture`, but only the header is read.
    """
    with _reading(path) as (file, name):
        kind = _kind(file, name)
        if _is_raw(file, kind, name):
            return None
        opened = _read(file, kind)
        return opened.request or exif.request(opened.exif)


def read_size(path: Path) -> tuple[int, int]:
    """Width and height in px, as stored; only the header is read.

    Raises:
        StudioError: as `open_picture`; damage beyond the header goes unseen.
    """
    with _reading(path) as (file, name):
        kind = _kind(file, name)
        found = raw.size(file) if _is_raw(file, kind, name) else None
        if found is None:
            opened = _read(file, kind)
            found = opened.width, opened.height
        return found


def _limit() -> float:
    """The limit that the user has set, in megapixels."""
    text = os.environ.get("STUDIO_MAX_MEGAPIXELS", "")
    if not text:
        return DEFAULT_LIMIT_MEGAPIXELS
    try:
        limit = float(text)
    except ValueError:
        limit = 0.0
    if not limit > 0:
        raise StudioError(
            f"STUDIO_MAX_MEGAPIXELS is '{text}'", "set it to a number of megapixels, such as 200"
        )
    return limit


@contextmanager
def _reading(source: Path | BinaryIO) -> Generator[tuple[BinaryIO, str]]:
    """Opens a source, and turns all that goes wrong within into a `StudioError`.

    Yields:
        A seekable file at its beginning, and what to call it.
    """
    name = str(source) if isinstance(source, Path) else "the picture"
    try:
        file = _opened(source)
    except OSError as error:
        raise disk.read_error(error, name) from error
    with file, QUIET:
        try:
            yield file, name
        except MemoryError as error:
            raise StudioError(
                f"there is not enough memory for {name}", "close other programs"
            ) from error
        except Image.DecompressionBombError as error:
            raise StudioError(
                f"{name} has more than 178 megapixels, too many for a WebP or GIF",
                "save it as PNG, TIFF or JPEG, or make it smaller",
            ) from error
        except _DECODER_ERRORS as error:
            raise StudioError(
                f"{name} is damaged or cut short", "get it again from where it came from"
            ) from error


def _opened(source: Path | BinaryIO) -> BinaryIO:
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


def _header(file: BinaryIO, name: str, limit: float, beside: int) -> Opened:
    """Reads the header; a RAW is developed, for only then is its size known."""
    kind = _kind(file, name)
    if _is_raw(file, kind, name):
        opened = raw.read(file, limit, beside, name)
        if opened is not None:
            return opened
        if kind == "RAW":
            raise StudioError(
                f"{name} is from a camera that cannot be read yet", "convert it to DNG or TIFF"
            )
    return _read(file, kind)


def _is_raw(file: BinaryIO, kind: str, name: str) -> bool:
    """Whether LibRaw is to be asked first: nearly all cameras' RAW files begin as TIFFs do."""
    return kind == "RAW" or (kind == "TIFF" and raw.is_likely(file, Path(name).suffix))


def _kind(file: BinaryIO, name: str) -> str:
    head = file.read(HEAD_BYTES)
    file.seek(0)
    if not head:
        raise StudioError(f"{name} is empty", "get it again from where it came from")
    kind = kind_of(head)
    if kind is None:
        raise StudioError(f"{name} is not a picture", _READS)
    return kind


def _read(file: BinaryIO, kind: str) -> Opened:
    file.seek(0)
    match kind:
        case "PNG":
            return png.read(file)
        case "TIFF":
            return tiff.read(file)
        case "HEIC":
            return heic.read(file)
        case _:
            return pillow.read(file, kind)


def _encoded(picture: Picture, kind: str, options: SaveOptions, request_json: str) -> bytes:
    if not options.metadata:
        picture, request_json = _stripped(picture), ""
    try:
        with QUIET:
            match kind:
                case "PNG":
                    return png.encode(picture, request_json)
                case "TIFF":
                    return tiff.encode(picture, request_json)
                case "HEIC":
                    return heic.encode(picture, options, request_json)
                case _:
                    return pillow.encode(picture, kind, options, request_json)
    except MemoryError as error:
        raise StudioError(
            f"there is not enough memory to write {picture.width} x {picture.height} as {kind}",
            "close other programs",
        ) from error
    except _DECODER_ERRORS as error:
        raise StudioError(
            f"the picture could not be written as {kind} ({error})", "choose PNG or TIFF"
        ) from error


def _stripped(picture: Picture) -> Picture:
    """The picture without what its file said of it, but for the colour profile of its pixels."""
    return replace(picture, metadata=replace(picture.metadata, exif=None, xmp=None, dpi=None))
