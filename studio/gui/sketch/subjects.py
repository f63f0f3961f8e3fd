"""What weights draw: the words for it, and the colours and templates that go with it."""

from dataclasses import dataclass

from studio.core.catalogue import Weights
from studio.core.drawings.labels import Label
from studio.core.words.said import Said, say

_WHITE, _BLACK = "#ffffff", "#000000"


@dataclass(frozen=True)
class Subject:
    """What a person draws for some weights.

    Attributes:
        noun, plural: what comes out, such as ``cat``.
        one, another: with what languages put before it: ``a cat``, ``Another cat``.
        labels: colours to draw with; the first is the paper's. None: black on white.
        templates: drawings to start from.
    """

    noun: Said
    plural: Said
    one: Said
    another: Said
    labels: tuple[Label, ...] = ()
    templates: tuple[str, ...] = ()

    @property
    def ground(self) -> str:
        """Colour of the blank paper."""
        return self.labels[0].colour if self.labels else _WHITE

    @property
    def pen(self) -> str:
        """Colour that the pen begins with."""
        return self.labels[min(1, len(self.labels) - 1)].colour if self.labels else _BLACK

    @property
    def smooth(self) -> bool:
        """Whether lines have soft edges."""
        return not self.labels

    def colour(self, label: str) -> str | None:
        """The colour of a label by its name; None where there is no such label."""
        return next((each.colour for each in self.labels if each.name.lower() == label), None)


_PICTURE = say("picture"), say("pictures"), say("a picture"), say("Another picture")
_CAT = say("cat"), say("cats"), say("a cat"), say("Another cat")
_HOUSE = say("house"), say("houses"), say("a house"), say("Another house")
_CATS = (say("Cat face"), say("Round eyes"), say("Sleepy cat"), say("Kitten"))
_FRONTS = (say("Town house"), say("Shop and balconies"), say("Block of windows"))


def subject_of(weights: Weights) -> Subject:
    """The subject of sketch weights."""
    name = weights.id.rpartition("/")[2]
    if weights.palette:
        nouns = _HOUSE if name == "facades" else _PICTURE
        return Subject(*nouns, weights.palette, _FRONTS)
    nouns = _CAT if name == "cats" else _PICTURE
    return Subject(*nouns, (), _CATS)
