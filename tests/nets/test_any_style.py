"""Colours in closed form, and a net that reads scales and shifts off a painting."""

import torch

from studio.core.values.paintings import GLANCE
from studio.nets.any_style import AnyStyleNet
from studio.nets.transport import palette_of, to_standard


def moments(pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    colours = pictures[0].flatten(1)
    return colours.mean(1), torch.cov(colours, correction=0)


def test_that_transported_colours_have_the_paintings_mean_and_covariance() -> None:
    torch.manual_seed(0)
    mixing = torch.tensor([[0.6, 0.2, 0.0], [0.1, 0.5, 0.1], [0.0, 0.2, 0.6]])
    photo = torch.einsum("ij,njhw->nihw", mixing, torch.rand(1, 3, 40, 50)) + 0.1
    painting = torch.rand(1, 3, 30, 20) * torch.tensor([0.9, 0.5, 0.2])[:, None, None]
    palette = palette_of(painting.numpy())
    root, centre = torch.from_numpy(palette.root), torch.from_numpy(palette.mean)
    matrix, mean = map(torch.from_numpy, to_standard(photo.numpy(), palette))
    standard = torch.einsum("nij,njhw->nihw", matrix, photo - mean[..., None, None])
    moved = torch.einsum("nij,njhw->nihw", root, standard) + centre[..., None, None]
    found, wanted = moments(moved), moments(painting)
    assert torch.allclose(found[0], wanted[0], atol=1e-4)
    assert torch.allclose(found[1], wanted[1], atol=0.003)
    own_matrix, own_mean = map(torch.from_numpy, to_standard(painting.numpy(), palette))
    own = torch.einsum("nij,njhw->nihw", root @ own_matrix, painting - own_mean[..., None, None])
    assert (own + own_mean[..., None, None] - painting).abs().max() < 0.03, "its own stay"


def test_that_a_photos_own_light_and_tint_do_not_show_in_the_result() -> None:
    torch.manual_seed(0)
    net = AnyStyleNet(stem=4, width=8, blocks=1, tail=4, hidden=8).eval()
    photo, painting = torch.rand(1, 3, 48, 48), torch.rand(1, 3, 64, 64)
    tinted = 0.2 + photo * torch.tensor([0.8, 0.6, 0.7])[:, None, None]
    with torch.inference_mode():
        manner = net.look(painting)
        results = [net.paint(each, manner) for each in (photo, tinted, photo.flip(3))]
    assert (results[0] - results[1]).abs().mean() < 0.02
    assert (results[0] - results[2]).abs().mean() > 0.05


def test_that_a_large_painting_is_seen_square_by_square() -> None:
    torch.manual_seed(0)
    net = AnyStyleNet(stem=4, width=8, blocks=1, tail=4, hidden=8).eval()
    calm, lively = (size * torch.rand(1, 3, GLANCE, GLANCE) for size in (0.2, 1.0))
    with torch.inference_mode():
        one, other = (net.look(square).rows for square in (calm, lively))
        alike = net.look(calm.repeat(1, 1, 2, 2))
        both = net.look(torch.cat([calm, lively], 3))
    assert torch.allclose(alike.rows, one, atol=1e-5)
    assert torch.allclose(both.rows, (one + other) / 2, atol=1e-5)
    assert (one - other).abs().max() > 0.001
