"""The brush that masks are painted with."""

from dataclasses import dataclass, replace
from enum import Enum

from studio.core.words.said import say
from studio.gui.state.drawing import Point, Stroke

THINNEST, THICKEST = 4, 240  # px of a sheet, see `mask_sheet`


class Tip(Enum):
    """What the brush does to a place; the value is its word."""

    CHANGE = say("Change here")
    KEEP = say("Keep photo")
    RESET = say("As found")


@dataclass(frozen=True)
class MaskBrush:
    """The brush in use.

    Attributes:
        tip: what it does.
        width: in px of the sheet.
        softness: of its edge, in per cent of its radius.
    """

    tip: Tip = Tip.CHANGE
    width: int = 60
    softness: int = 0

    def of_width(self, width: int) -> "MaskBrush":
        """With another width."""
        return replace(self, width=min(THICKEST, max(THINNEST, width)))

    def wider(self, steps: int) -> "MaskBrush":
        """Some steps wider, or narrower below 0."""
        return self.of_width(round(self.width * 1.2**steps) + (1 if steps > 0 else -1))

    def stroke(self, point: Point, neutral: float, *, erasing: bool) -> Stroke:
        """The stroke that begins at a point; `neutral` is the level of an untouched mask."""
        brush = replace(self, tip=Tip.RESET) if erasing else self
        return Stroke((point,), grey(brush.level(neutral)), self.width)

    def level(self, neutral: float) -> float:
        """What it gives to the mask, 0 to 1."""
        return {Tip.CHANGE: 1.0, Tip.KEEP: 0.0, Tip.RESET: neutral}[self.tip]


def grey(level: float) -> str:
    """A level, 0 to 1, as ``#rrggbb``."""
    return "#" + 3 * f"{round(255 * level):02x}"
