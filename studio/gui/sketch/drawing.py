"""A drawing as plain values: what was done on the paper, and what of it was taken back."""

from dataclasses import dataclass
from typing import NamedTuple

from studio.core.controls import Settings, Value

PAPER = 512  # px, side of the square paper; every place and width is in these px


class Point(NamedTuple):
    """A place on the paper, from its left upper corner, in px; pressure 0 to 1."""

    x: float
    y: float
    pressure: float = 1.0


@dataclass(frozen=True)
class Stroke:
    """A line of the pen or the eraser.

    Attributes:
        points: at least one, in the order of drawing.
        colour: ``#rrggbb``.
        width: in px at full pressure.
        mirrored: drawn on both sides of the middle.
        smooth: with soft edges; labels have hard ones, so that no other colour comes in.
        words: what it is, for undo.
    """

    points: tuple[Point, ...]
    colour: str
    width: float
    mirrored: bool = False
    smooth: bool = True
    words: str = "Stroke"

    def of(self, points: tuple[Point, ...]) -> "Stroke":
        """The same pen on other points."""
        return Stroke(points, self.colour, self.width, self.mirrored, self.smooth, self.words)


@dataclass(frozen=True)
class Fill:
    """An area of one colour gets another."""

    point: Point
    colour: str
    mirrored: bool = False
    words: str = "Fill"


@dataclass(frozen=True)
class Clear:
    """The paper is blank again."""

    words: str = "Clear"


@dataclass(frozen=True)
class Template:
    """The paper shows a template, and nothing else."""

    name: str
    words: str = "Template"


@dataclass(frozen=True, eq=False)
class Lines:
    """The paper shows the lines of a picture, and nothing else.

    Attributes:
        ink: PAPER x PAPER bytes, row by row, 255 is ink.
        colour: ``#rrggbb``.
        smooth: as in `Stroke`.
    """

    ink: bytes
    colour: str
    smooth: bool = True
    words: str = "Picture as lines"


@dataclass(frozen=True)
class Another:
    """The paper stays; the net draws from another seed."""

    seed: int
    words: str = "Another one"


@dataclass(frozen=True)
class Setting:
    """The paper stays; the net draws with another value of a control."""

    name: str
    value: Value
    words: str


Operation = Stroke | Fill | Clear | Template | Lines | Another | Setting


@dataclass(frozen=True)
class Drawing:
    """What was done, the last at the end, and what was taken back, the next to redo at the end."""

    done: tuple[Operation, ...] = ()
    undone: tuple[Operation, ...] = ()

    @property
    def seed(self) -> int:
        """Of the picture that is made of it."""
        seeds = (each.seed for each in reversed(self.done) if isinstance(each, Another))
        return next(seeds, 0)

    @property
    def settings(self) -> Settings:
        """The controls that were set."""
        return {each.name: each.value for each in self.done if isinstance(each, Setting)}

    def then(self, operation: Operation) -> "Drawing":
        """With one more thing done; what was taken back is forgotten."""
        return Drawing((*self.done, operation))

    def taken_back(self) -> "Drawing":
        """Without the last thing done."""
        return Drawing(self.done[:-1], (*self.undone, *self.done[-1:]))

    def done_again(self) -> "Drawing":
        """With the thing done again that was taken back last."""
        return Drawing((*self.done, *self.undone[-1:]), self.undone[:-1])
