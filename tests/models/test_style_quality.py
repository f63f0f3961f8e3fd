"""The shipped styles, on a photo that scikit-image ships."""

from pathlib import Path

import numpy as np
import pytest
import torch
from skimage import data
from torch import Tensor
from torch.nn import functional as F

from studio.core.catalogue import Catalogue
from studio.core.controls import Choice, complete
from studio.models._spec import find_spec
from studio.models._weights import load_net
from studio.nets.perceptual import CONTENT_LAYER, relative_squared_error
from studio.quality.features import load_vgg19


@pytest.fixture(scope="module")
def large_photo() -> Tensor:
    return torch.from_numpy(data.astronaut()).permute(2, 0, 1)[None].float() / 255


@pytest.fixture(scope="module")
def photo(large_photo: Tensor) -> Tensor:
    return F.interpolate(large_photo, (256, 256), mode="area")


@pytest.fixture(scope="module")
def painted(photo: Tensor) -> dict[str, Tensor]:
    return in_each_style(photo)


def in_each_style(photo: Tensor) -> dict[str, Tensor]:
    """The photo in each style of the gallery."""
    weights = Catalogue([Path(__file__).parents[2] / "weights"]).find("style/gallery")
    spec = find_spec(weights.spec)
    net = load_net(weights, spec)
    style = next(c for c in weights.controls if isinstance(c, Choice))
    with torch.inference_mode():
        return {
            option.id: net.net(photo, net.mixture(complete(weights.controls, {"style": option.id})))
            for option in style.options
        }


def test_that_there_are_sixteen_styles_and_no_two_look_alike(painted: dict[str, Tensor]) -> None:
    assert len(painted) >= 16
    names = list(painted)
    for index, one in enumerate(names):
        for other in names[index + 1 :]:
            assert (painted[one] - painted[other]).abs().mean() > 0.03, (one, other)


def test_that_the_photo_stays_readable(painted: dict[str, Tensor], photo: Tensor) -> None:
    vgg = load_vgg19()
    with torch.inference_mode():
        before = vgg(photo, (CONTENT_LAYER,))[CONTENT_LAYER]
        errors = [
            float(relative_squared_error(vgg(p, (CONTENT_LAYER,))[CONTENT_LAYER], before))
            for p in painted.values()
        ]
    assert np.mean(errors) < 0.75


def test_that_there_is_no_checkerboard(large_photo: Tensor) -> None:
    # A grid of period 4 px, the stride of the residual blocks, shows in the means of its 16 phases;
    # on a smaller photo strokes alone, by chance, make them differ as much.
    for name, picture in in_each_style(large_photo).items():
        change = (picture - large_photo).mean(1)[0]
        phases = change.view(128, 4, 128, 4).mean((0, 2))
        assert phases.std() < 0.003, name  # three quarters of a grey level
