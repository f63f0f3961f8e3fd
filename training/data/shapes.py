"""The shapes of what time does to prints, drawn white on black: lines, specks, blots, writing."""

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Floats = NDArray[np.floating]
Random = np.random.Generator
T = TypeVar("T")

_FINER = 2  # shapes are drawn so many times as large, then reduced: their edges are soft


class Sheet:
    """A grey sheet that shapes are drawn on, white on black."""

    def __init__(self, size: tuple[int, int]) -> None:
        self.height, self.width = size
        self.image = Image.new("L", (self.width * _FINER, self.height * _FINER))
        self.draw = ImageDraw.Draw(self.image)

    @property
    def side(self) -> int:
        """Of a square as large, in px."""
        return round((self.height * self.width) ** 0.5)

    def anywhere(self, random: Random) -> Floats:
        """A place (x, y)."""
        return random.uniform(0, 1, 2) * (self.width, self.height)

    def line(self, points: Floats, width: float | Floats) -> None:
        """A line with round joints through points (P, 2); its width in px, one or (P,)."""
        scaled = np.asarray(points, float) * _FINER
        widths = np.broadcast_to(width, len(points)) * _FINER
        for (x, y), (u, v), thick in zip(scaled, scaled[1:], widths, strict=False):
            self.draw.line((x, y, u, v), 255, max(1, round(thick)))
            if thick > 2:
                r = thick / 2
                self.draw.ellipse((x - r, y - r, x + r, y + r), 255)

    def cover(self) -> Floats:
        """How much of each pixel is covered, (H, W) in [0, 1]."""
        small = self.image.resize((self.width, self.height), Image.Resampling.BOX)
        return np.asarray(small, np.float32) / 255


def walk(start: Floats, angle: float, length: float, bend: float, random: Random) -> Floats:
    """A way (P, 2) of a length in px that turns by random angles, `bend` their spread."""
    step = 4.0 if bend < 0.1 else 2.0
    count = max(2, round(length / step))
    turns = random.normal(0, bend, count).cumsum() * 0.5 + random.normal(0, bend, count)
    angles = angle + turns + random.normal(0, bend * 0.3) * np.arange(count)
    steps = step * np.stack([np.cos(angles), np.sin(angles)], 1)
    return start + np.concatenate([np.zeros((1, 2)), steps.cumsum(0)])


def scratches(sheet: Sheet, random: Random) -> None:
    """Straight or nearly so: several side by side and worn, or long and even in any direction."""
    if random.random() < 0.45:
        for _ in range(random.integers(1, 9)):
            _arc(sheet, random)
        return
    angle = float(random.choice((np.pi / 2, random.uniform(0, np.pi))) + random.normal(0, 0.08))
    for _ in range(random.integers(1, 7)):
        length = sheet.side * random.uniform(0.15, 1.5)
        bend = 0.0 if random.random() < 0.5 else random.uniform(0, 0.06)
        turned = angle + random.normal(0, 0.03 if random.random() < 0.7 else 1)
        way = walk(sheet.anywhere(random), turned, length, bend, random)
        width = 0.5 + random.exponential(1.1)
        if random.random() < 0.4:
            for piece in np.array_split(way, max(1, len(way) // random.integers(3, 12))):
                if random.random() < 0.6 and len(piece) > 1:
                    sheet.line(piece, width)
        else:
            sheet.line(way, width * random.uniform(0.6, 1.4, len(way)))


def _arc(sheet: Sheet, random: Random) -> None:
    """A part of a large circle, as wide at one end as at the other."""
    length = sheet.side * random.uniform(0.3, 1.7)
    turn = random.normal(0, 0.5) * (random.random() < 0.7)
    angles = random.uniform(0, 2 * np.pi) + turn * np.linspace(-0.5, 0.5, 40)
    steps = length / 40 * np.stack([np.cos(angles), np.sin(angles)], 1)
    way = steps.cumsum(0)
    sheet.line(sheet.anywhere(random) + way - way.mean(0), random.uniform(0.8, 4))


def hairs(sheet: Sheet, random: Random) -> None:
    """Thin and curled."""
    for _ in range(random.integers(1, 6)):
        way = walk(
            sheet.anywhere(random), random.uniform(0, 2 * np.pi),
            sheet.side * random.uniform(0.05, 0.8), random.uniform(0.03, 0.35), random,
        )  # fmt: skip
        sheet.line(way, random.uniform(0.5, 2))


def dust(sheet: Sheet, random: Random) -> None:
    """Specks, a few of them fibres."""
    for _ in range(1 + random.poisson(sheet.side**2 / random.uniform(120, 1500))):
        x, y = sheet.anywhere(random) * _FINER
        size = (0.5 + random.exponential(0.8)) * _FINER
        a, b = size * random.uniform(0.6, 1.5, 2)
        if random.random() < 0.12:
            angle, length = random.uniform(0, 2 * np.pi), random.uniform(3, 14)
            sheet.line(walk(np.array([x, y]) / _FINER, angle, length, 0.5, random), 1.0)
        else:
            sheet.draw.ellipse((x - a, y - b, x + a, y + b), 255)


def tear(sheet: Sheet, random: Random) -> None:
    """From an edge inwards, jagged, as wide as its paper is torn."""
    start = sheet.anywhere(random)
    start[random.integers(2)] = 0 if random.random() < 0.5 else sheet.side
    inwards = np.array([sheet.width, sheet.height]) / 2 - start
    angle = float(np.arctan2(inwards[1], inwards[0]) + random.normal(0, 0.5))
    way = walk(start, angle, sheet.side * random.uniform(0.2, 1), 0.25, random)
    way = way + random.normal(0, 1, way.shape)
    widths = random.uniform(1.5, 9) * np.linspace(1, 0.2, len(way))
    sheet.line(way, widths * random.uniform(0.4, 1.6, len(way)))


def fold(sheet: Sheet, random: Random) -> None:
    """Straight across, with cracks that leave it."""
    # Prints are mostly folded across, along a side.
    angle = random.uniform(0, np.pi)
    if random.random() < 0.6:
        angle = float(random.choice((0, np.pi / 2)) + random.normal(0, 0.08))
    way = walk(sheet.anywhere(random), angle, sheet.side * 1.5, 0.01, random)
    way = np.concatenate([2 * way[0] - way[:0:-1], way]) + random.normal(0, 0.5, 2)
    way = way + random.normal(0, random.uniform(0, 0.8), way.shape)
    width = 0.7 * 12 ** random.uniform(0, 1)
    sheet.line(way, width * random.uniform(random.uniform(0.2, 0.9), 1.6, len(way)))
    for start in way[random.random(len(way)) < 0.05]:
        crack = walk(start, random.uniform(0, 2 * np.pi), random.uniform(4, 30), 0.4, random)
        sheet.line(crack, random.uniform(0.5, 2))


def blots(sheet: Sheet, random: Random) -> None:
    """Round, or of any outline."""
    for _ in range(random.integers(1, 4)):
        centre = sheet.anywhere(random)
        radius = sheet.side * random.uniform(0.02, 0.14)
        angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
        rough = random.uniform(0, 0.35)
        waves = sum(
            random.normal(0, rough / k) * np.cos(k * angles + random.uniform(0, 7))
            for k in range(1, 9)
        )
        outline = radius * np.maximum(0.2, 1 + waves)
        stretch = 2 ** random.uniform(-0.7, 0.7)
        x, y = np.cos(angles) * outline * stretch, np.sin(angles) * outline / stretch
        points = (centre + np.stack([x, y], 1)) * _FINER
        sheet.draw.polygon([(float(a), float(b)) for a, b in points], 255)
        for _ in range(random.integers(0, 5)):
            x, y = (centre + random.normal(0, 1.5 * radius, 2)) * _FINER
            r = radius * random.uniform(0.05, 0.3) * _FINER
            sheet.draw.ellipse((x - r, y - r, x + r, y + r), 255)


def flakes(sheet: Sheet, random: Random) -> None:
    """Where the layer has come off, in many pieces side by side."""
    size = (sheet.height, sheet.width)
    both = waves(size, random.uniform(3, 6), random) + 1.5 * waves(size, 40, random)
    lost = Image.fromarray(np.where(both > np.quantile(both, random.uniform(0.93, 0.99)), 255, 0)
                           .astype(np.uint8))  # fmt: skip
    sheet.image.paste(255, (0, 0), lost.resize(sheet.image.size, Image.Resampling.BILINEAR))


def writing(sheet: Sheet, random: Random) -> None:
    """Dates and words, straight or slanted, or by hand."""
    if random.random() < 0.5:
        _by_hand(sheet, random)
        return
    size = int(sheet.side * random.uniform(0.06, 0.22)) * _FINER
    font = ImageFont.load_default(max(8, size))
    kind = random.random()
    d, m, y = random.integers(1, 31), random.integers(1, 13), random.integers(0, 100)
    if kind < 0.6:
        mark = str(random.choice((".", " ", "/", "-")))
        text = mark.join((f"{d}", f"{m}", f"{random.choice(('', chr(39)))}{y:02}"))
    else:
        letters = [chr(c) for c in random.integers(97, 123, random.integers(3, 12))]
        text = "".join(letters) if random.random() < 0.5 else "".join(letters).title()
    box = font.getbbox(text)
    small = Image.new("L", (int(box[2]) + 8, int(box[3]) + 8))
    pen = ImageDraw.Draw(small)
    pen.text((4, 4), text, 255, font, stroke_width=int(random.integers(0, 1 + size // 16)))
    turned = small.rotate(random.normal(0, 3 if kind < 0.6 else 20), expand=True,
                          resample=Image.Resampling.BILINEAR)  # fmt: skip
    x, y = (sheet.anywhere(random) * _FINER - np.array(turned.size) / 2).astype(int)
    sheet.image.paste(255, (int(x), int(y)), turned)


def _by_hand(sheet: Sheet, random: Random) -> None:
    """A word of letters that nobody reads: strokes and arcs side by side, all of one pen."""
    high = sheet.side * random.uniform(0.05, 0.2)
    wide, pen = high * random.uniform(0.4, 0.8), high * random.uniform(0.06, 0.25)
    angle = random.normal(0, 0.05 if random.random() < 0.7 else 0.4)
    along = np.array([np.cos(angle), np.sin(angle)])
    down = np.array([-along[1] + random.normal(0, 0.15), along[0]])
    start = sheet.anywhere(random) - along * wide * 3
    bends = np.linspace(0, 1, 7)[:, None]
    for letter in range(random.integers(3, 13)):
        for _ in range(random.integers(1, 4)):
            a, b, c = random.integers(0, 3, (3, 2)) / 2
            curve = (1 - bends) ** 2 * a + 2 * bends * (1 - bends) * b + bends**2 * c
            place = start + along * letter * (wide + pen * 1.7)
            sheet.line(place + curve[:, :1] * along * wide + curve[:, 1:] * down * high, pen)


def corner(sheet: Sheet, random: Random) -> None:
    """A corner that is gone."""
    across, down = sheet.side * random.uniform(0.05, 0.35, 2)
    edge = np.linspace(0, 1, 12)[:, None]
    cut = np.array([across, 0]) * (1 - edge) + np.array([0, down]) * edge
    cut = np.concatenate([cut + random.normal(0, 1.2, cut.shape), [[-9, -9]]])
    if random.random() < 0.5:
        cut[:, 0] = sheet.width - cut[:, 0]
    if random.random() < 0.5:
        cut[:, 1] = sheet.height - cut[:, 1]
    sheet.draw.polygon([(float(a), float(b)) for a, b in cut * _FINER], 255)


def strokes(sheet: Sheet, random: Random) -> None:
    """As a person brushes over what should go."""
    for _ in range(random.integers(1, 3)):
        way = walk(
            sheet.anywhere(random), random.uniform(0, 2 * np.pi),
            sheet.side * random.uniform(0.05, 0.5), 0.15, random,
        )  # fmt: skip
        sheet.line(way, sheet.side * random.uniform(0.03, 0.16))


def waves(size: tuple[int, ...], length: float, random: Random) -> Floats:
    """Smooth noise (H, W) of deviation 1; `length` is that of its waves in px."""
    height, width = (2 + round(side / length * 2) for side in size)
    coarse = Image.fromarray(random.standard_normal((height, width), np.float32))
    waves = np.asarray(coarse.resize((size[1], size[0]), Image.Resampling.BICUBIC))
    return waves / max(float(waves.std()), 1e-6)


def pixels(size: tuple[int, int]) -> tuple[Floats, Floats]:
    """Each pixel's y and x, (H, W) each."""
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float32)
    return y, x


def covered(picture: Floats, cover: Floats, colour: Floats | float) -> Floats:
    """A picture (H, W, 3) under a colour, one or each pixel's, that covers (H, W) of it."""
    return picture + cover[..., None] * (colour - picture)


def one_of(shares: Mapping[T, float], random: Random) -> T:
    """One of some things, each drawn with its share; they sum to 1."""
    things = list(shares)
    return things[random.choice(len(things), p=list(shares.values()))]
