"""What the distance of two pictures' colours says."""

import math

import pytest
import torch

from studio.nets.palette import palette_distances, to_lab


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        ((1.0, 1.0, 1.0), (100.0, 0.0, 0.0)),
        ((1.0, 0.0, 0.0), (53.24, 80.09, 67.20)),
        ((0.0, 0.0, 0.01), (0.05, 0.35, -0.97)),
    ],
)
def test_that_known_colours_have_their_known_place(
    rgb: tuple[float, ...], lab: tuple[float, ...]
) -> None:
    found = to_lab(torch.tensor(rgb).view(1, 3, 1, 1)).flatten().tolist()
    assert found == pytest.approx(lab, abs=0.02)


def test_that_colours_count_and_not_where_they_stand() -> None:
    picture = torch.rand(3, 20, 30)
    moved = picture.flatten(1)[:, torch.randperm(600)].view(3, 30, 20)
    assert max(palette_distances(picture, moved)) < 1e-4


def test_that_a_brighter_picture_of_the_same_hues_differs_in_lightness_alone() -> None:
    grey = torch.full((3, 8, 8), 0.2)
    all_three, hues = palette_distances(grey, torch.full((3, 16, 16), 0.7))
    assert hues < 0.01
    # 52 steps of L*, seen from evenly spread directions, are half of it.
    assert float(all_three) == pytest.approx(26, abs=2)


def test_that_a_shift_of_hue_counts_by_its_length() -> None:
    red, green = (torch.tensor(c).view(3, 1, 1) for c in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)))
    (_, a, b), (_, a2, b2) = (to_lab(c[None]).flatten().tolist() for c in (red, green))
    _, hues = palette_distances(red, green)
    assert float(hues) == pytest.approx(math.hypot(a - a2, b - b2) * 2 / math.pi, rel=0.01)
