"""The doors between picture files and `Picture`: open, save, and find the request in a file.

A file is known by its first bytes, whatever its name; a file that is written, by its suffix.
"""

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from studio.core.errors import StudioError
from studio.core.files import disk
from studio.core.files.quiet import QUIET
from studio.core.formats import avif, colour, heic, pillow, png, raw, tiff_pages
from studio.core.formats.jpegxl import file as jpegxl
from studio.core.formats.kinds import kind_of_file
from studio.core.formats.losses import losses
from studio.core.formats.metadata import held
from studio.core.formats.metadata.held import Note, nobody
from studio.core.formats.reading import DECODER_ERRORS, header, is_raw, kind_in, read, reading
from studio.core.formats.suffixes import SUFFIXES
from studio.core.memory import way_to_more
from studio.core.picture import Metadata, Picture
from studio.core.requests import SaveOptions
from studio.core.words.said import say

DEFAULT_LIMIT_MEGAPIXELS = 200.0
"""Millions of px; the environment variable ``STUDIO_MAX_MEGAPIXELS`` sets another limit."""

_DEFAULT_OPTIONS = SaveOptions()


def looks_like_a_picture(path: Path) -> bool:
    """Whether a file begins as a picture does, whatever its name.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return kind_of_file(file, path.suffix) is not None


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
    limit = size_limit() if limit_megapixels is None else limit_megapixels
    with reading(source) as (file, name):
        opened = header(file, name, limit, beside)
        opened.check(limit, beside, name)
        return opened.to_picture()


def save_picture(
    picture: Picture,
    path: Path,
    options: SaveOptions = _DEFAULT_OPTIONS,
    request_json: str = "",
    note: Note = nobody,
    encode: Callable[[Callable[[], bytes]], bytes] = lambda work: work(),
) -> None:
    """Writes a picture to a file, all of it or nothing.

    PNG and TIFF have 16 bits a channel if the picture's source had them or the options ask for
    them, HEIC and AVIF then 10, and all others 8. JPEG and BMP have no alpha: the picture
    is laid on white. GIF has 256 colours.

    Args:
        picture: what to write. Values beyond [0, 1] are cut off.
        path: its suffix, one of `SUFFIXES`, decides the format. The folder must exist.
        options: quality, bits, whether a file of that name is replaced, and metadata kept.
        request_json: the request, a JSON object, that made the picture; kept in the file (but not
            in BMP and GIF, nor without metadata) for `read_request`.
        note: told what of the original the format cannot hold.
        encode: calls what it is given, which takes long and touches no file: here, or elsewhere.

    Raises:
        StudioError: unknown suffix, a file of that name, a picture with values that are no numbers
            or too large for the format, or a folder or disk that takes no file.
    """
    kind = check_savable(path, overwrite=options.overwrite)
    data = encode(lambda: _encoded(picture, kind, options, request_json, note))
    disk.write_whole(path, data, overwrite=options.overwrite)


def check_savable(path: Path, *, overwrite: bool) -> str:
    """Finds out before long work whether a picture can be written; returns its format.

    Raises:
        StudioError: as `save_picture`, but for what lies in the picture.
    """
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise StudioError(
            say(
                "pictures cannot be saved as '{suffix}' ({name})",
                suffix=path.suffix,
                name=path.name,
            ),
            say("choose one of {known}", known=list(SUFFIXES)),
        )
    disk.refuse_unwritable(path, overwrite=overwrite)
    return kind


def write_picture(
    picture: Picture,
    file: BinaryIO,
    format: str,  # noqa: A002
    options: SaveOptions = _DEFAULT_OPTIONS,
    request_json: str = "",
    note: Note = nobody,
) -> None:
    """Writes a picture to an open file, such as standard output; see `save_picture`.

    Args:
        picture: what to write.
        file: open for writing in binary. Nothing is written to it before all is encoded.
        format: name or suffix without its dot, such as ``PNG``, ``jpg``, ``tiff``.
        options: quality, and whether metadata is kept.
        request_json: as in `save_picture`.
        note: as in `save_picture`.

    Raises:
        StudioError: unknown format, or as `save_picture`.
    """
    kind = SUFFIXES.get(f".{format.lower()}")
    if kind is None:
        known = ", ".join(sorted(set(SUFFIXES.values())))
        raise StudioError(
            say("pictures cannot be saved as '{kind}'", kind=format),
            say("choose one of {known}", known=known),
        )
    data = _encoded(picture, kind, options, request_json, note)
    try:
        file.write(data)
        file.flush()
    except OSError as error:
        raise disk.write_error(error, say("the picture")) from error


def read_request(path: Path) -> str | None:
    """The JSON of the request with which a picture was made; None: the file has none.

    Raises:
        StudioError: as `open_picture`, but only the header is read.
    """
    with reading(path) as (file, name):
        kind = kind_in(file, name)
        if is_raw(file, kind, name):
            return None
        return read(file, kind).found_request()


def read_size(path: Path) -> tuple[int, int]:
    """Width and height in px, as stored; only the header is read.

    Raises:
        StudioError: as `open_picture`; damage beyond the header goes unseen.
    """
    with reading(path) as (file, name):
        kind = kind_in(file, name)
        found = raw.size(file) if is_raw(file, kind, name) else None
        if kind == "JPEG XL":
            found = jpegxl.size(file)
        if found is None:
            opened = read(file, kind)
            found = opened.width, opened.height
        return found


def size_limit() -> float:
    """The largest picture that is decoded, as the user has set it, in megapixels."""
    text = os.environ.get("STUDIO_MAX_MEGAPIXELS", "")
    if not text:
        return DEFAULT_LIMIT_MEGAPIXELS
    try:
        limit = float(text)
    except ValueError:
        limit = 0.0
    if not limit > 0:
        raise StudioError(
            say("STUDIO_MAX_MEGAPIXELS is '{text}'", text=text),
            "set it to a number of megapixels, such as 200",
        )
    return limit


def _encoded(
    picture: Picture, kind: str, options: SaveOptions, request_json: str, note: Note
) -> bytes:
    for loss in losses(picture, kind, options):
        note(loss)
    picture = as_wanted(picture, options)
    with encoding(picture, kind):
        picture = colour.for_format(picture, kind, note)
        told = held.held(picture, kind, options.note(request_json), note)
        match kind:
            case "PNG":
                return png.encode(picture, told)
            case "TIFF":
                return tiff_pages.encode(picture, told)
            case "HEIC":
                return heic.encode(picture, options, told)
            case "AVIF":
                return avif.encode(picture, options, told)
            case _:
                return pillow.encode(picture, kind, options, told)


@contextmanager
def encoding(picture: Picture, kind: str) -> Generator[None]:
    """Turns what goes wrong while a picture is encoded into a `StudioError`."""
    try:
        with QUIET:
            yield
    except MemoryError as error:
        raise StudioError(
            say(
                "there is not enough memory to write {width} x {height} as {kind}",
                width=picture.width,
                height=picture.height,
                kind=kind,
            ),
            way_to_more(),
        ) from error
    except DECODER_ERRORS as error:
        raise StudioError(
            say("the picture could not be written as {kind} ({error})", kind=kind, error=error),
            "choose PNG or TIFF",
        ) from error


def as_wanted(picture: Picture, options: SaveOptions) -> Picture:
    """The picture with as many bits and as much of what its file said of it as is wanted.

    The colour profile of its pixels always stays.
    """
    said = picture.metadata
    if options.deep:
        said = replace(said, bits=16)
    if not options.metadata:
        said = Metadata(
            icc=said.icc, cicp=said.cicp, bits=said.bits, format=said.format, lossless=said.lossless
        )
    return replace(picture, metadata=said)
