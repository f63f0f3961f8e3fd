"""What a request names, looked up."""

from dataclasses import dataclass

import torch

from studio.core.catalogue import Catalogue, Weights
from studio.core.controls import Value, complete
from studio.core.errors import StudioError
from studio.core.requests import Apply, Generate, check_seed
from studio.engine.device import find_device
from studio.models._spec import ModelSpec, find_spec
from studio.models._weights import check_header


@dataclass(frozen=True)
class Named:
    """The weights of a request and what can load them; settings complete; the first device."""

    weights: Weights
    spec: ModelSpec
    settings: dict[str, Value]
    device: torch.device


def look_up(catalogue: Catalogue, request: Apply | Generate) -> Named:
    """Looks up all that a request names but files of pictures.

    Raises:
        StudioError: weights, device or settings are not to be had.
    """
    check_seed(request.seed)
    weights = catalogue.find(request.weights)
    if request.sha256 and weights.sha256 != request.sha256:
        raise StudioError(
            f"the weights {weights.id} are not those of the request",
            "other weights of that name were installed since",
        )
    spec = find_spec(weights.model)
    check_header(weights, spec)
    device = find_device(request.device)
    # By the model's own ranges: a header is anybody's.
    settings = complete(spec.controls(weights.hyperparameters), request.settings)
    return Named(weights, spec, settings, device)
