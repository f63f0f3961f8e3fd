"""Manners of painting, drawn by code: few paintings are at hand, and a net learns what it has seen.

Each redraws a picture, whose colours and shapes it keeps more or less: small stones as in a mosaic,
planes between lines, facets, strokes of a brush along its shapes (Hertzmann, "Painterly Rendering
with Curved Brush Strokes of Multiple Sizes", 1998), dots, flat colours, hatching, washes, lines;
or one over another.
"""

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.spatial import KDTree

from training.data.shapes import Floats, Random, covered, pixels, waves

_OVER = 0.3  # share of the pictures with one manner over another


def redraw(picture: Floats, random: Random) -> Floats:
    """A picture (H, W, 3) in [0, 1] in a random manner: the same shape, float32."""
    drawn = picture
    for _ in range(1 + (random.random() < _OVER)):
        drawn = _MANNERS[random.integers(len(_MANNERS))](drawn, random)
    if random.random() < 0.5:
        high, wide = random.uniform(0.4, 1.5, 2)
        grain = _streaks(drawn.shape[:2], high, wide, random)
        drawn = drawn + (random.uniform(0.01, 0.05) * grain)[..., None]
    if random.random() < 0.4:
        drawn = gaussian_filter(drawn, (random.uniform(0.3, 0.8),) * 2 + (0,))
    return drawn.clip(0, 1).astype(np.float32)


def _stones(picture: Floats, random: Random) -> Floats:
    """Small stones, each of one colour, in rows that bend, with mortar between."""
    size = float(random.uniform(5, 20))
    places = _grid(picture.shape[:2], size, random.uniform(0.05, 0.3), random)
    owner, gap = _cells(places, np.stack(pixels(picture.shape[:2]), 2), random.uniform(1, 2))
    count = len(places)
    stones = _mean_of(picture, owner, count)
    stones = stones + random.normal(0, random.uniform(0.01, 0.1), (count, 1))
    stones = stones + random.normal(0, random.uniform(0, 0.03), (count, 3))
    return _with_lines(stones[owner], gap < size * random.uniform(0.1, 0.3), random)


def _facets(picture: Floats, random: Random) -> Floats:
    """Large pieces with straight edges, each shaded from one side to the other."""
    size = float(random.uniform(20, 70))
    places = _grid(picture.shape[:2], size, 0.5, random)
    y, x = pixels(picture.shape[:2])
    owner, gap = _cells(places, np.stack([y, x], 2), random.uniform(1, 2))
    angle = random.uniform(0, 2 * np.pi, len(places))[owner]
    along = (x - places[owner, 1]) * np.cos(angle) + (y - places[owner, 0]) * np.sin(angle)
    shade = random.uniform(0.1, 0.6) * np.tanh(along / size)
    shade = shade * random.uniform(0, 1, len(places))[owner]
    drawn = _mean_of(picture, owner)[owner] + shade[..., None]
    return _with_lines(drawn, gap < random.uniform(0, 4), random)


def _planes(picture: Floats, random: Random) -> Floats:
    """Planes of few colours between lines and arcs, most of them upright or level."""
    size = picture.shape[:2]
    y, x = pixels(size)
    side, diagonal = max(size), random.random() < 0.4
    number = np.zeros(size, np.int64)
    lines = np.zeros(size, bool)
    width = random.uniform(0.5, 4)
    wobble = random.uniform(0, 2) * waves(size, 48, random)
    for _ in range(random.integers(8, 26)):
        middle, angle = random.uniform(0, side, 2), random.integers(2) * np.pi / 2
        if diagonal and random.random() < 0.5:
            angle = random.uniform(0, np.pi)
        far = (x - middle[0]) * np.cos(angle) + (y - middle[1]) * np.sin(angle)
        if random.random() < 0.25:
            far = np.hypot(x - middle[0], y - middle[1]) - random.uniform(0.05, 0.4) * side
        across = (x - middle[0]) * np.sin(angle) - (y - middle[1]) * np.cos(angle)
        reach = np.abs(across) < random.uniform(0.1, 1) * side
        far = far + wobble
        number = (number * 3 + (far > 0) * (1 + reach)) % 1_000_003
        lines |= (np.abs(far) < width / 2) & reach
    _, owner = np.unique(number, return_inverse=True)
    owner = owner.reshape(size)
    count = int(owner.max()) + 1
    means = _mean_of(picture, owner)
    palette = means[random.integers(count, size=random.integers(3, 9))]
    colours = palette[random.integers(len(palette), size=count)] if random.random() < 0.5 else means
    colours = colours + random.normal(0, 0.05, (count, 1))
    drawn = colours[owner] + _brushed(size, random)[..., None]
    return _with_lines(drawn, lines, random)


def _strokes(picture: Floats, random: Random) -> Floats:
    """Strokes of a brush, large ones first, along the shapes of the picture or a field."""
    drawn = np.broadcast_to(picture.mean((0, 1)), picture.shape).astype(np.float32).copy()
    height, width = picture.shape[:2]
    angles = _directions(picture, random)
    thick, jitter = random.uniform(3, 14), random.uniform(0.02, 0.15)
    for share in (2.0, 1.0, 0.6) if random.random() < 0.5 else (1.0,):
        brush = max(1, round(thick * share))
        length = brush * random.uniform(1.5, 6)
        for _ in range(int(1.6 * height * width / (brush * (brush + length)))):
            v, u = int(random.integers(height)), int(random.integers(width))
            angle = angles[v, u] + random.normal(0, 0.15)
            reach = length / 2 * np.array([np.cos(angle), np.sin(angle)])
            ends = np.rint(8 * (np.array([u, v]) + np.stack([-reach, reach])))
            start, end = ends.astype(int).tolist()
            colour = picture[v, u] + random.normal(0, jitter) + random.normal(0, jitter / 2, 3)
            cv2.line(drawn, start, end, colour.tolist(), brush, cv2.LINE_AA, 3)
            if random.random() < 0.5:  # a ridge of paint along the side of the stroke
                light = (colour + random.choice((-0.08, 0.08))).tolist()
                cv2.line(drawn, start, end, light, max(1, brush // 4), cv2.LINE_AA, 3)
    return drawn


def _dots(picture: Floats, random: Random) -> Floats:
    """Dots of purer colours than the picture has, on a ground."""
    ground = picture.mean((0, 1)) + random.normal(0, 0.2, 3)
    drawn = np.broadcast_to(ground, picture.shape).astype(np.float32).copy()
    height, width = picture.shape[:2]
    radius, jitter = random.uniform(1.5, 6), random.uniform(0.05, 0.2)
    places = random.permutation(_grid((height, width), radius * 1.6, 0.6, random))
    for v, u in places.clip(0, (height - 1, width - 1)).astype(int).tolist():
        grey = picture[v, u].mean()
        colour = grey + 1.5 * (picture[v, u] - grey) + random.normal(0, jitter, 3)
        size = round(8 * radius * random.uniform(0.7, 1.2))
        cv2.circle(drawn, (8 * u, 8 * v), size, colour.tolist(), -1, cv2.LINE_AA, 3)
    return drawn


def _flat(picture: Floats, random: Random) -> Floats:
    """Few flat colours with dark outlines, as in woodcuts and comics."""
    smooth = gaussian_filter(picture, (random.uniform(1.5, 4),) * 2 + (0,))
    pixels = smooth.reshape(-1, 3)
    count = int(random.integers(3, 10))
    means = pixels[random.integers(len(pixels), size=count)]
    owner = np.zeros(smooth.shape[:2], np.int64)
    for _ in range(3):
        owner = np.asarray(KDTree(means).query(smooth)[1])
        means = _mean_of(smooth, owner, count)
    grey = smooth.mean(2)
    edge = grey - gaussian_filter(grey, random.uniform(1.5, 4))
    drawn = means[owner] + _brushed(picture.shape[:2], random)[..., None]
    return _with_lines(drawn, edge < -random.uniform(0.01, 0.06), random)


def _hatching(picture: Floats, random: Random) -> Floats:
    """Ink on paper, or shade on the picture: lines in up to three directions, more where dark."""
    y, x = pixels(picture.shape[:2])
    grey = picture.mean(2)
    dark = 1 - (grey - grey.min()) / max(float(np.ptp(grey)), 1e-3)
    ink = np.zeros(grey.shape, bool)
    spacing, angle = random.uniform(3, 10), random.uniform(0, np.pi)
    bend = random.uniform(0, 1.7) * waves(grey.shape, 32, random)
    for turn in range(random.integers(1, 4)):
        a = angle + turn * random.uniform(0.7, 1.4)
        wave = np.cos(2 * np.pi / spacing * (x * np.cos(a) + y * np.sin(a) + bend))
        ink |= wave > 1 - 2 * (dark - 0.22 * turn).clip(0, 0.9)
    paper, colour = random.uniform(0.6, 1, 3), random.uniform(0, 0.35, 3)
    if random.random() < 0.5:
        return np.where(ink[..., None], picture * 0.4, 0.3 + 0.7 * picture).astype(np.float32)
    return np.where(ink[..., None], colour, paper).astype(np.float32)


def _washes(picture: Floats, random: Random) -> Floats:
    """Soft patches of colour that darken towards their rims, on paper."""
    size = picture.shape[:2]
    places = _grid(size, float(random.uniform(15, 60)), 0.5, random)
    y, x = pixels(size)
    bent = random.uniform(2, 8)
    moved = [each + bent * waves(size, random.uniform(20, 60), random) for each in (y, x)]
    owner, far = _cells(places, np.stack(moved, 2), 2.0)
    rim = np.exp(-far / random.uniform(1, 4))
    wet = waves(size, random.uniform(12, 80), random)
    drawn = _mean_of(picture, owner)[owner]
    drawn = drawn * (1 - random.uniform(0, 0.5) * rim + random.uniform(0, 0.12) * wet)[..., None]
    share = random.uniform(0.4, 1)
    return share * drawn + (1 - share) * gaussian_filter(picture, (4, 4, 0))


def _scribbles(picture: Floats, random: Random) -> Floats:
    """Long lines that wander all over, of ink or of the picture's colours."""
    height, width = picture.shape[:2]
    flat = random.uniform(0, 1)
    drawn = flat * picture.mean((0, 1)) + (1 - flat) * gaussian_filter(picture, (5, 5, 0))
    drawn = np.ascontiguousarray(drawn, np.float32)
    ink = random.uniform(0, 0.3, 3) if random.random() < 0.4 else None
    thick, bend = random.integers(1, 5), random.uniform(0.05, 0.5)
    for _ in range(random.integers(20, 120)):
        turns = random.normal(0, bend, 60).cumsum() + random.uniform(0, 2 * np.pi)
        steps = random.uniform(2, 6) * np.stack([np.cos(turns), np.sin(turns)], 1)
        way = random.uniform(0, 1, 2) * (width, height) + steps.cumsum(0)
        u, v = way[len(way) // 2].clip(0, (width - 1, height - 1)).astype(int)
        colour = (picture[v, u] + random.normal(0, 0.1, 3)) if ink is None else ink
        points = [np.rint(way * 8).astype(np.int32)]
        cv2.polylines(drawn, points, False, colour.tolist(), int(thick), cv2.LINE_AA, 3)
    return drawn


def _grid(size: tuple[int, int], step: float, spread: float, random: Random) -> Floats:
    """Places (P, 2), y and x, of a bent grid that is turned, and put aside a little."""
    reach = max(size) * 0.75
    line = np.arange(-reach, reach, step)
    v, u = np.meshgrid(line, line, indexing="ij")
    angle = random.uniform(0, np.pi)
    bend, wave = random.uniform(0, 0.4) * step * 4, random.uniform(30, 90)
    v = v + bend * np.sin(u / wave * 2 + random.uniform(0, 6)) * min(wave / 40, 1)
    y = v * np.cos(angle) - u * np.sin(angle) + size[0] / 2
    x = v * np.sin(angle) + u * np.cos(angle) + size[1] / 2
    places = np.stack([y.ravel(), x.ravel()], 1)
    places = places + random.normal(0, spread * step, places.shape)
    inside = ((places > -step) & (places < np.array(size) + step)).all(1)
    return places[inside].astype(np.float32)


def _cells(places: Floats, points: Floats, power: float) -> tuple[NDArray[np.int64], Floats]:
    """The place that is nearest to each of points (H, W, 2), and how far the border is in px.

    Near is measured with the sum of powers: at 1 cells are lozenges, at 2 Voronoi's.
    """
    far, owner = (np.asarray(each) for each in KDTree(places).query(points, 2, p=power))
    return owner[..., 0], (far[..., 1] - far[..., 0]) / 2


def _streaks(size: tuple[int, int], high: float, wide: float, random: Random) -> Floats:
    """Noise (H, W) of deviation 1, smoothed by so many px."""
    streaks = gaussian_filter(random.standard_normal(size), (high, wide))
    return streaks / streaks.std()


def _mean_of(picture: Floats, owner: NDArray[np.int64], count: int = 0) -> Floats:
    """The mean colour of each cell (C, 3); mid-grey where none has a pixel."""
    count = max(count, int(owner.max()) + 1)
    many = np.bincount(owner.ravel(), minlength=count)
    sums = [np.bincount(owner.ravel(), picture[..., c].ravel(), count) for c in range(3)]
    means = np.stack(sums, 1) / np.maximum(many, 1)[:, None]
    return np.where(many[:, None] > 0, means, 0.5).astype(np.float32)


def _directions(picture: Floats, random: Random) -> Floats:
    """The angle of strokes (H, W): along edges, along a field that turns slowly, or of few."""
    size = picture.shape[:2]
    if random.random() < 0.6:
        grey = gaussian_filter(picture.mean(2), 2)
        v, u = np.gradient(grey)
        xx, yy, xy = (gaussian_filter(each, 6) for each in (u * u, v * v, u * v))
        return (0.5 * np.arctan2(2 * xy, xx - yy) + np.pi / 2).astype(np.float32)
    field = waves(size, random.uniform(60, 200), random)
    turned = random.uniform(0, np.pi) + random.uniform(0, 1.2) * field
    if random.random() < 0.5:  # in few directions alone
        apart = np.pi / random.integers(1, 4)
        turned = random.integers(2) * np.pi / 4 + apart * random.integers(0, 3, size)
    return turned


def _brushed(size: tuple[int, int], random: Random) -> Floats:
    """What a broad brush leaves (H, W): streaks in one direction, about 0."""
    long, short = random.uniform(4, 14), random.uniform(0.5, 1.2)
    high, wide = (short, long) if random.random() < 0.5 else (long, short)
    return random.uniform(0, 0.08) * _streaks(size, high, wide, random)


def _with_lines(picture: Floats, lines: NDArray[np.bool_], random: Random) -> Floats:
    """Lines over a picture: mostly dark, some light."""
    colour = random.uniform(0, 0.3, 3) if random.random() < 0.75 else random.uniform(0.7, 1, 3)
    cover = gaussian_filter(lines.astype(np.float32), 0.5) * random.uniform(0.5, 1)
    return covered(picture, cover, colour).astype(np.float32)


_MANNERS: tuple[Callable[[Floats, Random], Floats], ...] = (
    _stones, _stones, _facets, _planes, _planes, _strokes, _strokes, _dots, _flat, _hatching,
    _washes, _scribbles,
)  # fmt: skip
