"""Pictures that are bent until their landmarks lie elsewhere."""

import torch

from studio.nets.appearance import warped


def test_that_nothing_is_seen_twice_in_a_bent_photo() -> None:
    photo = torch.full((1, 3, 64, 64), 0.5)
    photo[:, :, 4:8, 30:34] = 1  # like the tip of an ear near the border
    there = torch.tensor([[[-0.5, -0.5], [0.5, -0.5], [-0.5, 0.5], [0.5, 0.5]]])
    bent = warped(photo, 0.5 * there, there, (64, 64))
    shown = (bent[0, 0] > 0.75).nonzero()
    assert 0 < len(shown) < 12, "a quarter of the sixteen, smoothed"
    assert shown[:, 0].min() > 14, "not mirrored above"
    assert (bent[0, 0, :10] - 0.5).abs().max() < 0.2, "calm around"
