"""What the generators of a CycleGAN are told, on crops drawn by code."""

import torch
from torch import Tensor

from studio.nets.cyclegan import Translation
from training.losses.unpaired import Batch, Journey, faded, unpaired_terms


def crops() -> Batch:
    """Brown squares on green, and squares with black and white stripes on green."""
    masks = torch.zeros(2, 1, 32, 32)
    masks[..., 8:24, 8:24] = 1
    ground = torch.tensor([0.2, 0.6, 0.2])[:, None, None].expand(2, 3, 32, 32)
    coat = torch.tensor([0.5, 0.3, 0.1])[:, None, None].expand(2, 3, 32, 32)
    stripes = (torch.arange(32) % 4 < 2).float().expand(2, 3, 32, 32)
    return Batch(ground.lerp(coat, masks), masks, ground.lerp(stripes, masks), masks)


def journey(batch: Batch, forth: Tensor, again_b: Tensor) -> Journey:
    """All as it was, but for what became of A, and of B again."""
    made = [
        Translation(photos, mask.clamp(1e-4, 1 - 1e-4))
        for photos, mask in (
            (forth, batch.a_mask), (batch.b, batch.b_mask),
            (batch.a, batch.a_mask), (again_b, batch.b_mask),
        )
    ]  # fmt: skip
    return Journey(*made, batch.a, batch.b)


def test_that_faded_animals_lose_contrast_towards_the_other_coat() -> None:
    torch.manual_seed(0)
    batch = crops()
    result = faded(batch, 2, 0.05)
    inside = batch.b_mask.expand(2, 3, 32, 32) > 0
    assert torch.equal(result[~inside], batch.b[~inside])
    for before, after in zip(batch.b, result, strict=True):
        coat = after[:, 8:24, 8:24]
        assert 0.04 * before[:, 8:24, 8:24].std() < coat.std((1, 2)).min()
        assert coat.std((1, 2)).max() < before[:, 8:24, 8:24].std()
        torch.testing.assert_close(
            coat.mean((1, 2)), torch.tensor([0.5, 0.3, 0.1]), atol=0.02, rtol=0
        )
    assert torch.equal(faded(batch, 1, 1.0), batch.b[:1])


def test_that_one_large_error_counts_more_than_many_small_ones() -> None:
    batch = crops()
    many, one = batch.b + 0.01, batch.b.clone()
    one[..., :4, :8] += 0.01 * 32
    terms = [
        unpaired_terms(journey(batch, batch.a, again), batch, 2, squared)[1]
        for again in (many, one)
        for squared in (0.0, 5.0)
    ]
    torch.testing.assert_close(terms[0], terms[2])
    assert terms[3] > 1.5 * terms[1]


def test_that_blots_cost_tone_and_fine_textures_do_not() -> None:
    batch = crops()
    blot, texture = batch.a.clone(), batch.a.clone()
    blot[..., 8:24, 8:24] += 0.1
    texture[..., 8:24, 8:24] += torch.where(torch.arange(16) % 2 > 0, 0.1, -0.1)
    found = [
        unpaired_terms(journey(batch, forth, batch.b), batch, 2, 0.0) for forth in (blot, texture)
    ]
    coat = batch.a[0, :, 8, 8].mean()
    torch.testing.assert_close(found[0][5], (0.1 / (coat + 0.1)).square() / 4)
    assert found[1][5] < 1e-8
    assert found[0][4] == found[1][4] == 0, "nothing has changed beside the animals"
