"""``studio learn``: a new style from one painting."""

import re
from pathlib import Path
from typing import Annotated

import typer

from studio.cli.apply import Device, Json, Overwrite, Seed, as_json_line
from studio.cli.jobs import Jobs
from studio.core.catalogue import Catalogue, own_weights
from studio.core.errors import StudioError
from studio.core.files.disk import read_error
from studio.core.requests import Learn, SaveOptions


def learn(
    painting: Annotated[Path, typer.Argument(help="A picture whose manner is learnt.")],
    name: Annotated[
        str, typer.Option("--output", "-o", metavar="NAME", help="Of the weights; else its file's.")
    ] = "",
    title: Annotated[str, typer.Option(help="For people.")] = "",
    photos: Annotated[
        list[str] | None,
        typer.Option("--photo", metavar="FILE", help="A photo to learn it on, besides samples."),
    ] = None,
    start: Annotated[str, typer.Option(metavar="WEIGHTS", help="That it begins from.")] = (
        "style/gallery"
    ),
    steps: Annotated[int, typer.Option(min=1, help="Ctrl-C keeps it as it is before.")] = 240,
    seed: Seed = 0,
    device: Device = "auto",
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> int:
    """Learn a style from a painting: `studio learn painting.jpg -o mine`."""
    try:
        painting.stat()
    except OSError as error:
        raise read_error(error, str(painting)) from error
    found = name or re.sub(r"[\W_]+", "-", painting.stem.lower()).strip("-")
    if not re.fullmatch(r"\w[\w-]*", found):
        raise StudioError(f"{found!r} is no name for weights", "give -o some-word")
    request = Learn(
        weights=start,
        painting=str(painting),
        output=str(own_weights() / "style" / f"{found}.safetensors"),
        title=title or found.replace("-", " ").capitalize(),
        sha256=Catalogue().find(start).sha256,
        photos=tuple(photos or ()),
        steps=steps,
        seed=seed,
        device=device,
        save=SaveOptions(overwrite=overwrite),
    )
    with Jobs() as jobs:
        finished = jobs.run(request, painting.name, keeps=True)
    print(as_json_line(finished) if as_json else finished.weights, flush=True)
    return 0
