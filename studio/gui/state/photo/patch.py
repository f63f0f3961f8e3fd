"""A region of a picture in full size; apart from `patches`, for that loads what is slow."""

from dataclasses import dataclass

from PySide6.QtGui import QImage


@dataclass(frozen=True)
class Patch:
    """A region of a picture.

    Attributes:
        image: its pixels.
        place: (left, top, width, height) in px of the full-size picture.
    """

    image: QImage
    place: tuple[float, float, float, float]
