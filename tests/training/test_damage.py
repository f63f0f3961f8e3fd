"""Damage as it happens to photos: what is told of it is what is in the photo."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from skimage import data

from studio.quality.photo_noise import Noise, measure_noise
from tests.conftest import draw_photo
from training.data.damage import Damage, Damaged, Kind, compress, damage, draw_damage


@pytest.fixture(scope="module")
def photo() -> np.ndarray:
    """A calm part of a photo (128, 128, 3)."""
    return data.coffee()[20:148, 300:428].astype(np.float32) / 255


def damaged(photo: np.ndarray, what: Damage, seed: int = 0) -> Damaged:
    return damage(photo, what, np.random.default_rng(seed))


def left(one: Damaged) -> np.ndarray:
    return one.given - one.clean


def test_that_the_told_noise_is_the_noise(photo: np.ndarray) -> None:
    made = damaged(photo, Damage(noise=20, rounded=False))
    assert made.noise == Noise(20, 20, 1)
    assert np.std(left(made)) * 255 == pytest.approx(20, rel=0.02)


@pytest.mark.parametrize("kind", [Kind.CAMERA, Kind.FILM])
@pytest.mark.parametrize("seed", range(4))
def test_that_real_noise_is_told_as_strong_as_it_is(
    photo: np.ndarray, kind: Kind, seed: int
) -> None:
    made = damaged(photo, Damage(kind=kind, noise=12, rounded=False), seed)
    told = made.noise
    square = (told.luma**2 + 2 * told.colour**2) / 3  # one axis of luma, two of colour
    assert np.std(left(made)) * 255 == pytest.approx(square**0.5, rel=0.03)
    assert square**0.5 == pytest.approx(12, rel=0.1)


def test_that_independent_noise_is_as_strong_in_luma_as_in_colour_and_of_one_px() -> None:
    noise = np.random.default_rng(0).normal(0, 25 / 255, (128, 128, 3))
    found = measure_noise(noise)
    assert (found.luma, found.colour) == pytest.approx((25, 25), rel=0.02)
    assert found.size == pytest.approx(1, abs=0.03)
    grey = measure_noise(np.repeat(noise[..., :1], 3, 2))
    assert grey.colour == pytest.approx(0, abs=0.01)


@pytest.mark.parametrize("width", [2, 3, 4])
def test_that_grain_is_told_as_wide_as_it_is(width: int) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, (192, 192, 3))
    blur = width / (2 * np.pi) ** 0.5
    grain = gaussian_filter(noise, (blur, blur, 0), mode="wrap")
    assert measure_noise(grain).size == pytest.approx(width, rel=0.1)


@pytest.mark.parametrize("change", [{"jpeg": 15}, {"resize": 2.0}, {"first_jpeg": 20}])
def test_that_noise_is_told_as_what_comes_after_leaves_of_it(
    photo: np.ndarray, change: dict[str, float]
) -> None:
    what = replace(Damage(noise=25), **change)
    told = damaged(photo, what).noise
    assert 1 < told.luma < 0.9 * 25
    assert told.colour < 0.9 * 25


@pytest.mark.parametrize("what", [Damage(cast=1.0), Damage(sharpening=1.0), Damage(resize=0.6)])
def test_that_what_is_the_photos_own_is_not_undone(photo: np.ndarray, what: Damage) -> None:
    made = damaged(photo, what)
    assert np.abs(left(made)).max() < 0.003
    assert np.abs(made.clean - photo).mean() > 0.003


def test_that_dust_is_not_told_as_noise_but_is_to_go(photo: np.ndarray) -> None:
    made = damaged(photo, Damage(dust=20))
    assert made.noise.luma < 0.5
    assert np.abs(left(made)).max() > 0.1
    assert np.abs(left(made)).mean() < 0.02


def test_that_a_grey_photo_is_damaged_greyly(photo: np.ndarray) -> None:
    made = damaged(photo, Damage(grey=True, kind=Kind.FILM, noise=20, jpeg=80))
    for pixels in (made.clean, made.given):
        assert np.ptp(pixels, axis=2).max() < 0.02
    assert made.noise.luma > 15
    assert made.noise.colour < 1


def test_that_half_of_all_damage_is_real_and_all_stays_in_its_ranges() -> None:
    random = np.random.default_rng(0)
    drawn = [draw_damage(random) for _ in range(1000)]
    for d in drawn:
        assert 0 <= d.noise <= 75
        assert 0 <= d.blur <= 2
        assert 1 <= d.jpeg <= 100
        assert 0.5 <= d.resize <= 2
    assert sum(d.plain for d in drawn) == pytest.approx(500, abs=60)
    assert sum(d.kind is Kind.FILM for d in drawn) > 150
    assert sum(d.kind is Kind.CAMERA for d in drawn) > 150


@pytest.mark.parametrize("what", [{"kind": Kind.FILM, "noise": 9.0}, {"blotches": 9.0}])
def test_that_grain_and_blotches_may_be_large(what: dict[str, Any]) -> None:
    grey = np.full((192, 192, 3), 0.5, np.float32)
    usual, large = (
        max(_reach(left(damaged(grey, Damage(**what, large=is_large), seed))) for seed in range(16))
        for is_large in (False, True)
    )
    assert large > 1.15 * usual


def _reach(noise: np.ndarray) -> int:
    """How many px to the side noise is still half like itself."""
    red = noise[..., 0]
    alike = [np.mean(red[:, : red.shape[1] - by] * red[:, by:]) for by in range(60)]
    return int(np.argmax(np.array(alike) < alike[0] / 2))


def test_that_jpeg_keeps_the_size_and_does_harm() -> None:
    photo = draw_photo(61, 47).astype(np.float32) / 255
    for random in (None, np.random.default_rng(3)):
        compressed = compress(photo, 10, random)
        assert compressed.shape == photo.shape
        assert 0.01 < np.abs(compressed - photo).mean() < 0.2
