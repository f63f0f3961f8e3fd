"""Pictures in memory."""

import dataclasses

import numpy as np
import pytest
from skimage import data

from studio.core.picture import Metadata, Picture


def photo() -> Picture:
    pixels = data.astronaut()[:240, :320].astype(np.float32) / 255
    return Picture(pixels, pixels[..., 0].copy(), Metadata(dpi=(300, 300), format="JPEG"))


def test_that_a_picture_knows_its_size() -> None:
    assert (photo().width, photo().height) == (320, 240)


def test_that_the_arrays_of_a_picture_cannot_be_written_to() -> None:
    picture = photo()
    assert picture.alpha is not None
    for array in (picture.pixels, picture.alpha):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 0


def test_that_the_giver_of_an_array_may_go_on_writing_to_it() -> None:
    mine = np.zeros((2, 2, 3), np.float32)
    picture = Picture(mine)
    mine[0, 0] = 1
    assert mine.flags.writeable
    assert not picture.pixels.flags.writeable


def test_that_a_picture_takes_other_pixels_and_keeps_its_alpha_and_metadata() -> None:
    before = photo()
    after = before.with_pixels(np.zeros_like(before.pixels))
    assert after.alpha is not None
    assert not after.pixels.any()
    assert np.array_equal(after.alpha, before.alpha)
    assert after.metadata == before.metadata


def test_that_alpha_grows_with_the_pixels() -> None:
    after = photo().with_pixels(np.zeros((480, 640, 3), np.float32))
    assert after.alpha is not None
    assert after.alpha.shape == (480, 640)
    assert 0 <= after.alpha.min() <= after.alpha.max() <= 1


def test_that_a_reduced_picture_looks_the_same_and_fits() -> None:
    before = photo()
    small = before.reduced(80)
    assert (small.width, small.height) == (80, 60)
    assert small.alpha is not None
    assert small.alpha.shape == (60, 80)
    averaged = before.pixels.reshape(60, 4, 80, 4, 3).mean((1, 3))
    assert np.abs(small.pixels - averaged).mean() < 0.02
    assert 0 <= small.pixels.min() <= small.pixels.max() <= 1


def test_that_a_small_picture_is_not_enlarged_for_a_preview() -> None:
    picture = photo()
    assert picture.reduced(320) is picture


def test_that_a_thin_picture_keeps_a_pixel_when_reduced() -> None:
    thin = Picture(np.zeros((1, 1000, 3), np.float32))
    assert thin.reduced(10).pixels.shape == (1, 10, 3)


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 1), (4, 4, 4), (0, 4, 3)])
def test_that_pixels_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="pixels"):
        Picture(np.zeros(shape, np.float32))


def test_that_pixels_of_another_type_or_an_alpha_of_another_size_are_refused() -> None:
    with pytest.raises(ValueError, match="float32"):
        Picture(np.zeros((4, 4, 3)))  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="alpha"):
        Picture(np.zeros((4, 4, 3), np.float32), np.zeros((4, 5), np.float32))


def test_that_a_picture_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        photo().alpha = None  # pyright: ignore[reportAttributeAccessIssue]
