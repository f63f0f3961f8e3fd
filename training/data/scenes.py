"""Scenes drawn by code that are whole, though they look damaged: a finder must not take them so.

Few photos show things strewn about, walls, pages, lattices or lights in the night: what is light on
dark and thin, or round, in these repeats itself, and is shaded and textured as things are.
"""

from collections.abc import Callable

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter

from training.data.shapes import Floats, Random, Sheet, covered, one_of, pixels, waves, writing


def draw_scene(photo: Floats, random: Random) -> Floats:
    """A scene whose textures and colours are those of a photo.

    Args:
        photo: (S, S, 3) float32 in [0, 1].
        random: the source of randomness.

    Returns:
        The same shape, float32 in [0, 1].
    """
    scene = one_of(_SCENES, random)(photo, random)
    if random.random() < 0.5:
        scene = _tilted(scene, random)
    if random.random() < 0.5:
        scene = gaussian_filter(scene, (random.uniform(0.3, 1.0),) * 2 + (0,))
    return scene.clip(0, 1).astype(np.float32)


def _strewn(photo: Floats, random: Random) -> Floats:
    """Coins, pebbles, fruit, buttons: of one kind, in rows or anywhere, on a ground."""
    side = len(photo)
    scene = _ground(photo, random)
    size, stretch = side * random.uniform(0.03, 0.16), random.uniform(0.6, 1)
    hue, lit = random.uniform(0, 1, 3), random.uniform(0, 2 * np.pi)
    relief = _texture(photo, size * random.uniform(0.1, 0.5), random)
    tint = random.uniform(0.15, 0.95) * (1 - random.uniform(0, 0.4) * hue)
    y, x = pixels((side, side))
    for u, v in _places(side, size * random.uniform(2.0, 3.0), random):
        radius = size * random.uniform(0.8, 1.2)
        turn = random.uniform(0, np.pi)
        dx, dy = x - u, y - v
        a = (dx * np.cos(turn) + dy * np.sin(turn)) / radius
        b = (dy * np.cos(turn) - dx * np.sin(turn)) / (radius * stretch)
        far = np.hypot(a, b)
        shadow = np.hypot(a + 0.15, b - 0.15)
        scene = scene * (1 - 0.5 * _soft(shadow, radius * 0.4))[..., None]
        light = 0.25 * (dx * np.cos(lit) + dy * np.sin(lit)) / radius
        rim = 0.3 * np.exp(-(((far - 0.9) / 0.1) ** 2)) * random.uniform(-1, 1)
        body = tint * random.uniform(0.7, 1.2) + (light + rim + relief)[..., None]
        scene = covered(scene, _soft(far, radius), body)
    return scene


def _wall(photo: Floats, random: Random) -> Floats:
    """Bricks, tiles or planks with joints between, lighter or darker."""
    side = len(photo)
    high, wide = random.uniform(8, 50), random.uniform(15, 130)
    joint = random.uniform(1, max(1.5, high / 6))
    y, x = pixels((side, side))
    y = y + random.uniform(0, 1.5) * waves((side, side), 30, random)
    x = x + random.uniform(0, 1.5) * waves((side, side), 30, random)
    row = np.floor(y / high)
    shift = random.choice((0.0, 0.5)) * wide * (row % 2)
    column = np.floor((x + shift) / wide)
    gap = np.minimum(_to_joint(y, high), _to_joint(x + shift, wide))
    each = np.sin(row * 12.99 + column * 78.23) * 43758.55
    shade = 1 + random.uniform(0, 0.3) * (each - np.floor(each) - 0.5)
    stones = _ground(photo, random) * shade[..., None]
    mortar = random.uniform(0.05, 1) * (1 - random.uniform(0, 0.2) * np.array([0, 0.4, 1]))
    mortar = mortar + random.uniform(0, 0.08) * waves((side, side), 2, random)[..., None]
    return covered(stones, np.clip((joint - gap) / 1.5 + 0.5, 0, 1), mortar)


def _page(photo: Floats, random: Random) -> Floats:
    """Lines of writing on paper, or on a board, some of it ruled."""
    side = len(photo)
    sheet = Sheet((side, side))
    for _ in range(random.integers(6, 25)):
        writing(sheet, random)
    cover = sheet.cover()
    if random.random() < 0.4:
        every = random.uniform(10, 40)
        rules = np.abs((np.arange(side) % every) - every / 2) < 0.7
        cover = np.maximum(cover, rules[:, None] * random.uniform(0.3, 1))
    paper = _ground(photo, random, 0.15)
    ink = random.uniform(0, 0.3) if paper.mean() > 0.5 else random.uniform(0.7, 1)
    return covered(paper, cover * random.uniform(0.6, 1), ink)


def _lattice(photo: Floats, random: Random) -> Floats:
    """Masts, cranes, fences, rigging, twigs before a sky."""
    side = len(photo)
    scene = photo.copy() if random.random() < 0.3 else _ground(photo, random)
    for _ in range(random.integers(1, 4)):
        cover = np.zeros((side, side), np.float32)
        wide = side * random.uniform(0.04, 0.5)
        every = wide * random.uniform(0.4, 1.5)
        angle = random.choice((0, np.pi / 2)) + random.normal(0, 0.1)
        along = np.array([np.cos(angle), np.sin(angle)])
        across = np.array([-along[1], along[0]]) * wide
        start = random.uniform(0, side, 2) - along * side
        bars = random.integers(1, 3)
        taper = random.uniform(0.2, 1)
        steps = np.arange(0, 2 * side, every)
        left = [start + along * s for s in steps]
        right = [p + across * (1 - (1 - taper) * n / len(steps)) for n, p in enumerate(left)]
        pen = round(max(1.0, random.uniform(0.6, max(0.6, wide / 10))))
        pairs = [(left[0], left[-1]), (right[0], right[-1])]
        for a, b, c, d in zip(left, left[1:], right, right[1:], strict=False):
            pairs += [(a, d), (c, b)][: int(bars)] + ([(a, c)] if random.random() < 0.7 else [])
        for a, b in pairs:
            cv2.line(cover, _at(a), _at(b), 1.0, pen, cv2.LINE_AA, 4)
        scene = covered(scene, cover.clip(0, 1), _shades(scene, (side, side), random))
    return scene


def _night(photo: Floats, random: Random) -> Floats:
    """Stars or lamps: bright in the middle and fading, some with rays, on a dark ground."""
    side = len(photo)
    scene = _ground(photo, random) * random.uniform(0.02, 0.3)
    glow = np.zeros((side, side, 3), np.float32)
    size = random.uniform(0.6, 2.5)
    for _ in range(random.integers(5, 250)):
        u, v = random.uniform(0, side, 2)
        radius = size * (0.6 + random.exponential(0.6))
        reach = int(8 * radius) + 2
        x0, y0 = int(u) - reach, int(v) - reach
        ys, xs = (slice(max(0, n), max(0, n + 2 * reach)) for n in (y0, x0))
        part = glow[ys, xs]
        if not part.size:
            continue
        y, x = np.mgrid[ys.start : ys.start + part.shape[0], xs.start : xs.start + part.shape[1]]
        far = np.hypot(x - u, y - v) / radius
        light = 1.5 * np.exp(-(far**2)) + random.uniform(0, 0.5) * np.exp(-far / 1.5)
        if radius > 2 * size:
            turned = np.arctan2(y - v, x - u) * random.integers(2, 5)
            light = light + np.cos(turned).clip(0) ** 20 * np.exp(-far / 3)
        colour = 1 - random.uniform(0, 0.7, 3) * (random.random() < 0.6)
        part += random.uniform(0.1, 1) * light[..., None] * colour
    return scene + glow


# Few pages: what is written on photos is to be found.
_SCENES: dict[Callable[[Floats, Random], Floats], float] = {
    _strewn: 0.25, _wall: 0.25, _page: 0.05, _lattice: 0.25, _night: 0.2,
}  # fmt: skip


def _ground(photo: Floats, random: Random, texture: float = 1.0) -> Floats:
    """A slope from light to dark, of one colour, with as much of the photo's texture at most."""
    side = len(photo)
    y, x = (each / side - 0.5 for each in pixels((side, side)))
    slope = random.normal(0, 0.25, 2)
    plane = random.uniform(0.05, 0.95) + slope[0] * y + slope[1] * x
    plane = plane + random.uniform(0, 0.05) * waves((side, side), side / 3, random)
    tint = 1 - random.uniform(0, 0.5) * random.uniform(0, 1, 3) * (random.random() < 0.6)
    fine = texture * _texture(photo, random.uniform(1, 20), random)
    return (plane.clip(0.02, 1)[..., None] * tint + fine[..., None]).astype(np.float32)


def _texture(photo: Floats, length: float, random: Random) -> Floats:
    """What is fine in a photo, (S, S), of a random strength."""
    grey = photo.mean(2)
    return (grey - gaussian_filter(grey, length)) * random.uniform(0, 1)


def _places(side: int, apart: float, random: Random) -> Floats:
    """In rows, or anywhere: (P, 2), x and y in px."""
    count = max(1, int(side / apart))
    if random.random() < 0.5:
        rows = np.stack(np.meshgrid(*[(np.arange(count) + 0.5) * side / count] * 2), -1)
        return rows.reshape(-1, 2) + random.normal(0, apart * 0.1, (count * count, 2))
    return random.uniform(0, side, (int(random.integers(2, 3 + count * count)), 2))


def _soft(far: Floats, radius: float) -> Floats:
    """1 within a distance of 1, 0 outside, with an edge of a px."""
    return np.clip((1 - far) * radius + 0.5, 0, 1)


def _to_joint(places: Floats, every: float) -> Floats:
    return np.minimum(places % every, every - places % every)


def _shades(scene: Floats, size: tuple[int, int], random: Random) -> Floats:
    """Of beams: dark or light, and from place to place another."""
    shade = random.uniform(0, 1) + random.uniform(0, 0.25) * waves(size, 25, random)
    return (shade[..., None] * (0.7 + 0.3 * scene.mean((0, 1)))).astype(np.float32)


def _at(point: Floats) -> tuple[int, int]:
    """A place as cv2 takes it, in sixteenths of a px."""
    return round(float(point[0]) * 16), round(float(point[1]) * 16)


def _tilted(scene: Floats, random: Random) -> Floats:
    """Seen from aside."""
    side = len(scene)
    corners = np.array([[0, 0], [side, 0], [side, side], [0, side]], np.float32)
    moved = corners + random.uniform(-0.25, 0.0, (4, 2)) * side * np.sign(side / 2 - corners)
    how = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    seen = cv2.warpPerspective(
        scene.astype(np.float32), how, (side, side), flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT,
    )  # fmt: skip
    return np.asarray(seen, np.float32)
