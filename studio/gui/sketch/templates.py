"""Drawings to start from, drawn by code."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from studio.gui.sketch.subjects import Subject
from studio.gui.state.drawing import PAPER

_MIDDLE = PAPER / 2
_LINE = 6.0  # px


def paint_template(image: QImage, name: str, subject: Subject) -> None:
    """Draws a template on a blank paper; one that is not known leaves it blank."""
    with QPainter(image) as painter:
        if name in _CATS:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(QColor(subject.pen), _LINE)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            _paint_cat(painter, _CATS[name])
        elif name in _FRONTS:
            _FRONTS[name](Wall(painter, subject))


@dataclass(frozen=True)
class _Cat:
    """A cat's face, measured in px from the paper's middle.

    Attributes:
        wide, high: half of the head.
        ears: how far they stand above the head.
        eye: half width of an eye.
        open: half height of an eye; 0: closed.
        apart: from one eye's middle to the face's middle.
        look: height of the eyes above the paper's middle.
    """

    wide: float = 170
    high: float = 150
    ears: float = 78
    eye: float = 36
    open: float = 24
    apart: float = 76
    look: float = 18


_CATS = {
    "Cat face": _Cat(),
    "Round eyes": _Cat(eye=38, open=38, apart=80),
    "Sleepy cat": _Cat(open=0, eye=42, high=140),
    "Kitten": _Cat(wide=146, high=128, ears=118, eye=37, open=37, apart=68, look=0),
}


def _paint_cat(painter: QPainter, cat: _Cat) -> None:
    head = _MIDDLE + 40  # height of the head's middle, in px from above
    half = QPainterPath(QPointF(_MIDDLE, head + cat.high))  # the right half, from the chin up
    half.cubicTo(
        _MIDDLE + 0.65 * cat.wide, head + cat.high, _MIDDLE + cat.wide, head + 0.6 * cat.high,
        _MIDDLE + cat.wide, head,
    )  # fmt: skip
    brow, top = head - 0.86 * cat.high, head - cat.high
    half.quadTo(_MIDDLE + cat.wide, head - 0.35 * cat.high, _MIDDLE + 0.93 * cat.wide, brow)
    half.lineTo(_MIDDLE + 0.86 * cat.wide, top - cat.ears)  # the ear's tip
    half.quadTo(_MIDDLE + 0.5 * cat.wide, top - 0.5 * cat.ears, _MIDDLE + 0.34 * cat.wide, top)
    half.quadTo(_MIDDLE + 0.15 * cat.wide, top - 6, _MIDDLE, top - 6)
    inner = QPainterPath(QPointF(_MIDDLE + 0.52 * cat.wide, top + 4))
    inner.lineTo(_MIDDLE + 0.78 * cat.wide, top - 0.6 * cat.ears)
    inner.lineTo(_MIDDLE + 0.8 * cat.wide, brow + 6)
    half.addPath(inner)
    eyes = head - cat.look - 30
    _add_eye(half, QPointF(_MIDDLE + cat.apart, eyes), cat)
    nose = head + 38
    half.moveTo(_MIDDLE, nose - 10)
    half.lineTo(_MIDDLE + 22, nose - 10)
    half.quadTo(_MIDDLE + 18, nose + 10, _MIDDLE, nose + 14)
    half.lineTo(_MIDDLE, nose + 34)
    half.quadTo(_MIDDLE + 8, nose + 52, _MIDDLE + 44, nose + 44)
    for rise in (-14.0, 4.0, 22.0):
        half.moveTo(_MIDDLE + 74, nose + 22 + rise / 3)
        half.lineTo(_MIDDLE + cat.wide + 44, nose + 12 + 1.6 * rise)
    painter.drawPath(half)
    painter.drawPath(QTransform(-1, 0, 0, 1, PAPER, 0).map(half))


def _add_eye(path: QPainterPath, middle: QPointF, cat: _Cat) -> None:
    left, right = (QPointF(middle.x() + side * cat.eye, middle.y()) for side in (-1, 1))
    if not cat.open:
        path.moveTo(left)
        path.quadTo(middle + QPointF(0, 0.8 * cat.eye), right)
        return
    if cat.open >= cat.eye:
        path.addEllipse(middle, cat.eye, cat.open)
    else:
        path.moveTo(left)
        path.quadTo(middle - QPointF(0, 2 * cat.open), right)
        path.quadTo(middle + QPointF(0, 2 * cat.open), left)
    path.addEllipse(middle, 0.24 * cat.eye, 0.72 * cat.open)


@dataclass(frozen=True)
class Wall:
    """A label map in the making."""

    painter: QPainter
    subject: Subject

    def put(self, label: str, left: int, top: int, width: int, height: int) -> None:
        """Covers an area, in px; labels that these weights do not know are left out."""
        colour = self.subject.colour(label)
        if colour is not None:
            self.painter.fillRect(QRect(left, top, width, height), QColor(colour))

    def windows(self, tops: tuple[int, ...], columns: int, width: int, height: int) -> None:
        """Rows of windows with sills, spread over the wall."""
        step = 432 / columns
        for top in tops:
            for column in range(columns):
                left = round(40 + (column + 0.5) * step - width / 2)
                self.put("window", left, top, width, height)
                self.put("sill", left - 6, top + height, width + 12, 10)


def _town_house(wall: Wall) -> None:
    wall.put("wall", 40, 40, 432, 472)
    wall.put("cornice", 28, 40, 456, 26)
    wall.windows((100, 232), 4, 56, 92)
    for left in (66, 390):
        wall.put("window", left, 366, 56, 80)
        wall.put("sill", left - 6, 446, 68, 10)
    wall.put("moulding", 40, 342, 432, 10)
    wall.put("door", 218, 372, 76, 140)


def _shop(wall: Wall) -> None:
    wall.put("wall", 40, 30, 432, 482)
    wall.put("cornice", 28, 30, 456, 24)
    wall.windows((84, 214), 3, 72, 92)
    for column in range(3):
        wall.put("balcony", 40 + 144 * column + 22, 286, 100, 34)
    wall.put("cornice", 34, 346, 444, 18)
    wall.put("shop", 56, 376, 260, 136)
    wall.put("door", 352, 376, 80, 136)


def _block(wall: Wall) -> None:
    wall.put("wall", 24, 24, 464, 488)
    wall.windows((52, 144, 236, 328), 6, 42, 58)
    for left in (24, 468):
        wall.put("pillar", left, 24, 20, 488)
    wall.put("moulding", 24, 410, 464, 12)
    wall.put("door", 226, 432, 60, 80)
    for left in (64, 140, 310, 386):
        wall.put("shop", left, 438, 62, 74)


_FRONTS: dict[str, Callable[[Wall], None]] = {
    "Town house": _town_house, "Shop and balconies": _shop, "Block of windows": _block,
}  # fmt: skip
