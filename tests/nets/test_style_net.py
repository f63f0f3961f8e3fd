"""The style network's parts do what their names say."""

import torch
from torch.nn import functional as F

from studio.nets.layer import Layer
from studio.nets.style_net import StyleNet


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
