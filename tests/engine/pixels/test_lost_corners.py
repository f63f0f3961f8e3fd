"""Corners that are gone are found in whole pictures, by any weights, and in each part of them."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from studio.core.events import Previewed
from studio.core.requests import Apply
from tests.conftest import draw_photo
from tests.engine.conftest import Front

_WIDE, _HIGH = 600, 400
_Points = Sequence[tuple[float, float]]
_BITE = [(0, 0), *((70 * np.cos(a), 80 * np.sin(a)) for a in np.linspace(0, np.pi / 2, 12))]
_HOLLOW = ((0, 0), (110, 0), (72, 14), (45, 32), (24, 56), (10, 90), (0, 120))
_TORN = ((0, 0), (70, 0), (62, 14), (38, 30), (30, 52), (9, 64), (0, 80))


def covered(shape: _Points, colour: int = 245, soft: float = 0.7) -> Image.Image:
    """A photo with one colour over a part of it."""
    photo = Image.fromarray(draw_photo(_WIDE, _HIGH))
    cover = Image.new("L", photo.size)
    ImageDraw.Draw(cover).polygon(list(shape), 255)
    cover = cover.filter(ImageFilter.GaussianBlur(soft))
    photo.paste((colour, colour, colour), (0, 0), cover)
    grain = np.random.default_rng(1).normal(0, 3, (_HIGH, _WIDE, 1))
    return Image.fromarray((np.asarray(photo) + grain).clip(0, 255).astype(np.uint8))


def turned(points: _Points, right: bool, low: bool) -> _Points:
    """The same at another corner."""
    return [(_WIDE - x if right else x, _HIGH - y if low else y) for x, y in points]


def marks(front: Front, photo: Image.Image, folder: Path, **asked: object) -> np.ndarray:
    """What is marked of a photo, (H, W) bool."""
    source = folder / "photo.png"
    photo.save(source)
    request = Apply("enhance/tiny-repair", str(source), settings={"show": "mask"}, **asked)  # type: ignore[arg-type]
    shown = next(event for event in front.run(request) if isinstance(event, Previewed))
    return shown.pixels[..., 0] > 127


@pytest.mark.parametrize("right", [False, True])
@pytest.mark.parametrize("low", [False, True])
@pytest.mark.parametrize(
    ("form", "colour"), [(_TORN, 245), (_TORN, 10), (_BITE, 245), (_HOLLOW, 245)]
)
def test_that_a_torn_corner_is_marked_all_of_it_and_nothing_else(
    front: Front, tmp_path: Path, right: bool, low: bool, form: _Points, colour: int
) -> None:
    torn = turned(form, right, low)
    truth = Image.new("L", (_WIDE, _HIGH))
    ImageDraw.Draw(truth).polygon(list(torn), 255)
    wide = np.asarray(truth.filter(ImageFilter.MaxFilter(15))) > 0
    found = marks(front, covered(torn, colour), tmp_path)
    assert found[np.asarray(truth) > 0].mean() > 0.99  # but for the points of its tips
    assert not found[~wide].any()


@pytest.mark.parametrize(
    ("shape", "soft"),
    [
        ((), 0.7),
        (((0, 0), (8, 0), (0, 8)), 0.7),  # hardly anything
        (((0, 0), (70, 0), (70, 80), (0, 80)), 0.7),  # a window, a sign
        (((0, 0), (_WIDE, 0), (0, 60)), 0.7),  # a scan that lies askew
        (_TORN, 12.0),  # a shadow, a vignette
        (((-9, -9), (_WIDE, -9), (_WIDE, 12), (12, 12), (12, _HIGH), (-9, _HIGH)), 0.7),  # a frame
        (((200, 0), (270, 0), (200, 80)), 0.7),  # at no corner
    ],
)  # fmt: skip
def test_that_what_only_resembles_a_lost_corner_is_left(
    front: Front, tmp_path: Path, shape: _Points, soft: float
) -> None:
    photo = covered(shape, soft=soft) if shape else Image.fromarray(draw_photo(_WIDE, _HIGH))
    assert not marks(front, photo, tmp_path).any()


@pytest.mark.parametrize("radius", [24, 40, 90])
def test_that_a_print_keeps_its_round_corners(front: Front, tmp_path: Path, radius: int) -> None:
    outside = Image.new("L", (_WIDE, _HIGH), 255)
    ImageDraw.Draw(outside).rounded_rectangle((0, 0, _WIDE - 1, _HIGH - 1), radius, 0)
    photo = Image.fromarray(draw_photo(_WIDE, _HIGH))
    photo.paste((240, 236, 225), (0, 0), outside.filter(ImageFilter.GaussianBlur(0.7)))
    assert not marks(front, photo, tmp_path).any()


def test_that_the_screen_a_part_and_the_file_show_the_same_corner_filled(
    front: Front, tmp_path: Path
) -> None:
    large = covered(turned(_TORN, True, True)).resize((1800, 1200), Image.Resampling.BICUBIC)
    source, output = tmp_path / "large.png", tmp_path / "filled.png"
    large.save(source)
    whole = marks(front, large, tmp_path, preview_side=1800)
    small = marks(front, large, tmp_path, preview_side=600)
    assert abs(small.mean() - whole.mean()) < 0.2 * whole.mean()
    part = marks(front, large, tmp_path, region=(1650, 900, 150, 300))
    assert (part == whole[900:, 1650:]).mean() > 0.999
    assert not marks(front, large, tmp_path, region=(100, 900, 150, 300)).any()
    front.run(Apply("enhance/tiny-repair", str(source), str(output)))
    changed = (np.asarray(Image.open(output)) != np.asarray(large)).any(2)
    assert (changed & ~whole).sum() < 0.03 * whole.sum()  # a soft fringe
    assert changed[whole].mean() > 0.9
