"""What the colours of a label map stand for."""

from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta


@dataclass(frozen=True)
class Label:
    """A colour of a label map, and what it stands for.

    Attributes:
        name: for people.
        colour: RGB, ``#rrggbb``.
    """

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    colour: Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$")]

    @property
    def rgb(self) -> tuple[int, int, int]:
        """The colour in levels of 255."""
        red, green, blue = bytes.fromhex(self.colour[1:])
        return red, green, blue
