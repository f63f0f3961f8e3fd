"""The doors for files of several pages or frames: open them one by one, and write one such file."""

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from studio.core.errors import StudioError
from studio.core.formats import colour, pillow, tiff
from studio.core.formats.losses import losses
from studio.core.formats.metadata.held import NOTHING, Held, held
from studio.core.formats.moving import frames
from studio.core.formats.opened import Opened
from studio.core.formats.reading import decoding, is_raw, kind_in, open_file, read
from studio.core.formats.samples import image
from studio.core.formats.suffixes import SUFFIXES
from studio.core.formats.tiff_pages import TiffPages
from studio.core.memory import refuse_beyond_memory
from studio.core.picture import Picture
from studio.core.picture_files import as_wanted, encoding, size_limit
from studio.core.requests import SaveOptions
from studio.core.words.said import say

_MOST = 10_000  # pages or frames
_MOST_BYTES = 2 << 30  # that the results may take: a TIFF as its file, frames as 8-bit RGBA


@dataclass(frozen=True)
class Page:
    """One page, or a frame that is shown for so many milliseconds."""

    picture: Picture
    milliseconds: float = 0.0


class Pages:
    """The pages of a TIFF, or the frames of a moving picture; more than one.

    Attributes:
        name: of the file, for people.
        count: how many.
        moving: whether they are frames.
        plays: how often frames are shown; 0: for ever.
        pixels: of all frames; of pages, which may differ in size: 0.
    """

    def __init__(
        self,
        name: str,
        count: int,
        each: Iterator[tuple[Opened, float]],
        plays: int | None = None,
        pixels: int = 0,
    ) -> None:
        self.name, self.count, self.plays, self.pixels = name, count, plays or 0, pixels
        self.moving = plays is not None
        self._each = each

    @property
    def word(self) -> str:
        """What one of them is called."""
        return "frame" if self.moving else "page"

    def next(self, beside: int) -> Page:
        """Decodes the one that comes next.

        Args:
            beside: as in `open_picture`.

        Raises:
            StudioError: as `open_picture`.
        """
        with decoding(self.name):
            opened, milliseconds = next(self._each)
            opened.check(size_limit(), beside, self.name)
            return Page(opened.to_picture(), milliseconds)


@contextmanager
def open_pages(path: Path) -> Generator[Pages | None]:
    """Opens a file of several pages or frames, to be read while it is open; None: it has but one.

    Raises:
        StudioError: as `open_picture`, of what its header says.
    """
    with open_file(path) as file:
        with decoding(str(path)):
            pages = _found(file, str(path))
        yield pages


def has_several(path: Path) -> bool:
    """Whether a file has several pages or frames.

    Raises:
        StudioError: as `open_pages`.
    """
    with open_pages(path) as pages:
        return pages is not None


def _found(file: BinaryIO, name: str) -> Pages | None:
    kind = kind_in(file, name)
    if kind not in {"TIFF", *frames.KINDS} or is_raw(file, kind, name):
        return None
    first = read(file, kind)
    if first.count == 1:
        return None
    if kind == "TIFF":
        each = ((reader(), 0.0) for reader in tiff.read_pages(file))
        return Pages(name, first.count, each)
    first.check(size_limit(), 0, name)
    found = frames.read(file, first)
    pixels = first.width * first.height * found.count
    return Pages(name, found.count, found.each, found.plays, pixels)


class PagesWriter:
    """Takes the results of pages one by one, and makes the file of them.

    Args:
        pages: what they come from.
        output: path of the file, whose suffix decides the format.
        options: as in `save_picture`.
        request_json: as in `save_picture`.
        scale: how many times as wide the results are.

    Attributes:
        notes: what a person should know of how they were opened and written.

    Raises:
        StudioError: the format holds no several pages, or none of these.
    """

    def __init__(
        self, pages: Pages, output: Path, options: SaveOptions, request_json: str, scale: int
    ) -> None:
        self._kind = check_pages(pages, output)
        self._pages, self._options, self._request = pages, options, request_json
        self._first: Picture | None = None
        self._told: Held | None = None
        self._tiff = TiffPages()
        self._images: list[Image.Image] = []
        self._durations: list[float] = []
        self.notes: list[str] = []
        if self._kind == "TIFF" and pages.moving:
            self._note(say("TIFF keeps no durations: the frames become pages"))
        elif pages.moving:
            needed = pages.pixels * scale**2 * 4
            self._refuse_beyond(needed)
            refuse_beyond_memory(needed, pages.name)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in px of the first."""
        return (self._first.width, self._first.height) if self._first else (0, 0)

    def add(self, page: Page, result: Picture) -> None:
        """Takes the result of the next page.

        Raises:
            StudioError: as `save_picture`; or there are more and larger ones than can be held.
        """
        for note in page.picture.metadata.notes:
            self._note(note)
        for note in losses(result, self._kind, self._options):
            self._note(note)
        picture = as_wanted(result, self._options)
        with encoding(picture, self._kind):
            picture = colour.for_format(picture, self._kind, self._note)
            if self._kind == "TIFF":
                self._add_page(picture)
            else:
                self._add_frame(picture, page.milliseconds)

    def _add_page(self, picture: Picture) -> None:
        is_told = self._first is None or not self._pages.moving  # of frames the first tells for all
        self._first = self._first or picture
        self._tiff.add(picture, self._held(picture) if is_told else NOTHING)
        self._refuse_beyond(self._tiff.size)

    def _add_frame(self, picture: Picture, milliseconds: float) -> None:
        if self._first is None:
            pillow.check_sides(picture, self._kind)
            self._first = picture
            self._told = self._held(picture)
        self._images.append(image(picture))
        self._durations.append(milliseconds)

    def _held(self, picture: Picture) -> Held:
        request = self._options.note(self._request) if picture is self._first else ""
        return held(picture, self._kind, request, self._note)

    def _refuse_beyond(self, size: int) -> None:
        if size > _MOST_BYTES:
            raise StudioError(
                say(
                    "the results of the {what} take more than {most} GB",
                    what=_counted(self._pages),
                    most=_MOST_BYTES >> 30,
                ),
                "make them smaller or fewer, or take the first (--pages first)",
            )

    def encoded(self) -> bytes:
        """The whole file, when all were added.

        Raises:
            StudioError: as `save_picture`.
        """
        if self._first is None or self._told is None:
            return self._tiff.data
        if frames.rounded(self._kind, self._durations):
            self._note(
                say("GIF counts hundredths of a second: durations are rounded")
                if self._kind == "GIF"
                else say(
                    "{kind} counts thousandths of a second: durations are rounded",
                    kind=self._kind,
                )
            )
        with encoding(self._first, self._kind):
            return frames.encode(
                self._kind, self._images, self._durations, self._pages.plays,
                self._first, self._options, self._told,
            )  # fmt: skip

    def _note(self, message: str) -> None:
        if message not in self.notes:
            self.notes.append(message)


def check_pages(pages: Pages, output: Path) -> str:
    """Finds out before long work whether a file can hold several pages; returns its format.

    Raises:
        StudioError: it cannot; or these are too many.
    """
    kind = SUFFIXES[output.suffix.lower()]
    what = _counted(pages)
    if pages.count > _MOST:
        raise StudioError(
            say("the {what} are more than {most}", what=what, most=_MOST),
            "take the first (--pages first)",
        )
    if kind != "TIFF" and not (pages.moving and kind in frames.KINDS):
        better = say("GIF, WebP, PNG, AVIF or TIFF") if pages.moving else "TIFF"
        raise StudioError(
            say("{kind} cannot hold the {what}", kind=kind, what=what),
            say("save them as {better}, or take the first (--pages first)", better=better),
        )
    return kind


def _counted(pages: Pages) -> str:
    """Such as ``3 pages of scan.tif``."""
    if pages.word == "page":
        return say("{count} pages of {name}", count=pages.count, name=pages.name)
    return say("{count} frames of {name}", count=pages.count, name=pages.name)
