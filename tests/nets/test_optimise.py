"""A picture optimised towards a painting."""

import pytest
import torch

from studio.nets import optimise
from studio.nets.vgg19 import VGG19
from tests.conftest import draw_photo


def picture(width: int, height: int, seed: int) -> torch.Tensor:
    return torch.from_numpy(draw_photo(width, height, seed)).permute(2, 0, 1)[None] / 255


def optimised(vgg: VGG19, content: float) -> torch.Tensor:
    photo, painting = picture(230, 150, 1), picture(120, 170, 2)
    optimisation = optimise.Optimisation(vgg, photo, painting, photo, content, 1.0)
    for share in optimisation.steps():
        if share > 0.02:
            break
    return optimisation.reached


def test_that_tiles_share_the_statistics_of_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    vgg = VGG19(averages=True, width=2)
    monkeypatch.setattr(optimise, "bf16_is_fast", lambda _: False)
    monkeypatch.setattr(optimise, "_LADDER", ((128, 8), (256, 8)))
    whole = optimised(vgg, 1.0)
    monkeypatch.setattr(optimise, "_WHOLE", 0)
    monkeypatch.setattr(optimise, "_TILE", 64)
    tiled = optimised(vgg, 1.0)
    assert (whole - picture(230, 150, 1)).abs().mean() > 0.02
    assert (whole - tiled).abs().mean() < 2e-3


def test_that_a_large_picture_is_settled_while_it_is_small() -> None:
    assert [scale.side for scale in optimise.scales_up_to(512)] == [128, 256, 512]
    assert [scale.side for scale in optimise.scales_up_to(1400)] == [128, 256, 512, 1024, 1400]
    assert [scale.side for scale in optimise.scales_up_to(100)] == [100]
