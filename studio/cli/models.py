"""``studio models``: what weights there are."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from studio.core.catalogue import Catalogue, Unusable, own_weights
from studio.core.controls import Choice, Control, Mask, Painting, Slider, Switch
from studio.core.weights_file import Weights

if TYPE_CHECKING:
    from rich.text import Text


@click.command
@click.option("--json", "as_json", is_flag=True, help="Print one JSON list.")
@click.option("--where", is_flag=True, help="Print the folder for weights of your own.")
def models(as_json: bool, where: bool) -> None:
    """List the weights found, their controls and choices."""
    from rich.console import Console
    from rich.text import Text

    if where:
        print(own_weights())
        return
    found = list(Catalogue().scan())
    known = [each for each in found if isinstance(each, Weights)]
    if as_json:
        print(json.dumps([_description(weights) for weights in known]))
    console = Console(stderr=as_json, highlight=False)
    if not as_json:
        if not known:
            console.print("no weights found")
        for weights in known:
            for line in _lines(weights):
                console.print(line, soft_wrap=True)  # words are cut nowhere, not in a pipe either
    for each in found:
        if isinstance(each, Unusable):
            console.print(Text(f"not usable: {each.error.message}"), soft_wrap=True)


def _lines(weights: Weights) -> "Iterator[Text]":
    from rich.text import Text

    yield Text.assemble((weights.id, "bold"), f"  {weights.title}  ({weights.size / 1e6:.1f} MB)")
    yield Text(f"  {weights.licence}", "dim")
    rows: list[tuple[str | Text, ...]] = []
    for control in weights.controls:
        rows.append((control.name, _default(control), _values(control), control.help))
        if isinstance(control, Choice):
            rows += [("", option.id, "", option.title) for option in control.options]
    for label in weights.palette:
        swatch = Text.assemble(("██", label.colour), f" {label.colour}")
        rows.append(("colour", swatch, "", label.name))
    widths = [max(map(len, column), default=0) for column in zip(*rows, strict=True)]
    for row in rows:
        line = Text("  ")
        for cell, width in zip(row, widths, strict=True):
            line.append_text(Text("").append(cell)).append(" " * (width - len(cell) + 2))
        line.rstrip()
        yield line


def _default(control: Control) -> str:
    if isinstance(control, Switch):
        return "yes" if control.default else "no"
    return control.default if isinstance(control.default, str) else f"{control.default:g}"


def _values(control: Control) -> str:
    """What a control can be set to."""
    match control:
        case Slider():
            numbers = f"{control.minimum:g} to {control.maximum:g} {control.unit}".strip()
            return f"auto, or {numbers}" if control.automatic else numbers
        case Switch():
            return "yes or no"
        case Choice(blends=True):
            return "one of these, or a blend"
        case Choice():
            return "one of these"
        case Mask() | Painting():
            return "a file"


def _description(weights: Weights) -> dict[str, Any]:
    return {
        "id": weights.id,
        "title": weights.title,
        "licence": weights.licence,
        "path": str(weights.path),
        "size": weights.size,
        "sha256": weights.sha256,
        "training": weights.training,
        "metrics": weights.metrics,
        "controls": [
            {"kind": type(control).__name__.lower(), **asdict(control)}
            for control in weights.controls
        ],
        "palette": [asdict(label) for label in weights.palette],
    }
