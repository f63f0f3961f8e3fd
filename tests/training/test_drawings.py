"""What drawings of the sketch tool's trainings are like."""

import numpy as np
import torch

from studio.quality.kernel_distance import KernelDistance
from tests.conftest import draw_photo
from training.data.colours import ColourCode
from training.data.doodles import draw_cat, simplify
from training.data.fronts import FACADE_LABELS, draw_front
from training.lib.augment import augment


def test_that_real_pictures_are_nearer_to_real_ones_than_noise_is() -> None:
    photos = torch.stack(
        [torch.from_numpy(draw_photo(64, 64, n)).permute(2, 0, 1) / 255 for n in range(40)]
    )
    distance = KernelDistance([photos[:20]])
    assert abs(distance.to([photos[20:]])) < 0.1 * distance.to([torch.rand(20, 3, 64, 64)])


def test_that_a_drawn_cat_has_ink_and_paper_and_is_never_the_same() -> None:
    random = np.random.default_rng(0)
    drawn = [draw_cat(96, random) for _ in range(8)]
    for ink in drawn:
        assert ink.shape == (96, 96)
        assert 0.01 < (ink > 0.5).mean() < 0.4
    assert not np.array_equal(drawn[0], drawn[1])
    assert np.array_equal(
        draw_cat(96, np.random.default_rng(5)), draw_cat(96, np.random.default_rng(5))
    )


def test_that_a_drawn_front_has_a_wall_with_windows_and_a_door_and_is_never_the_same() -> None:
    drawn = [draw_front(96, np.random.default_rng(seed)) for seed in range(8)]
    for labels in drawn:
        assert labels.shape == (96, 96)
        found = {FACADE_LABELS[index].name for index in np.unique(labels)}
        assert {"Background", "Wall", "Window", "Door"} <= found
    assert not np.array_equal(drawn[0], drawn[1])
    assert np.array_equal(drawn[5], draw_front(96, np.random.default_rng(5)))


def test_that_simplified_edges_have_less_ink_and_stay_in_range() -> None:
    edges = np.zeros((160, 160), np.float32)
    edges[40:48, 20:140] = edges[20:140, 80:86] = 1
    random = np.random.default_rng(1)
    results = [simplify(edges, 128, random) for _ in range(20)]
    assert all(r.shape == (128, 128) and 0 <= r.min() <= r.max() <= 1 for r in results)
    assert np.mean([(r > 0.5).mean() for r in results]) < (edges > 0.5).mean()
    assert max((r > 0.5).mean() for r in results) > 0.005


def test_that_augmentation_lets_the_gradient_through_and_spares_the_drawing_its_colours() -> None:
    torch.manual_seed(0)
    pictures = torch.rand(3, 4, 32, 32, requires_grad=True)
    changed = augment(pictures, shift=0, cut=0)
    assert torch.equal(changed[:, 3], pictures[:, 3])
    assert not torch.allclose(changed[:, :3], pictures[:, :3])
    augment(pictures).sum().backward()
    assert pictures.grad is not None
    assert pictures.grad.abs().sum() > 0


def test_that_photos_of_other_colours_have_other_codes() -> None:
    photos = torch.stack(
        [torch.from_numpy(draw_photo(64, 64, n)).permute(2, 0, 1) / 255 for n in range(40)]
    )
    code = ColourCode(photos, 4)
    codes = code(photos)
    assert codes.shape == (40, 4)
    assert codes.mean(0).abs().max() < 0.1
    assert (codes.std(0) - 1).abs().max() < 0.15
    red = photos[:1] * torch.tensor([1.0, 0.4, 0.4])[:, None, None]
    assert (code(red) - codes[:1]).abs().max() > 1
