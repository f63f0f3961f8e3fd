"""``studio models``: what weights there are."""

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from studio.core.catalogue import Catalogue, Weights, own_weights
from studio.core.controls import Choice


def models(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False,
    where: Annotated[
        bool, typer.Option("--where", help="Print the folder for weights of your own.")
    ] = False,
) -> None:
    """List the weights found, their controls and choices."""
    if where:
        print(own_weights())
        return
    found = list(Catalogue())
    if as_json:
        print(json.dumps([_description(weights) for weights in found]))
        return
    console = Console()
    if not found:
        console.print("no weights found")
    for weights in found:
        console.print(f"[bold]{weights.id}[/]  {weights.title}  ({weights.size / 1e6:.1f} MB)")
        console.print(f"  {weights.licence}", style="dim")
        table = Table(box=None, padding=(0, 2), show_header=False)
        for control in weights.controls:
            table.add_row(control.name, str(control.default), control.help)
            if isinstance(control, Choice):
                for option in control.options:
                    table.add_row("", option.id, option.title)
        for label in _palette(weights):
            swatch = f"[{label['colour']}]██[/] {label['colour']}"
            table.add_row("colour", swatch, label["name"])
        console.print(table)


def _palette(weights: Weights) -> list[dict[str, str]]:
    """The parts that a drawing for these weights is painted in, each with its colour."""
    return list(weights.hyperparameters.get("palette", ()))


def _description(weights: Weights) -> dict[str, Any]:
    return {
        "id": weights.id,
        "title": weights.title,
        "licence": weights.licence,
        "path": str(weights.path),
        "size": weights.size,
        "sha256": weights.sha256,
        "metrics": weights.metrics,
        "controls": [
            {"kind": type(control).__name__.lower(), **asdict(control)}
            for control in weights.controls
        ],
        "palette": _palette(weights),
    }
