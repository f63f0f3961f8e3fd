"""The tensors of a net for each style, blended: what `StyleNets.blended` does, without torch."""

from collections.abc import Mapping, Sequence

import numpy as np
from safetensors import safe_open

from studio.core.catalogue import Weights
from studio.core.picture import Floats


def are_apart(weights: Weights) -> bool:
    """Whether each style has a net of its own."""
    return bool(weights.hyperparameters.get("apart"))


def blended(weights: Weights, shares: Sequence[float]) -> Mapping[str, Floats]:
    """The tensors, by their names in the net of one style.

    Args:
        weights: whose styles are apart.
        shares: of the styles, which sum to 1.
    """
    found: dict[str, Floats] = {}
    with safe_open(weights.path, "np") as file:
        names = list[str](file.keys())
        for style, share in enumerate(shares):
            prefix = f"net.nets.{style}."
            for name in (name for name in names if share and name.startswith(prefix)):
                part = file.get_tensor(name).astype(np.float32) * np.float32(share)
                key = name.removeprefix(prefix)
                found[key] = found[key] + part if key in found else part
    return found
