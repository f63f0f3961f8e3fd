"""Horses and zebras on a meadow, drawn by code, to show what the nets make of them.

Photos of animals that may be shown are rare: the outline of a horse, the grass and the gravel are
pictures that scikit-image ships; coats, light and sky are drawn.
"""

import numpy as np
import skimage.data
from numpy.typing import NDArray
from PIL import Image, ImageOps
from scipy import ndimage

Floats = NDArray[np.float32]

_COATS = ((0.42, 0.24, 0.12), (0.55, 0.33, 0.16), (0.30, 0.17, 0.10), (0.66, 0.48, 0.30))
_GROUNDS = ((0.40, 0.52, 0.20), (0.52, 0.55, 0.28), (0.62, 0.55, 0.33))


def draw_animal(side: int, random: np.random.Generator, *, striped: bool) -> Image.Image:
    """A horse, or a zebra, that stands on a meadow.

    Args:
        side: of the picture in px.
        random: the source of randomness.
        striped: whether it is a zebra.
    """
    picture = _meadow(side, random)
    high = round(side * random.uniform(0.55, 0.8))
    shape = _outline(high, mirrored=bool(random.random() < 0.5))
    wide = shape.shape[1]
    left = round(random.uniform(0.1, 0.9) * max(0, side - wide)) if wide < side else 0
    top = round(side * random.uniform(0.88, 0.95)) - high
    shape = shape[:, : side - left]
    wide = shape.shape[1]

    picture *= 1 - _shadow(side, (left + wide / 2, top + high), wide, high)
    place = np.s_[top : top + high, left : left + wide]
    coat = _stripes(shape.shape, random) if striped else _coat(shape.shape, random)
    coat = coat * _light(shape)[..., None] + random.normal(0, 0.015, shape.shape)[..., None]
    picture[place] += (coat - picture[place]) * shape[..., None]
    return Image.fromarray(np.rint(picture.clip(0, 1) * 255).astype(np.uint8))


def _outline(high: int, *, mirrored: bool) -> Floats:
    """Where the animal is (high, W), 1 inside."""
    outline = Image.fromarray(np.where(skimage.data.horse(), 0, 255).astype(np.uint8))
    outline = outline.crop(outline.getbbox())
    outline = ImageOps.mirror(outline) if mirrored else outline
    size = round(outline.width * high / outline.height), high
    return np.asarray(outline.resize(size, Image.Resampling.LANCZOS)).astype(
        np.float32
    ) / np.float32(255)


def _shadow(side: int, feet: tuple[float, float], wide: int, high: int) -> Floats:
    """Share of the light that is lost (side, side, 1) below an animal.

    Args:
        side: of the picture in px.
        feet: x and y between them, in px.
        wide: the animal's width in px.
        high: its height in px.
    """
    depth = round(0.05 * high)
    y, x = np.mgrid[:side, :side]
    middle, ground = feet[0], feet[1] - depth / 2
    inside = ((x - middle) / (0.5 * wide)) ** 2 + ((y - ground) / depth) ** 2 < 1
    soft = ndimage.gaussian_filter(np.where(inside, 0.5, 0).astype(np.float32), depth)
    return np.asarray(soft, np.float32)[..., None]


def _light(shape: Floats) -> Floats:
    """Brightness (H, W) of a round body under the sky."""
    high = len(shape)
    body = ndimage.distance_transform_edt(shape > 0.5)
    depth = ndimage.gaussian_filter(np.minimum(np.asarray(body), 0.14 * high), 0.03 * high)
    slope = np.asarray(ndimage.sobel(depth, 0))
    return (0.85 + 0.4 * slope / (np.abs(slope).max() + 1e-6)).astype(np.float32)


def _coat(size: tuple[int, ...], random: np.random.Generator) -> Floats:
    """Brown (H, W, 3), darker at the legs."""
    colour = np.array(_COATS[random.integers(len(_COATS))])
    down = np.linspace(0, 1, size[0])[:, None, None]
    dark = 1 - 0.55 * np.clip((down - 0.6) / 0.3, 0, 1)
    mottle = 1 + 0.12 * _clouds(size, size[0] / 12, random)[..., None]
    return (colour * dark * mottle).astype(np.float32)


def _stripes(size: tuple[int, ...], random: np.random.Generator) -> Floats:
    """Black and white (H, W, 3): upright on the body, level on the legs."""
    y, x = np.mgrid[: size[0], : size[1]] / size[0]
    bend = 0.03 * _clouds(size, size[0] / 10, random)
    legs = np.clip((y - 0.55) / 0.15, 0, 1)
    wave = np.sin(2 * np.pi * ((1 - legs) * (x + 0.25 * y) * 21 + legs * y * 30) + 55 * bend)
    white = np.clip(0.5 + 1.6 * wave, 0, 1)[..., None]
    return (0.08 + white * np.array([0.82, 0.79, 0.73])).astype(np.float32)


def _meadow(side: int, random: np.random.Generator) -> Floats:
    """Sky with clouds above grass (side, side, 3)."""
    horizon = round(side * random.uniform(0.35, 0.55))
    down = np.linspace(0, 1, side)[:, None, None]
    sky = np.array([0.45, 0.65, 0.90]) + down * np.array([0.5, 0.35, 0.1])
    cloud = np.clip(_clouds((side, side), side / 9, random), 0, 1)[..., None]
    picture = sky + (0.95 - sky) * 0.4 * cloud
    grass = Image.fromarray(skimage.data.grass()).resize((side, side), Image.Resampling.LANCZOS)
    texture = np.asarray(grass, np.float32)[..., None] / 255
    ground = np.array(_GROUNDS[random.integers(len(_GROUNDS))]) * (0.55 + 0.9 * texture)
    trees = horizon + 0.03 * side * _clouds((1, side), side / 40, random)[0] - 0.05 * side
    wood = np.array([0.20, 0.30, 0.16]) * (0.6 + 0.6 * texture)
    rows = np.arange(side)[:, None, None]
    picture = np.where(rows > trees[None, :, None], wood, picture)
    picture = np.where(rows > horizon, ground, picture)
    return ndimage.gaussian_filter(picture, (0.5, 0.5, 0)).astype(np.float32)


def _clouds(size: tuple[int, ...], grain: float, random: np.random.Generator) -> Floats:
    """Soft noise (H, W) with a standard deviation of 1."""
    noise = ndimage.gaussian_filter(random.normal(size=size), grain, mode="wrap")
    return (noise / (noise.std() + 1e-6)).astype(np.float32)
