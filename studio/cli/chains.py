"""Several models one after the other, as ``apply`` and ``batch`` are told of them."""

from dataclasses import replace
from typing import Annotated

import typer

from studio.core.catalogue import Catalogue, check_takes_pictures
from studio.core.chains import find_steps
from studio.core.controls import parse_settings
from studio.core.requests import Step

Then = Annotated[
    list[str] | None,
    typer.Option(
        "--then", metavar="WEIGHTS[,NAME=VALUE...]", help="A further model for the result."
    ),
]
Without = Annotated[
    list[str] | None,
    typer.Option("--without", metavar="STEP", help="A step of old-photo: repair, clean, tone."),
]


def named_steps(
    weights: str, settings: list[str] | None, then: list[str] | None, without: list[str] | None
) -> list[Step]:
    """The models that a command line names, the first of them with its settings.

    Raises:
        StudioError: there are no such weights or settings, or they take no picture.
    """
    catalogue = Catalogue()
    first, *others = find_steps(catalogue, weights, then or [], without or [])
    for step in (first, *others):
        check_takes_pictures(catalogue.find(step.weights))
    controls = catalogue.find(first.weights).controls
    return [replace(first, settings=parse_settings(controls, settings or [])), *others]
