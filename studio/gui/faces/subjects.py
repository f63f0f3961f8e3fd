"""What weights make: the words for it."""

from dataclasses import dataclass

from studio.core.catalogue import Weights


@dataclass(frozen=True)
class Subject:
    """What a picture of some weights is of.

    Attributes:
        noun, plural: in lower case.
    """

    noun: str
    plural: str


_FACES, _ANY = Subject("face", "faces"), Subject("picture", "pictures")
_KNOWN = {"": _FACES, "portraits": _FACES, "digits": Subject("digit", "digits")}


def subject_of(weights: Weights) -> Subject:
    """By what the weights' header says that they have learnt from."""
    return _KNOWN.get(str(weights.training.get("subject", "")), _ANY)
