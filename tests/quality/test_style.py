"""The figures of a style, for painters of which one knows what they must be."""

from dataclasses import astuple

import pytest
import torch
from skimage import data
from torch import Tensor

from studio.core.progress import Progress
from studio.quality.features import load_vgg19
from studio.quality.style import StyleQuality, at_side, measure_quality


def picture(pixels: object) -> Tensor:
    return at_side(torch.as_tensor(pixels).permute(2, 0, 1)[None].float() / 255, 192)


def quality(painter: str) -> StyleQuality:
    """Of a painter that gives the photo back, the painting, or both side by side."""
    photo, painting = picture(data.chelsea()), picture(data.coffee())
    half = photo.shape[3] // 2
    results = {
        "photo": photo,
        "painting": painting[:, :, :, : photo.shape[3]],
        "both": torch.cat([photo[:, :, :, :half], painting[:, :, :, half : photo.shape[3]]], 3),
    }
    (found,) = measure_quality(
        load_vgg19(), [photo], {"cup": painting}, lambda *_: results[painter], Progress()
    )
    return found["cup"]


def test_that_an_untouched_photo_is_the_unit_of_every_style_error() -> None:
    found = quality("photo")
    assert (found.style, found.style_256, found.style_128) == pytest.approx((1, 1, 1), rel=1e-4)
    assert found.content == pytest.approx(0, abs=1e-6)
    assert found.palette_ab > 5


def test_that_the_painting_itself_has_no_style_error_and_all_its_colours() -> None:
    found = quality("painting")
    assert max(found.style, found.style_256, found.style_128) < 0.05
    assert max(found.palette, found.palette_ab) < 1.5
    assert found.content > 0.5


def test_that_half_a_painting_lies_between() -> None:
    rows = [astuple(quality(name)) for name in ("painting", "both", "photo")]
    for least, middle, most in zip(*(row[:5] for row in rows), strict=True):
        assert least < middle < most
