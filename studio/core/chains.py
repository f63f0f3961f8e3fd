"""Several models one after the other, with a name: what a person would do in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from studio.core.catalogue import Catalogue
from studio.core.controls import parse_settings
from studio.core.errors import StudioError
from studio.core.requests import Step
from studio.core.words.said import say


@dataclass(frozen=True)
class Chain:
    """Models with a common purpose.

    Attributes:
        id: the word on the command line.
        title: for people.
        steps: id of the weights of each step, in their order, by the word that it is known by.
    """

    id: str
    title: str
    steps: Mapping[str, str]

    @property
    def ids(self) -> tuple[str, ...]:
        """Of the weights, in their order."""
        return tuple(self.steps.values())


OLD_PHOTO = Chain(
    "old-photo", say("Old photo"),
    {"repair": "enhance/repair", "clean": "enhance/photo", "tone": "enhance/tone"},
)  # fmt: skip
CHAINS = (OLD_PHOTO,)


def find_steps(
    catalogue: Catalogue,
    wanted: str,
    then: Sequence[tuple[str, Sequence[str]]],
    without: Sequence[str],
) -> list[Step]:
    """The steps that a command line names, with their hashes.

    Args:
        catalogue: has the weights.
        wanted: weights, or a chain.
        then: what follows: weights, with settings behind commas, ``enhance/photo,grain=0.3``, and
            further settings.
        without: words of the chain's steps that are left out, or several with commas.

    Raises:
        StudioError: there are no such weights, settings or steps; or none are left.
    """
    chain = _chain(wanted)
    words = {} if chain is None else chain.steps
    for word in _left_out(without):
        if word not in words:
            known = say("known: {steps}", steps=list(words))
            whole = say("steps are left out of a chain, such as old-photo")
            missing = say("there is no step {word}", word=repr(word))
            raise StudioError(missing, known if words else whole)
    named = [words[word] for word in words_left(wanted, without)] if chain else [wanted]
    chains = [each.id for each in CHAINS]
    steps = [find_step(catalogue, each, beside=chains) for each in named]
    steps += [find_step(catalogue, *each) for each in then]
    if not steps:
        raise StudioError("no step is left", "leave fewer out")
    return steps


def words_left(wanted: str, without: Sequence[str]) -> list[str]:
    """The words of a chain's steps that are not left out, see `find_steps`; none of weights."""
    chain, left_out = _chain(wanted), _left_out(without)
    return [word for word in (chain.steps if chain else ()) if word not in left_out]


def _chain(wanted: str) -> Chain | None:
    return next((chain for chain in CHAINS if chain.id == wanted), None)


def _left_out(without: Sequence[str]) -> list[str]:
    return [word.strip() for said in without for word in said.split(",")]


def find_step(
    catalogue: Catalogue, said: str, more: Sequence[str] = (), beside: Sequence[str] = ()
) -> Step:
    """One step of a command line; see `find_steps` and `Catalogue.find`."""
    weights, *settings = said.split(",")
    found = catalogue.find(weights, beside)
    return Step(weights, found.sha256, parse_settings(found.controls, [*settings, *more]))
