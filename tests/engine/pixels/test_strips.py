"""Strips give what the whole picture gives."""

import pytest
import torch

from studio.bench.report import Report
from studio.bench.translate import measure_tiling
from studio.core.catalogue import Catalogue
from studio.core.progress import CancelledError, Progress
from studio.engine.pixels.strips import run_in_strips
from studio.nets.style_net import StyleNet


def net_and_mixture() -> tuple[StyleNet, torch.Tensor]:
    torch.manual_seed(1)
    net = StyleNet(2, stem=4, width=8, blocks=2, tail=4, grain=0.2, dilations=(1, 4))
    net.eval().requires_grad_(False)
    for layer in net.layers:
        if layer.scale is not None and layer.shift is not None:
            layer.scale.data += 0.3 * torch.randn_like(layer.scale)
            layer.shift.data += 0.3 * torch.randn_like(layer.shift)
    return net, torch.tensor([[0.3, 0.7]])


def psnr(one: torch.Tensor, other: torch.Tensor) -> float:
    return float(-10 * torch.log10((one - other).square().mean()))


def in_strips(net: StyleNet, mixture: torch.Tensor, photo: torch.Tensor, rows: int) -> torch.Tensor:
    size = (photo.shape[2], photo.shape[3])
    strips = run_in_strips(net.steps(mixture), photo, size, rows, torch.zeros(1), Progress())
    return torch.cat([strip for _, strip in strips], dim=2)


@pytest.mark.parametrize("rows", [16, 20, 64, 1000])
@pytest.mark.parametrize("size", [(64, 48), (100, 132), (32, 32), (420, 36)])
def test_that_strips_of_any_height_agree_with_the_whole(size: tuple[int, int], rows: int) -> None:
    net, mixture = net_and_mixture()
    photo = torch.rand(1, 3, *size)
    assert psnr(in_strips(net, mixture, photo, rows), net(photo, mixture)) > 60


def test_that_a_picture_with_two_halves_unlike_each_other_shows_no_seam() -> None:
    # Tiles normalised each by its own statistics differ here by tens of grey levels.
    net, mixture = net_and_mixture()
    photo = torch.cat([torch.full((1, 3, 64, 64), 0.1), torch.rand(1, 3, 64, 64)], dim=2)
    assert (in_strips(net, mixture, photo, 16) - net(photo, mixture)).abs().max() < 2 / 255


def test_that_strips_stop_when_cancelled() -> None:
    net, mixture = net_and_mixture()
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 5

    progress = Progress(cancelled=cancelled)
    photo = torch.rand(1, 3, 64, 64)
    with pytest.raises(CancelledError):
        list(run_in_strips(net.steps(mixture), photo, (64, 64), 16, torch.zeros(1), progress))
    assert asked == 6


def test_that_the_bench_finds_translations_in_parts_as_good_as_whole_ones(
    catalogue: Catalogue,
) -> None:
    tiny = catalogue.find("translate/tiny")
    assert measure_tiling(Report({}), tiny, "cpu", Progress()).figures["psnr_of_parts"] > 40
