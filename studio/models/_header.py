"""Whether the header of a weights file fits a model."""

from studio.core.checked import fitted
from studio.core.errors import StudioError
from studio.core.weights_file import Weights, misfit
from studio.core.words.said import say
from studio.models._spec import ModelSpec


def check_header(weights: Weights, spec: ModelSpec) -> None:
    """Raises StudioError where a header does not fit the model that it names."""
    hyper = weights.hyperparameters
    try:
        fitted(hyper, spec.hyperparameters, say("a hyperparameter"))
    except StudioError as error:
        raise misfit(weights.path, error.message) from None
    if (weights.scale, weights.latent) != (spec.scale(hyper), spec.latent(hyper)):
        raise misfit(weights.path, say("it promises another size than the model has"))
    if weights.gradual != bool(spec.gradual):
        raise misfit(weights.path, say("it promises another way of working than the model has"))
    own, said = (
        {c.name: type(c) for c in each} for each in (spec.controls(hyper), weights.controls)
    )
    if own != said:
        raise misfit(weights.path, say("its controls are not {names}", names=list(own)))
