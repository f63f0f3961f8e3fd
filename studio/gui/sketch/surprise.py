"""Drawings that nobody has drawn, to begin with: heads of cats in strokes, fronts of houses."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from PySide6.QtGui import QImage, QPainter

from studio.gui.drawing.stroke_painter import paint_stroke
from studio.gui.sketch.subjects import Subject
from studio.gui.sketch.templates import Wall
from studio.gui.state.drawing import PAPER, Point, Stroke

_STEP = 9.0  # px between two points of a stroke
Place = tuple[float, float]


def paint_surprise(image: QImage, seed: int, subject: Subject) -> None:
    """Paints what a seed stands for on a blank paper."""
    random = np.random.default_rng(seed)
    if subject.labels:
        with QPainter(image) as painter:
            _build(Wall(painter, subject), random)
        return
    for stroke in _Cat(random, subject.pen).strokes():
        paint_stroke(image, stroke)


class _Cat:
    """A head; lengths are in px of the paper, angles from the right, clockwise.

    Args:
        random: says how it looks.
        colour: of the pen.
    """

    def __init__(self, random: np.random.Generator, colour: str) -> None:
        self._random, self._colour = random, colour
        self._pen = random.uniform(5.0, 8.0)
        self._wide, long = random.uniform(140, 182), random.uniform(0.78, 0.98)
        self._high = self._wide * long
        self._power = random.uniform(2.0, 2.5)  # of a superellipse: 2 is an ellipse
        self._x, self._y = random.normal(PAPER / 2, 6), random.normal(300, 8)
        self._shake = random.uniform(0.6, 2.2)
        self._strokes: list[Stroke] = []

    def strokes(self) -> Sequence[Stroke]:
        """All of them, in the order in which one would draw."""
        random = self._random
        foot, wide = random.uniform(0.5, 0.62), random.uniform(0.42, 0.6)  # from the top, in rad
        tip, lean = random.uniform(1.38, 1.62), random.uniform(-0.05, 0.12)
        outer, inner = foot + wide / 2 + 0.1, foot - wide / 2
        top = math.pi * 1.5
        self._curve([self._at(a) for a in np.linspace(top + outer, top + math.tau - outer, 40)])
        self._curve([self._at(a) for a in np.linspace(top - inner, top + inner, 10)])
        has_inside = random.random() < 0.6
        for side in (-1, 1):
            feet = self._at(top + side * outer), self._at(top + side * inner)
            peak = self._at(top + side * (foot + lean), tip)
            self._line(feet[0], self._beside(feet[0], peak, 0.06 * side), peak, feet[1])
            if has_inside:
                middle = self._between(feet[0], feet[1], 0.5)
                low = [self._between(self._between(f, middle, 0.4), peak, 0.12) for f in feet]
                self._line(low[0], self._between(middle, peak, 0.72), low[1])
        self._eyes()
        self._muzzle()
        if random.random() < 0.3:
            for shift in (-0.13, 0.0, 0.13):
                x, up = self._x + shift * self._wide, abs(shift) * 0.5
                self._line(
                    (x, self._y - (0.92 - up) * self._high), (x, self._y - 0.66 * self._high)
                )
        return self._strokes

    def _eyes(self) -> None:
        random, kind = self._random, self._random.choice(4, p=(0.35, 0.3, 0.2, 0.15))
        size = self._wide * random.uniform(0.18, 0.26)
        apart, up = self._wide * random.uniform(0.4, 0.47), self._high * random.uniform(0.08, 0.2)
        flat, slant = random.uniform(0.65, 0.95), random.uniform(-0.05, 0.25)
        for side in (-1, 1):
            x, y = self._x + side * apart, self._y - up
            if kind == 0:  # open wide
                self._oval(x, y, size, size * flat)
                self._oval(x, y, 0.22 * size, 0.6 * size * flat, filled=True)
            elif kind == 1:  # almonds
                tilt = -side * slant * size
                left, right = (x - size, y - side * tilt), (x + size, y + side * tilt)
                for bend in (-1, 1):
                    arc = np.linspace(0, math.pi, 10)
                    self._curve([
                        (self._between(left, right, (1 - math.cos(a)) / 2)[0],
                         self._between(left, right, (1 - math.cos(a)) / 2)[1]
                         + bend * 0.62 * size * math.sin(a))
                        for a in arc
                    ])  # fmt: skip
                self._line((x, y - 0.45 * size), (x, y + 0.45 * size))
            elif kind == 2:  # dots
                self._oval(x, y, 0.5 * size, 0.6 * size, filled=True)
            else:  # asleep
                arc = np.linspace(0.1, math.pi - 0.1, 12)
                self._curve([
                    (x + size * math.cos(a), y + 0.55 * size * math.sin(a)) for a in arc
                ])  # fmt: skip

    def _muzzle(self) -> None:
        random = self._random
        x, y = self._x, self._y + self._high * random.uniform(0.22, 0.34)
        wide = self._wide * random.uniform(0.11, 0.16)
        tall, mouth = 0.8 * wide, self._high * random.uniform(0.1, 0.2)
        self._line((x - wide, y), (x + wide, y), (x, y + tall), (x - wide, y))
        if random.random() < 0.5:
            self._line((x - 0.5 * wide, y + 0.3 * tall), (x + 0.5 * wide, y + 0.3 * tall))
        self._line((x, y + tall), (x, y + tall + 0.5 * mouth))
        smile = self._wide * random.uniform(0.16, 0.26)
        for side in (-1, 1):
            arc = np.linspace(0, 0.8 * math.pi, 10)
            self._curve([
                (x + side * smile * (1 - math.cos(a)) / 2,
                 y + tall + 0.5 * mouth + 0.6 * mouth * math.sin(a)) for a in arc
            ])  # fmt: skip
        if random.random() < 0.8:
            self._whiskers(y + tall, int(random.integers(2, 4)))

    def _whiskers(self, y: float, count: int) -> None:
        random, spread = self._random, self._random.uniform(0.1, 0.2)
        for side in (-1, 1):
            reach = self._wide * random.uniform(1.08, 1.3)
            for number in range(count):
                tilt = (number - (count - 1) / 2) * spread * self._wide + random.normal(0, 4)
                start = self._x + side * 0.42 * self._wide, y + 0.25 * tilt
                end = self._x + side * reach, y + tilt
                self._line(start, self._beside(start, end, -0.05 * side), end)

    def _at(self, angle: float, reach: float = 1.0) -> Place:
        """A point of the head's outline, or of one `reach` times as large."""
        cos, sin = math.cos(angle), math.sin(angle)
        away = (abs(cos) ** self._power + abs(sin) ** self._power) ** (-1 / self._power) * reach
        return self._x + away * self._wide * cos, self._y + away * self._high * sin

    def _beside(self, one: Place, other: Place, share: float) -> Place:
        """Between two places, and aside by a share of their distance."""
        x, y = self._between(one, other, 0.5)
        return x + share * (other[1] - one[1]), y - share * (other[0] - one[0])

    def _between(self, one: Place, other: Place, share: float) -> Place:
        return one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])

    def _oval(self, x: float, y: float, wide: float, high: float, *, filled: bool = False) -> None:
        rings = (1.0, 0.62, 0.25) if filled else (1.0,)
        start = self._random.uniform(0, math.tau)
        for ring in rings:
            arc = np.linspace(start, start + 1.02 * math.tau, 18)
            self._curve([
                (x + ring * wide * math.cos(a), y + ring * high * math.sin(a)) for a in arc
            ])  # fmt: skip

    def _line(self, *corners: Place) -> None:
        """A stroke through corners, which it rounds no more than a hand does."""
        places = [corners[0]]
        for one, other in pairwise(corners):
            count = max(1, round(math.dist(one, other) / _STEP))
            places += [self._between(one, other, n / count) for n in range(1, count + 1)]
        self._curve(places)

    def _curve(self, places: Sequence[Place]) -> None:
        """A stroke through places, drawn by a hand that is not quite sure."""
        knots = max(2, len(places) // 6)
        at = np.linspace(0, knots - 1, len(places))
        away = [
            np.interp(at, np.arange(knots), self._random.normal(0, self._shake, knots))
            for _ in range(2)
        ]
        points = tuple(
            Point(float(x + dx), float(y + dy))
            for (x, y), dx, dy in zip(places, *away, strict=True)
        )
        self._strokes.append(Stroke(points, self._colour, self._pen))


def _build(wall: Wall, random: np.random.Generator) -> None:
    """A front: floors of windows, and below them a door among shops or windows."""
    floors, columns = int(random.integers(2, 5)), int(random.integers(3, 7))
    top, ground = int(random.integers(24, 60)), int(random.integers(120, 160))
    wall.put("wall", 40, top, 432, PAPER - top)
    wall.put("cornice", 28, top, 456, int(random.integers(14, 30)))
    room = PAPER - ground - top - 40
    high = round(room / floors * random.uniform(0.55, 0.75))
    wide = round(432 / columns * random.uniform(0.42, 0.65))
    tops = [top + 44 + round(room * floor / floors) for floor in range(floors)]
    wall.windows(tuple(tops), columns, wide, high)
    if random.random() < 0.4:
        wall.put("balcony", 60, tops[-1] + high - 22, 392, 30)
    line = PAPER - ground
    wall.put("moulding", 40, line, 432, 10)
    width = int(random.integers(60, 90))
    left = int(random.choice((72, (PAPER - width) // 2, PAPER - 72 - width)))
    wall.put("door", left, line + 26, width, ground - 26)
    below: Callable[[int, int], None] = (
        (lambda x, w: wall.put("shop", x, line + 28, w, ground - 28))
        if random.random() < 0.5
        else (lambda x, w: wall.put("window", x, line + 34, w, ground - 70))
    )
    for start, stop in ((56, left - 16), (left + width + 16, PAPER - 56)):
        count = (stop - start) // 90
        for number in range(count):
            step = (stop - start) / count
            below(round(start + number * step + 6), round(step) - 12)
