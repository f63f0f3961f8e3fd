"""What pictures that are made of drawings are judged by."""

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from tests.conftest import draw_photo
from training.losses.drawn import HeldContrast, StandingLines, look_distance


def test_that_a_picture_paler_or_softer_than_its_photo_costs() -> None:
    photo = _photo(1)
    pale = photo.mean() + 0.7 * (photo - photo.mean())
    soft = F.avg_pool2d(photo, 3, 1, 1)
    assert look_distance(photo, photo) == 0
    assert look_distance(pale, photo) == pytest.approx(0.3**2, rel=0.01)
    assert look_distance(soft, photo) > 0.01


def test_that_lines_cost_where_they_stand_at_the_same_place_in_all_pictures() -> None:
    costs: dict[bool, Tensor] = {}
    for still in (True, False):
        standing = StandingLines(64)
        for number in range(60):
            line = torch.zeros(1, 3, 64, 64)
            line[:, :, 20 if still else number] = 0.1
            photo = _photo(number)
            costs[still] = standing(photo + line, photo)
    assert costs[True] > 20 * costs[False].abs()


def test_that_pictures_come_to_have_the_photos_contrast_whatever_else_pulls() -> None:
    photo = _photo(1)
    contrast = torch.tensor(0.7, requires_grad=True)
    held = HeldContrast(0.05)
    for _ in range(400):
        pale = photo.mean() + contrast * (photo - photo.mean())
        loss = held(pale, photo) + 0.3 * contrast.square()  # which wants none at all
        (slope,) = torch.autograd.grad(loss, contrast)
        contrast.data -= 0.1 * slope
    assert contrast.item() == pytest.approx(1, abs=0.01)


def _photo(number: int) -> Tensor:
    """(1, 3, 64, 64)."""
    return torch.from_numpy(draw_photo(64, 64, number) / 255).permute(2, 0, 1)[None].float()
