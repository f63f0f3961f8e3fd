"""``studio learn``: a new style from one painting."""

import re
from pathlib import Path

import click

from studio.cli import options
from studio.cli.apply import as_json_line
from studio.cli.jobs import Jobs
from studio.core.catalogue import Catalogue, own_weights
from studio.core.errors import StudioError
from studio.core.files.disk import read_error
from studio.core.requests import Learn, SaveOptions


@click.command
@click.argument(
    "painting", type=click.Path(path_type=Path), help="A picture whose manner is learnt."
)
@click.option("-o", "--output", "name", metavar="NAME", help="Of the weights; else its file's.")
@click.option("--title", help="For people.")
@click.option(
    "--photo", "photos", metavar="FILE", multiple=True,
    help="A photo to learn it on, besides samples.",
)  # fmt: skip
@click.option("--start", metavar="WEIGHTS", default="style/gallery", help="That it begins from.")
@click.option(
    "--minutes", type=click.FloatRange(0, 1440, min_open=True), default=2.8,
    help="How long to learn. Ctrl-C keeps it as it is before.",
)  # fmt: skip
@click.option("--steps", type=click.IntRange(min=1), help="How many steps, instead of how long.")
@options.seed
@options.device
@options.memory
@options.overwrite
@options.json
def learn(
    painting: Path,
    name: str | None,
    title: str | None,
    photos: tuple[str, ...],
    start: str,
    minutes: float,
    steps: int | None,
    seed: int,
    device: str,
    overwrite: bool,
    as_json: bool,
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
        photos=photos,
        minutes=minutes,
        steps=steps or 0,
        seed=seed,
        device=device,
        save=SaveOptions(overwrite=overwrite),
    )
    with Jobs() as jobs:
        finished = jobs.run(request, painting.name, keeps=True)
    print(as_json_line(finished) if as_json else finished.weights, flush=True)
    return 0
