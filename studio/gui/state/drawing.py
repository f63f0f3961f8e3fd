"""A drawing as plain values: what was done on the paper, and what of it was taken back.

They are kept on disk as they are; the ranges of their fields are checked when they are read again.
"""

from dataclasses import dataclass
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct

from studio.core.controls import Settings, Value
from studio.core.words.said import say

PAPER = 512  # px, side of the square paper; every place and width is in these px

_Place = Annotated[float, Meta(ge=-1e6, le=1e6)]  # the pen may be drawn far beyond the paper
_Share = Annotated[float, Meta(ge=0, le=1)]
_Width = Annotated[float, Meta(gt=0, le=1e4)]
_Colour = Annotated[str, Meta(pattern="^#[0-9a-fA-F]{6}$")]
_Ink = Annotated[bytes, Meta(min_length=PAPER * PAPER, max_length=PAPER * PAPER)]
_Points = Annotated[tuple["Point", ...], Meta(min_length=1)]


class Point(NamedTuple):
    """A place on the paper, from its left upper corner, in px; pressure 0 to 1."""

    x: _Place
    y: _Place
    pressure: _Share = 1.0


class Stroke(Struct, frozen=True, tag=True):
    """A line of the pen or the eraser.

    Attributes:
        points: at least one, in the order of drawing.
        colour: ``#rrggbb``.
        width: in px at full pressure.
        mirrored: drawn on both sides of the middle.
        smooth: with soft edges; labels have hard ones, so that no other colour comes in.
        words: what it is, for undo; in English, as it is kept on disk.
    """

    points: _Points
    colour: _Colour
    width: _Width
    mirrored: bool = False
    smooth: bool = True
    words: str = str(say("Stroke"))

    def of(self, points: tuple[Point, ...]) -> "Stroke":
        """The same pen on other points."""
        return Stroke(points, self.colour, self.width, self.mirrored, self.smooth, self.words)


class Fill(Struct, frozen=True, tag=True):
    """An area of one colour gets another."""

    point: Point
    colour: _Colour
    mirrored: bool = False
    words: str = str(say("Fill"))


class Clear(Struct, frozen=True, tag=True):
    """The paper is blank again."""

    words: str = str(say("Clear"))


class Template(Struct, frozen=True, tag=True):
    """The paper shows a template, and nothing else."""

    name: str
    words: str = str(say("Template"))


class Surprise(Struct, frozen=True, tag=True):
    """The paper shows a drawing that nobody has drawn, and nothing else; another seed, another."""

    seed: Annotated[int, Meta(ge=0)]
    words: str = str(say("Surprise"))


class Lines(Struct, frozen=True, tag=True, eq=False):
    """The paper shows the lines of a picture, and nothing else.

    Attributes:
        ink: PAPER x PAPER bytes, row by row, 255 is ink.
        colour: ``#rrggbb``.
        smooth: as in `Stroke`.
    """

    ink: _Ink
    colour: _Colour
    smooth: bool = True
    words: str = str(say("Picture as lines"))


class Another(Struct, frozen=True, tag=True):
    """The paper stays; the net draws from another seed."""

    seed: Annotated[int, Meta(ge=0)]
    words: str = str(say("Another one"))


class Setting(Struct, frozen=True, tag=True):
    """The paper stays; the net draws with another value of a control."""

    name: str
    value: Value
    words: str


class Hold(Struct, frozen=True, tag=True):
    """The paper stays, and what comes of it can be returned to.

    Attributes:
        number: of what is held; no other has it.
    """

    number: Annotated[int, Meta(ge=0)]
    words: str = str(say("Hold"))


class LetGo(Struct, frozen=True, tag=True):
    """What was held under a number is no more; the paper stays."""

    number: Annotated[int, Meta(ge=0)]
    words: str = str(say("Let go"))


class Return(Struct, frozen=True, tag=True):
    """Paper, seed and controls are as they were when what has this number was held."""

    number: Annotated[int, Meta(ge=0)]
    words: str = str(say("Return"))


Operation = (
    Stroke | Fill | Clear | Template | Surprise | Lines | Another | Setting | Hold | LetGo | Return
)


@dataclass(frozen=True)
class Drawing:
    """What was done, the last at the end, and what was taken back, the next to redo at the end."""

    done: tuple[Operation, ...] = ()
    undone: tuple[Operation, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.done or self.undone)

    @property
    def seed(self) -> int:
        """Of the picture that is made of it."""
        seeds = (each.seed for each in reversed(line_of(self.done)) if isinstance(each, Another))
        return next(seeds, 0)

    @property
    def settings(self) -> Settings:
        """The controls that were set."""
        line = line_of(self.done)
        return {each.name: each.value for each in line if isinstance(each, Setting)}

    @property
    def held(self) -> tuple[int, ...]:
        """The numbers of what is held, the oldest first."""
        gone = {each.number for each in self.done if isinstance(each, LetGo)}
        held = (each.number for each in self.done if isinstance(each, Hold))
        return tuple(number for number in held if number not in gone)

    def when_held(self, number: int) -> "Drawing":
        """As it was when something was held."""
        at = _place_of_hold(self.done, number)
        return Drawing() if at is None else Drawing(line_of(self.done[:at]))

    def then(self, operation: Operation) -> "Drawing":
        """With one more thing done; what was taken back is forgotten."""
        return Drawing((*self.done, operation))

    def after(self, earlier: "Drawing") -> "Drawing":
        """This on a new sheet, and all of another drawing before that."""
        if not self:
            return earlier
        return Drawing((*earlier.done, Clear(), *self.done), self.undone) if earlier else self

    def taken_back(self) -> "Drawing":
        """Without the last thing done."""
        return Drawing(self.done[:-1], (*self.undone, *self.done[-1:]))

    def done_again(self) -> "Drawing":
        """With the thing done again that was taken back last."""
        return Drawing((*self.done, *self.undone[-1:]), self.undone[:-1])


def line_of(done: tuple[Operation, ...]) -> tuple[Operation, ...]:
    """What led to how it is now: where something held was returned to, what led to that."""
    for at in range(len(done) - 1, -1, -1):
        operation = done[at]
        if isinstance(operation, Return):
            held = _place_of_hold(done[:at], operation.number)
            return (*line_of(done[: at if held is None else held]), *done[at + 1 :])
    return done


def _place_of_hold(done: tuple[Operation, ...], number: int) -> int | None:
    places = (n for n, each in enumerate(done) if isinstance(each, Hold) and each.number == number)
    return next(places, None)
