"""One drawing on its paper: its pixels follow what is done, undone and done again."""

import zlib

import numpy as np
from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QImage

from studio.gui.drawing.raster import blank, paint_fill, paint_lines, words_of
from studio.gui.drawing.stroke_painter import StrokePainter, paint_stroke
from studio.gui.sketch.subjects import Subject
from studio.gui.sketch.surprise import paint_surprise
from studio.gui.sketch.templates import paint_template
from studio.gui.state.drawing import (
    PAPER,
    Another,
    Clear,
    Drawing,
    Fill,
    Hold,
    LetGo,
    Lines,
    Operation,
    Point,
    Return,
    Setting,
    Stroke,
    Surprise,
    Template,
    line_of,
)

# Pixels are kept whenever so many points were drawn since: an undo paints no more than these anew.
_POINTS_BETWEEN = 250
_LIKE_POINTS: dict[type[Operation], int] = {
    Fill: 100, Lines: 100, Template: 100, Surprise: 250, Return: 250
}  # fmt: skip
_LEAST_MOVE = 0.4  # px; a pen that rests adds no points


class Sheet(QObject):
    """A drawing, its pixels, and the stroke that is being drawn.

    Signals:
        painted: (QRect) some of the pixels are others.
        changed: what can be undone or redone is another.
    """

    painted = Signal(QRect)
    changed = Signal()

    def __init__(self, subject: Subject, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.subject = subject
        self.drawing = Drawing()
        self.image = blank(subject.ground)
        self._stroke: Stroke | None = None
        self._painter = StrokePainter(self.image)
        self._kept: dict[int, bytes] = {}  # pixels after so many operations, packed
        self._cost = 0  # points since the last of them

    @property
    def drawing_now(self) -> bool:
        """Whether a stroke is being drawn."""
        return self._stroke is not None

    @property
    def blank(self) -> bool:
        """Whether there is nothing on the paper."""
        return self.image == blank(self.subject.ground)

    @property
    def next_undo(self) -> str | None:
        """What an undo would take back; None if there is nothing."""
        return self.drawing.done[-1].words.lower() if self.drawing.done else None

    @property
    def next_redo(self) -> str | None:
        """What a redo would make again; None if there is nothing."""
        return self.drawing.undone[-1].words.lower() if self.drawing.undone else None

    def begin(self, stroke: Stroke) -> None:
        """Begins a stroke, of one point so far."""
        self.end()
        self._stroke = stroke
        self._painter = StrokePainter(self.image)
        self.painted.emit(self._painter.step(self.image, stroke))

    def move(self, point: Point) -> None:
        """The stroke goes on to a point."""
        stroke = self._stroke
        if stroke is None:
            return
        last = stroke.points[-1]
        if max(abs(point.x - last.x), abs(point.y - last.y)) < _LEAST_MOVE:
            return
        self._stroke = stroke.of((*stroke.points, point))
        self.painted.emit(self._painter.step(self.image, self._stroke))

    def end(self) -> None:
        """The stroke is done."""
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            box = self._painter.tail(self.image, stroke)
            self._note(stroke)
            self.painted.emit(box)

    def do(self, operation: Operation) -> None:
        """Does something other than a stroke under the pen; what would change nothing is not."""
        self.end()
        if isinstance(operation, Hold | LetGo):
            self._note(operation)
            return
        before = QImage(self.image)
        self._paint(operation, self.drawing.done)
        if isinstance(operation, Another | Setting | Return) or self.image != before:
            self._note(operation)
            self.painted.emit(self.image.rect())

    def undo(self) -> None:
        """Takes back what was done last."""
        self.end()
        if self.drawing.done:
            self.drawing = self.drawing.taken_back()
            self._restore()
            self._tell_all()

    def redo(self) -> None:
        """Does again what was taken back last."""
        self.end()
        if self.drawing.undone:
            self.drawing = self.drawing.done_again()
            if len(self.drawing.done) in self._kept:
                self._restore()
            else:
                self._paint(self.drawing.done[-1], self.drawing.done[:-1])
                self._cost += _cost(self.drawing.done[-1])
            self._tell_all()

    def image_of(self, drawing: Drawing) -> QImage:
        """The pixels of another drawing."""
        other = Sheet(self.subject)
        other.take(drawing)
        return other.image

    def take(self, drawing: Drawing) -> None:
        """Shows another drawing."""
        self._stroke = None
        self.drawing, self._kept = drawing, {}
        self._restore()
        self._tell_all()

    def _note(self, operation: Operation) -> None:
        self.drawing = self.drawing.then(operation)
        count = len(self.drawing.done)
        self._kept = {at: pixels for at, pixels in self._kept.items() if at < count}
        self._cost += _cost(operation)
        if self._cost >= _POINTS_BETWEEN:
            self._cost = 0
            self._kept[count] = zlib.compress(words_of(self.image).tobytes(), 1)
        self.changed.emit()

    def _restore(self) -> None:
        """Makes the pixels those of the drawing, from the nearest ones that were kept."""
        count = len(self.drawing.done)
        start = max((at for at in self._kept if at <= count), default=0)
        self.image = blank(self.subject.ground)
        if start:
            kept = np.frombuffer(zlib.decompress(self._kept[start]), np.uint32)
            words_of(self.image)[...] = kept.reshape(PAPER, PAPER)
        since = self.drawing.done[start:]
        for at, operation in enumerate(since, start):
            self._paint(operation, self.drawing.done[:at])
        self._cost = sum(_cost(operation) for operation in since)

    def _paint(self, operation: Operation, before: tuple[Operation, ...]) -> None:
        """Paints what is done after all that was done `before`."""
        match operation:
            case Stroke():
                paint_stroke(self.image, operation)
            case Fill():
                paint_fill(self.image, operation)
            case Clear():
                self.image = blank(self.subject.ground)
            case Template():
                self.image = blank(self.subject.ground)
                paint_template(self.image, operation.name, self.subject)
            case Surprise():
                self.image = blank(self.subject.ground)
                paint_surprise(self.image, operation.seed, self.subject)
            case Return():
                self.image = blank(self.subject.ground)
                for each in line_of((*before, operation)):
                    self._paint(each, ())
            case Lines():
                self.image = blank(self.subject.ground)
                paint_lines(self.image, operation)
            case Another() | Setting() | Hold() | LetGo():
                pass

    def _tell_all(self) -> None:
        self.painted.emit(self.image.rect())
        self.changed.emit()


def _cost(operation: Operation) -> int:
    if isinstance(operation, Stroke):
        return len(operation.points) * (2 if operation.mirrored else 1)
    return _LIKE_POINTS.get(type(operation), 0)
