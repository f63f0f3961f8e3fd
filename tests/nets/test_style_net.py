"""The style network's parts do what their names say."""

import torch
from torch.nn import functional as F

from studio.nets.grain import crop_grain, make_grain
from studio.nets.layer import Layer, run_steps
from studio.nets.style_net import StyleNet, StyleNets


def test_that_a_folded_upsampling_equals_doubling_and_convolving() -> None:
    layer = Layer(5, 7, 3, styles=1, upsample=True)
    x = torch.rand(2, 5, 9, 11)
    doubled = F.pad(F.interpolate(x, scale_factor=2.0), (1, 1, 1, 1), mode="reflect")
    expected = F.conv2d(doubled, layer.conv.weight)
    torch.testing.assert_close(layer.convolve(layer.pad(x)), expected, atol=1e-5, rtol=1e-5)


def test_that_a_blend_lies_between_its_styles() -> None:
    torch.manual_seed(0)
    net = StyleNet(2, stem=4, width=8, blocks=1, tail=4).eval()
    for layer in net.layers:
        if layer.shift is not None:
            layer.shift.data = torch.randn_like(layer.shift)
    photo = torch.rand(1, 3, 32, 32)
    first, half, second = (
        net(photo, torch.tensor([[1 - share, share]])) for share in (0.0, 0.5, 1.0)
    )
    apart = (first - second).abs().mean()
    assert (first - half).abs().mean() < apart
    assert (second - half).abs().mean() < apart
    assert apart > 0.01


def test_that_nets_apart_paint_as_if_alone_and_a_blend_lies_between_them() -> None:
    torch.manual_seed(0)
    nets = StyleNets(2, stem=4, width=8, blocks=2, tail=4, dilations=(1, 2)).eval()
    nets.alone(1).load_state_dict(
        {k: v + 0.05 * torch.randn_like(v) for k, v in nets.alone(0).state_dict().items()}
    )
    photo = torch.rand(1, 3, 40, 32)
    mixtures = torch.tensor([[1.0, 0.0], [0.5, 0.5], [0.0, 1.0]])
    first, half, second = nets(photo.expand(3, -1, -1, -1), mixtures)
    torch.testing.assert_close(first, nets.alone(0)(photo, torch.ones(1, 1))[0])
    torch.testing.assert_close(second, run_steps(nets.steps(mixtures[2:]), photo)[0])
    apart = (first - second).abs().mean()
    assert 0 < (first - half).abs().mean() < apart
    assert 0 < (second - half).abs().mean() < apart


def test_that_an_empty_wall_is_not_painted_in_one_colour() -> None:
    # Without a grain every pixel of it sees the same, and none can be a stroke.
    torch.manual_seed(0)
    wall = torch.full((1, 3, 64, 64), 0.6)
    spreads = [
        StyleNet(1, 4, 8, 1, 4, grain).eval()(wall, torch.ones(1, 1)).std((2, 3)).max()
        for grain in (0.0, 0.05)
    ]
    assert spreads[0] < 1e-3
    assert spreads[1] > 0.01


def test_that_the_grain_repeats_without_a_seam() -> None:
    grain = crop_grain(make_grain(), 0, 0, 1030, 1030)
    steps = (grain[:, :, 1:] - grain[:, :, :-1]).abs().mean((0, 1, 3))
    assert steps.max() < 1.5 * steps.mean()
    assert torch.equal(grain[:, :, 512:], grain[:, :, :-512])
