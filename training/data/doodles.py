"""Lines as people draw them: from the edges of photos, and from nothing, as a child draws a cat."""

import math
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter
from scipy.ndimage import gaussian_filter, label, map_coordinates
from skimage.morphology import skeletonize

Lines = NDArray[np.floating]
_FINER = 3  # lines are drawn so many times larger, then reduced: smooth without blur
_TAU = 2 * math.pi


def simplify(edges: Lines, size: int, random: np.random.Generator) -> Lines:
    """A drawing after the edges of a photo: fewer lines, broken, wobbly, of any width.

    Args:
        edges: (H, W) in [0, 1], 1 is a strong edge.
        size: side of the result in px.
        random: the source of randomness.

    Returns:
        (size, size) in [0, 1], 1 is ink.
    """
    if random.random() < 0.15:  # as they are, for whoever imports a photo's edges
        return _resize(np.clip(edges * random.uniform(1, 1.5), 0, 1), size)
    # Less what is around them: where edges crowd, the skeleton of all of them would be a mesh.
    ridges = edges - random.uniform(0.6, 0.9) * gaussian_filter(edges, 5 * edges.shape[0] / 160)
    lines = skeletonize(ridges > random.uniform(0.08, 0.35))
    lines = _without_specks(lines, random)
    lines = _broken(lines, random)
    width = random.uniform(1.0, 4.5) * edges.shape[0] / 160
    ink = _thickened(lines, width)
    if random.random() < 0.8:
        ink = warped(ink, random)
    return _resize(ink, size)


def _without_specks(lines: NDArray[np.bool_], random: np.random.Generator) -> NDArray[np.bool_]:
    """Without short lines, and without a few of the others: whiskers, the outline, an ear."""
    parts, count = cast("tuple[NDArray[np.int32], int]", label(lines, np.ones((3, 3))))
    lengths = np.bincount(parts.ravel(), minlength=count + 1)
    keep = lengths >= int(random.integers(4, 30))
    keep &= random.random(count + 1) > random.choice((0.0, 0.1, 0.3))
    keep[0] = False
    return keep[parts]


def _broken(lines: NDArray[np.bool_], random: np.random.Generator) -> NDArray[np.bool_]:
    """With gaps, and sometimes without one side or corner."""
    height, width = lines.shape
    y, x = np.mgrid[:height, :width]
    lines = lines.copy()
    for _ in range(random.integers(0, 12)):
        radius = random.uniform(2, 9) * height / 160
        centre = random.uniform(0, height), random.uniform(0, width)
        lines[(y - centre[0]) ** 2 + (x - centre[1]) ** 2 < radius**2] = False
    if random.random() < 0.3:  # what is outside the head
        centre = height * random.uniform(0.45, 0.6), width * random.uniform(0.42, 0.58)
        reach = height * random.uniform(0.33, 0.5)
        lines[(y - centre[0]) ** 2 + (x - centre[1]) ** 2 > reach**2] = False
    return lines


def _thickened(lines: NDArray[np.bool_], width: float) -> Lines:
    """Ink of a width in px along lines of one px."""
    blurred = gaussian_filter(lines.astype(np.float32), width / 2)
    level = 0.5 / (width / 2 * math.sqrt(_TAU)) * math.exp(-0.5)
    return np.clip((blurred - level * 0.7) / (level * 0.6), 0, 1).astype(np.float32)


def warped(ink: Lines, random: np.random.Generator) -> Lines:
    """As a hand that is not sure: shifted by a smooth random field."""
    height, width = ink.shape
    smooth = random.uniform(5, 16) * height / 160
    strength = random.uniform(0.5, 3.5) * height / 160
    fields = random.standard_normal((2, height, width), np.float32)
    fields = np.stack([gaussian_filter(field, smooth) for field in fields])
    fields *= strength / (fields.std() + 1e-6)
    y, x = np.mgrid[:height, :width]
    return map_coordinates(ink, [y + fields[0], x + fields[1]], order=1, mode="nearest")


def _resize(ink: Lines, size: int) -> Lines:
    if ink.shape == (size, size):
        return ink
    image = Image.fromarray((ink * 255).astype(np.uint8)).resize((size, size), Image.Resampling.BOX)
    return np.asarray(image, np.float32) / 255


def draw_cat(size: int, random: np.random.Generator) -> Lines:
    """A cat's head as a child draws it: a round head, two ears, eyes, a nose, perhaps whiskers.

    Args:
        size: side of the picture in px.
        random: the source of randomness.

    Returns:
        (size, size) in [0, 1], 1 is ink.
    """
    return _Doodle(size, random).draw()


class _Doodle:
    """One drawing; lengths are shares of the picture's side."""

    def __init__(self, size: int, random: np.random.Generator) -> None:
        self.size, self.random = size, random
        side = size * _FINER
        self.image = Image.new("L", (side, side))
        self.ink = ImageDraw.Draw(self.image)
        self.width = max(1, round(random.uniform(0.008, 0.03) * side))
        self.centre = random.uniform(0.45, 0.55), random.uniform(0.5, 0.6)
        self.radius = random.uniform(0.26, 0.38)
        self.flat = random.uniform(0.8, 1.05)  # height of the head over its width

    def draw(self) -> Lines:
        """Draws all of it."""
        closed = self.random.random() < 0.5
        self._head(gap=0.0 if closed else self.random.uniform(0.3, 0.9))
        kind, size = self.random.random(), self.random.uniform(0.07, 0.17)
        for sign in (-1, 1):
            self._ear(sign)
            self._eye(sign, kind, size * self.random.uniform(0.85, 1.15))
        self._nose_and_mouth()
        if self.random.random() < 0.7:
            self._whiskers()
        small = self.image.filter(ImageFilter.GaussianBlur(_FINER / 3))
        small = small.resize((self.size, self.size), Image.Resampling.BOX)
        return np.asarray(small, np.float32) / 255

    def _at(self, angle: float, reach: float = 1.0) -> tuple[float, float]:
        """A point of the head's outline, or of one `reach` times as large; right, then down."""
        x = self.centre[0] + reach * self.radius * math.cos(angle)
        return x, self.centre[1] + reach * self.radius * self.flat * math.sin(angle)

    def _line(self, points: list[tuple[float, float]]) -> None:
        """A wobbly line through points."""
        side = self.size * _FINER
        wobble = self.random.normal(0, 0.004, (len(points), 2))
        shaky = [
            ((x + dx) * side, (y + dy) * side)
            for (x, y), (dx, dy) in zip(points, wobble, strict=True)
        ]
        self.ink.line(shaky, fill=255, width=self.width, joint="curve")
        for x, y in (shaky[0], shaky[-1]):  # round ends
            r = self.width / 2
            self.ink.ellipse((x - r, y - r, x + r, y + r), fill=255)

    def _head(self, gap: float) -> None:
        """The outline; with a gap it is open on top, between the ears."""
        start, stop = -_TAU / 4 + gap, _TAU * 3 / 4 - gap
        self._line([self._at(a) for a in np.linspace(start, stop, 28)])

    def _ear(self, sign: int) -> None:
        middle = -_TAU / 4 + sign * self.random.uniform(0.55, 0.85)
        half = self.random.uniform(0.22, 0.36)
        tip = self._at(middle + sign * 0.08, self.random.uniform(1.35, 1.7))
        self._line([self._at(middle - half), tip, self._at(middle + half)])

    def _eye(self, sign: int, kind: float, size: float) -> None:
        random = self.random
        x = self.centre[0] + sign * self.radius * random.uniform(0.34, 0.46)
        y = self.centre[1] - self.radius * random.uniform(0.05, 0.25)
        r = self.radius * size
        side = self.size * _FINER
        box = [c * side for c in (x - r, y - r, x + r, y + r)]
        if kind < 0.5:
            self.ink.ellipse(box, fill=255)
        elif kind < 0.85:
            self.ink.ellipse(box, outline=255, width=self.width)
            if random.random() < 0.5:
                self._line([(x, y - r * 0.6), (x, y + r * 0.6)])
        else:
            self._line([(x - r, y), (x, y - r * 0.6), (x + r, y)])

    def _nose_and_mouth(self) -> None:
        random, r = self.random, self.radius
        x, y = self.centre[0], self.centre[1] + r * random.uniform(0.15, 0.32)
        w = r * random.uniform(0.08, 0.16)
        triangle = [(x - w, y), (x + w, y), (x, y + w), (x - w, y)]
        side = self.size * _FINER
        if random.random() < 0.6:
            self.ink.polygon([(a * side, b * side) for a, b in triangle], fill=255)
        else:
            self._line(triangle)
        if random.random() < 0.85:
            for sign in (-1, 1):
                curve = np.linspace(0, math.pi / 2, 6)
                points = [(x, y + w), (x, y + 2 * w)]
                points += [
                    (x + sign * 2.2 * w * math.sin(a), y + 2 * w + 1.2 * w * math.sin(2 * a) / 2)
                    for a in curve
                ]
                self._line(points)

    def _whiskers(self) -> None:
        count = int(self.random.integers(2, 4))
        y = self.centre[1] + self.radius * 0.3
        for sign in (-1, 1):
            for index in range(count):
                tilt = (index - (count - 1) / 2) * 0.12 + self.random.normal(0, 0.02)
                start = self.centre[0] + sign * self.radius * 0.45
                stop = self.centre[0] + sign * self.radius * self.random.uniform(1.0, 1.35)
                drop = self.radius * tilt
                self._line([(start, y + 0.3 * drop), (stop, y + 2 * drop)])
