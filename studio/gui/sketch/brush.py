"""What the pen is: tool, width, colour, mirror."""

from dataclasses import dataclass, replace
from enum import Enum

from studio.core.words.said import say
from studio.gui.sketch.subjects import Subject
from studio.gui.state.drawing import Fill, Point, Stroke

THINNEST, THICKEST = 1, 96  # px of the paper


class Tip(Enum):
    """What a press on the paper does."""

    PEN = say("Pen")
    ERASER = say("Eraser")
    FILL = say("Fill")


@dataclass(frozen=True)
class Brush:
    """The pen that is in use.

    Attributes:
        tip: what a press does.
        pen, eraser: widths in px of the paper.
        colour: of pen and fill, ``#rrggbb``.
        mirrored: whether all is done on both sides.
    """

    tip: Tip
    pen: int
    eraser: int
    colour: str
    mirrored: bool = False

    @property
    def width(self) -> int:
        """Of the tip in use, in px of the paper."""
        return self.eraser if self.tip is Tip.ERASER else self.pen

    def of_width(self, width: int) -> "Brush":
        """With another width for the tip in use."""
        width = min(THICKEST, max(THINNEST, width))
        if self.tip is Tip.ERASER:
            return replace(self, eraser=width)
        return replace(self, pen=width)

    def wider(self, steps: int) -> "Brush":
        """Some steps wider, or narrower below 0; a step is larger where the brush is wide."""
        brush = self
        for _ in range(abs(steps)):
            step = max(1, brush.width // 6)
            brush = brush.of_width(brush.width + (step if steps > 0 else -step))
        return brush

    def stroke(self, point: Point, subject: Subject, *, erasing: bool) -> Stroke:
        """The stroke that begins at a point.

        Args:
            point: where.
            subject: what is drawn.
            erasing: with the eraser, whatever the tip, as with the other end of a tablet's pen.
        """
        erasing = erasing or self.tip is Tip.ERASER
        return Stroke(
            (point,),
            subject.ground if erasing else self.colour,
            self.eraser if erasing else self.pen,
            self.mirrored,
            subject.smooth,
            "Eraser" if erasing else "Stroke",
        )

    def fill(self, point: Point) -> Fill:
        """The fill at a point."""
        return Fill(point, self.colour, self.mirrored)
