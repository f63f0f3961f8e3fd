"""Weights as the window names them: what came with the studio says itself in its language."""

from dataclasses import replace

from studio.core.controls import Choice, Control, Option
from studio.core.own_weights import is_own
from studio.core.weights_file import Weights
from studio.core.words.tongue import tr


def spoken(weights: Weights) -> Weights:
    """The weights with titles and labels in the window's language; own titles stay as they are."""
    own = is_own(weights)
    return replace(
        weights,
        title=weights.title if own else tr(weights.title),
        controls=tuple(_control(control, own=own) for control in weights.controls),
    )


def _control(control: Control, *, own: bool) -> Control:
    said = replace(control, label=tr(control.label), help=tr(control.help))
    if isinstance(said, Choice) and not own:
        options = tuple(Option(option.id, tr(option.title)) for option in said.options)
        return replace(said, options=options)
    return said
