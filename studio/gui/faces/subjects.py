"""What weights make: the words for it."""

from dataclasses import dataclass

from studio.core.catalogue import Weights
from studio.core.words.said import Said, say


@dataclass(frozen=True)
class Subject:
    """What a picture of some weights is of.

    Attributes:
        noun, plural: in lower case.
    """

    noun: Said
    plural: Said


_ANY = Subject(say("picture"), say("pictures"))
_FACES = Subject(say("face"), say("faces"))
_KNOWN = {"": _FACES, "portraits": _FACES, "digits": Subject(say("digit"), say("digits"))}


def subject_of(weights: Weights) -> Subject:
    """By what the weights' header says that they have learnt from."""
    return _KNOWN.get(str(weights.training.get("subject", "")), _ANY)
