"""What is asked of the reader, and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from studio.core.videos import Reel

if TYPE_CHECKING:  # what is asked first is asked before numpy is there
    import numpy as np
    from numpy.typing import NDArray

SCREEN = 1280
"""Longest side of the copies of photos for the screen, in px."""


@dataclass(frozen=True)
class PhotoWish:
    """A photo as the screen needs it; perhaps a draft of it comes first.

    Attributes:
        path: the file.
        longest: longest side of the reduced copy in px.
        seconds: of a video, from its beginning; None: of a picture.
    """

    path: Path
    longest: int
    seconds: float | None = None


@dataclass(frozen=True)
class AheadWish:
    """The same, but only to have it at hand."""

    path: Path
    longest: int
    seconds: float | None = None


@dataclass(frozen=True)
class ThumbnailWish:
    """A small copy, its short side at least `side` px."""

    path: Path
    side: int
    seconds: float | None = None


@dataclass(frozen=True)
class PatchWish:
    """A region in full size: left, top, width, height in px."""

    path: Path
    region: tuple[int, int, int, int]
    seconds: float | None = None


@dataclass(frozen=True)
class LengthWish:
    """How long a video is."""

    path: Path


Wish = PhotoWish | AheadWish | ThumbnailWish | PatchWish | LengthWish


@dataclass(frozen=True, eq=False)
class Levels:
    """Pixels for the screen, upright.

    Attributes:
        pixels: (H, W, 3 or 4) uint8, RGB and perhaps alpha, in the encoding of the profile.
        icc: profile of the pixels; None for sRGB.
        full_size: (width, height) of the whole photo in px.
        is_draft: the same in less detail; better ones follow.
    """

    pixels: "NDArray[np.uint8]"
    icc: bytes | None
    full_size: tuple[int, int]
    is_draft: bool = False


Found = Levels | Reel | None
"""What a wish comes to: None for `AheadWish`."""


class Urgency(IntEnum):
    """What goes first."""

    AWAITED = 0
    NEXT = 1
    SOMETIME = 2


@dataclass(frozen=True)
class Read:
    """Do this."""

    number: int
    wish: Wish


@dataclass(frozen=True)
class Stop:
    """It is not wanted any more."""

    number: int


Order = Read | Stop


@dataclass(frozen=True)
class Ready:
    """The process is up."""


@dataclass(frozen=True)
class Drafted:
    """There is a draft."""

    number: int
    levels: Levels


@dataclass(frozen=True)
class Done:
    """It has ended, stopped or not."""

    number: int
    found: Found = None


@dataclass(frozen=True)
class Refused:
    """It could not be done: what is the matter, and what to do; see `StudioError`."""

    number: int
    message: str
    hint: str


@dataclass(frozen=True)
class Hung:
    """It does not end: the process ends itself."""

    number: int


@dataclass(frozen=True)
class Died:
    """The process has ended.

    Attributes:
        reason: why, for people.
        hung: what did not end; None: it crashed.
        for_good: it cannot even start.
    """

    reason: str
    hung: int | None = None
    for_good: bool = False


Told = Drafted | Done | Refused
Answer = Ready | Told | Hung
Hear = Callable[[Told | Died], None]
