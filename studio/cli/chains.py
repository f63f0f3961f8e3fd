"""Several models one after the other, as ``apply``, ``batch`` and ``video`` are told of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import click

from studio.core.catalogue import Catalogue, check_takes_pictures
from studio.core.chains import find_steps, words_left
from studio.core.controls import parse_settings
from studio.core.errors import StudioError
from studio.core.requests import Step

_SET, _THEN = "--set", "--then"
_OF_STEP = "="  # before a setting among the values of --then; no weights are named so


class StepsCommand(click.Command):
    """Gives each ``--set`` behind a ``--then`` to that step: click forgets which came first."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Makes such a ``--set`` a further value of ``--then``."""
        given: list[str] = []
        words, behind = iter(args), False
        for word in words:
            option, joined, value = word.partition("=")
            if word == "--":
                given += [word, *words]
            elif option not in (_SET, _THEN):
                given.append(word)
            else:
                behind = behind or option == _THEN
                said = [value] if joined else [*_next(words)]  # without a value, click says so
                if behind and option == _SET:
                    option, said = _THEN, [_OF_STEP + each for each in said]
                given += [option, *said]
        return super().parse_args(ctx, given)


def _next(words: Iterator[str]) -> list[str]:
    return [word for word in [next(words, None)] if word is not None]


def named_steps(
    weights: str, settings: Sequence[str], then: Sequence[str], without: Sequence[str]
) -> list[Step]:
    """The models that a command line names, each with its settings.

    Raises:
        StudioError: there are no such weights or settings, or they take no picture.
    """
    catalogue, following = Catalogue(), list[tuple[str, list[str]]]()
    for said in then:
        if said.startswith(_OF_STEP):
            following[-1][1].append(said.removeprefix(_OF_STEP))
        else:
            following.append((said, []))
    steps = find_steps(catalogue, weights, following, without)
    for step in steps:
        check_takes_pictures(catalogue.find(step.weights))
    controls = [catalogue.find(step.weights).controls for step in steps]
    told = by_step(settings, len(steps), words_left(weights, without))
    _check_steps(told, [{control.name for control in each} for each in controls])
    return [
        replace(step, settings={**step.settings, **parse_settings(known, of_step)})
        for step, known, of_step in zip(steps, controls, told, strict=True)
    ]


def by_step(settings: Sequence[str], count: int, words: Sequence[str] = ()) -> list[list[str]]:
    """What ``[STEP:]NAME=VALUE`` say of each of so many steps, without ``STEP:``.

    Args:
        settings: a step is told by its number, from 1 on, or by its word; the first by nothing.
        count: of the steps.
        words: of the first of them.

    Raises:
        StudioError: there is no such step.
    """
    numbers = {word: number for number, word in enumerate(words, 1)}
    found: list[list[str]] = [[] for _ in range(count)]
    for said in settings:
        step, named, setting = said.partition(":")
        if not named or "=" in step:  # the colon is one of the value's
            step, setting = "1", said
        number = numbers.get(step) or (int(step) if step.isdecimal() else 0)
        if not 1 <= number <= count:
            there = "known: " + ", ".join(words) if words else f"there are {count}"
            raise StudioError(f"there is no step {step if step.isdecimal() else repr(step)}", there)
        found[number - 1].append(setting)
    return found


def _check_steps(told: Sequence[Sequence[str]], controls: Sequence[set[str]]) -> None:
    """Of a control that another step has, says so."""
    for number, of_step in enumerate(told):
        for said in of_step:
            name = said.partition("=")[0]
            having = [n for n, known in enumerate(controls, 1) if name in known]
            if name not in controls[number] and having:
                raise StudioError(
                    f"step {number + 1} has no control {name!r}",
                    f"another one has: --set {having[0]}:{said}",
                )
