"""A photo's head as somebody draws it who does not draw well: where its ears, eyes and nose are.

`cat_heads.csv` says where they are. The eyes were found by a net that had learnt on the aligned
faces of `cats/faces_64` how they had been moved, turned and enlarged; ears and outline are the
triangles and the curve along which most of the head's edges lie.
"""

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from training.data.doodles import Lines, warped

_FILE = Path(__file__).with_name("cat_heads.csv")
_FINER = 3  # lines are drawn so many times larger, then reduced
_NOSE = 1.45  # below the eyes, in half distances of the eyes, as the three below
_MIDDLE = 0.35  # of the outline
_USUAL = 0.26  # distance of the eyes, as a share of the side
_TOP = -1.75  # of the outline where it is closed
_ARC = np.linspace(0, math.tau, 41)

Points = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Head:
    """Where the parts of a head are.

    Attributes:
        between: the eyes, x and y as shares of the photo's side.
        axis: from there to the eye on the right, likewise.
        ears: (2, 3, 2): left and right; tip, inner and outer foot, in half distances of the eyes
            from `between`, along `axis` and down.
        cheek, chin: of the outline, likewise: half its width, and where it ends below.
        power: of the outline's superellipse; 2: an ellipse.
    """

    between: Points
    axis: Points
    ears: Points
    cheek: float
    chin: float
    power: float


def read_heads() -> dict[str, Head]:
    """The heads of `cats/heads_160`, by the photos' names."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    found: dict[str, Head] = {}
    for name, *texts in rows:
        numbers = np.array(texts, np.float64)
        cheek, chin, power = numbers[16:].tolist()
        ears = numbers[4:16].reshape(2, 3, 2)
        found[name] = Head(numbers[:2], numbers[2:4], ears, cheek, chin, power)
    return found


def landmarks_of(head: Head) -> Points:
    """Eyes, nose, tips and feet of the ears, cheeks, chin: (12, 2), x and y in [-1, 1]."""
    cheeks = [[-head.cheek, _MIDDLE], [head.cheek, _MIDDLE]]
    points = [[-1, 0], [1, 0], [0, _NOSE], *head.ears.reshape(6, 2), *cheeks, [0, head.chin]]
    return _placed(head, np.array(points, np.float64)) * 2 - 1


def varied(heads: Sequence[Head], random: np.random.Generator) -> Head:
    """A head as nobody has it: one's ears on another's cheeks, wider or longer, as people draw."""
    one, other = (heads[int(random.integers(len(heads)))] for _ in range(2))
    wide, long = np.exp(random.normal(0, 0.18, 2))
    feet = one.ears[:, 1:].mean(1)
    ears = one.ears.copy()
    ears[:, 0] = feet + (ears[:, 0] - feet) * np.exp(random.normal(0.15, 0.3))
    ears[..., 0] *= wide
    size = 0.5 * _USUAL / np.hypot(*one.axis)
    middle = np.array([0.5, 0.5]) + random.normal(0, 0.01, 2)
    cheek, chin = other.cheek * wide, other.chin * long
    return Head(middle, one.axis * size, ears, cheek, chin, other.power)


def _placed(head: Head, points: Points) -> Points:
    """Points (N, 2) in half distances of the eyes as shares of the photo's side."""
    down = np.array([-head.axis[1], head.axis[0]])
    return head.between + points[:, :1] * head.axis + points[:, 1:] * down


def doodle_of(head: Head, size: int, random: np.random.Generator) -> Lines:
    """A drawing of a head, in the photo's frame.

    Args:
        head: where its parts are.
        size: side of photo and drawing in px.
        random: the source of randomness.

    Returns:
        (size, size) in [0, 1], 1 is ink.
    """
    ink = _Hand(head, size, random).draw()
    return warped(ink, random) if random.random() < 0.5 else ink


class _Hand:
    """Draws one head; its parts are in half distances of the eyes from between them."""

    def __init__(self, head: Head, size: int, random: np.random.Generator) -> None:
        self.head, self.size, self.random = head, size, random
        self.image = Image.new("L", (size * _FINER, size * _FINER))
        self.ink = ImageDraw.Draw(self.image)
        self.width = max(2, round(random.uniform(0.009, 0.034) * size * _FINER))
        self.shake = random.uniform(0.0, 0.05)

    def draw(self) -> Lines:
        """Most of it: people leave out what they like."""
        random = self.random
        self._outline()
        for ear in self.head.ears:
            if random.random() < 0.97:
                self._ear(ear)
        if random.random() < 0.88:
            self._eyes()
        if random.random() < 0.75:
            self._nose()
        if random.random() < 0.7:
            self._mouth()
        if random.random() < 0.6:
            self._whiskers()
        small = self.image.resize((self.size, self.size), Image.Resampling.BOX)
        return np.asarray(small, np.float32) / 255

    def _line(self, points: Points, *, closed: bool = False) -> None:
        """A shaky line through points (N, 2)."""
        shaky = points + self.random.normal(0, self.shake, points.shape)
        if closed:
            shaky[-1] = shaky[0]
        places = self._places(shaky)
        self.ink.line(places, fill=255, width=self.width, joint="curve")
        for x, y in (places[0], places[-1]):  # round ends
            r = self.width / 2
            self.ink.ellipse((x - r, y - r, x + r, y + r), fill=255)

    def _places(self, points: Points) -> list[tuple[float, float]]:
        """In px of the image."""
        places = _placed(self.head, points)
        return [(x, y) for x, y in (places * self.size * _FINER).tolist()]

    def _curve(self, angles: Points) -> Points:
        """Of the outline; 0 is at the right, a quarter turn on is the chin."""
        head = self.head
        x, y = np.cos(angles), np.sin(angles)
        x, y = (np.sign(each) * np.abs(each) ** (2 / head.power) for each in (x, y))
        below, above = head.chin - _MIDDLE, _MIDDLE - _TOP
        return np.stack([head.cheek * x, _MIDDLE + np.where(y > 0, below, above) * y], 1)

    def _outline(self) -> None:
        """Closed, or open between the ears, or with the line between them."""
        kind = self.random.random()
        if kind < 0.6:
            self._line(self._curve(_ARC), closed=self.random.random() < 0.8)
            return
        left, right = self.head.ears[0], self.head.ears[1]
        below = self._curve(np.linspace(-0.35, math.pi + 0.35, 24))
        self._line(np.concatenate([right[2:], below, left[2:]]))
        if kind < 0.9:
            self._line(np.linspace(left[1], right[1], 5))

    def _ear(self, ear: Points) -> None:
        """Two sides; sometimes round, or closed, or with an inner ear."""
        random = self.random
        tip, inner, outer = ear
        tip = tip * (1, random.uniform(0.95, 1.2))
        line = np.stack([inner, tip, outer])
        if random.random() < 0.25:  # as an arc
            along = np.linspace(0, 1, 12)[:, None]
            line = (1 - along) ** 2 * inner + along**2 * outer
            line = line + 2 * along * (1 - along) * (2 * tip - (inner + outer) / 2) / 1.2
        elif random.random() < 0.2:
            line = np.stack([inner, tip, outer, inner])
        self._line(line)
        if random.random() < 0.15:
            middle = line.mean(0)
            self._line(middle + 0.5 * (np.stack([inner, tip, outer]) - middle))

    def _eyes(self) -> None:
        """Both of one kind: dots, circles, strokes, arcs, almonds with a slit."""
        random = self.random
        kind, size = random.random(), random.uniform(0.12, 0.42)
        filled = random.random() < 0.4
        for sign in (-1, 1):
            middle = np.array([sign, 0.0]) + random.normal(0, 0.06, 2)
            circle = middle + size * np.stack([np.cos(_ARC), np.sin(_ARC)], 1)
            if kind < 0.3:
                self._blot(middle + 0.6 * (circle - middle))
            elif kind < 0.55:
                self._line(circle)
                if filled:
                    self._blot(middle + 0.45 * (circle - middle))
            elif kind < 0.75:
                self._line(middle + size * np.array([[0.0, -0.7], [0.0, 0.7]]))
            elif kind < 0.85:
                self._line(middle + size * np.array([[-1.2, 0.0], [1.2, 0.0]]))
            elif kind < 0.92:
                bent = np.linspace(math.pi, math.tau, 9)
                self._line(middle + size * np.stack([1.2 * np.cos(bent), np.sin(bent)], 1))
            else:
                almond = middle + (circle - middle) * (1.5, 0.8)
                self._line(almond)
                self._line(middle + size * np.array([[0.0, -0.7], [0.0, 0.7]]))

    def _nose(self) -> None:
        random = self.random
        r = random.uniform(0.1, 0.35)
        middle = np.array([0.0, _NOSE - 0.2]) + random.normal(0, 0.06, 2)
        triangle = middle + r * np.array([[-1, -0.6], [1, -0.6], [0, 0.7], [-1, -0.6]])
        kind = random.random()
        if kind < 0.35:
            self._blot(triangle)
        elif kind < 0.65:
            self._line(triangle, closed=True)
        elif kind < 0.85:
            self._blot(middle + 0.5 * r * np.stack([np.cos(_ARC), np.sin(_ARC)], 1))
        else:
            self._line(middle + r * np.array([[0.0, -1.0], [0.3, 0.4], [-0.3, 0.6]]))

    def _mouth(self) -> None:
        """A smile, a frown, a stroke, or the two arcs below a cat's nose."""
        random = self.random
        y, w = _NOSE + random.uniform(0.15, 0.45), random.uniform(0.3, 0.9)
        bent = np.linspace(0, math.pi, 9)
        arc = np.stack([np.cos(bent), np.sin(bent)], 1)
        kind = random.random()
        if kind < 0.35:
            self._line(np.array([0.0, y]) + arc * (w, 0.5 * w))
        elif kind < 0.45:
            self._line(np.array([0.0, y + 0.5 * w]) - arc * (w, 0.5 * w))
        elif kind < 0.6:
            self._line(np.array([[-w, y], [w, y]]))
        else:
            self._line(np.array([[0.0, _NOSE], [0.0, y]]))
            for sign in (-1, 1):
                self._line(np.array([sign * w / 2, y]) + arc * (w / 2, 0.4 * w))

    def _whiskers(self) -> None:
        random = self.random
        count, start = int(random.integers(2, 4)), random.uniform(0.6, 2.2)
        stop = start + random.uniform(0.8, 2.2)
        for sign in (-1, 1):
            for number in range(count):
                tilt = number - (count - 1) / 2
                near = np.array([sign * start, 1.2 + 0.25 * tilt])
                far = np.array([sign * stop, 1.2 + tilt * random.uniform(0.4, 0.8)])
                self._line(np.stack([near, far]))

    def _blot(self, points: Points) -> None:
        self.ink.polygon(self._places(points), fill=255)
