"""``studio demo``: the main job, with no input of one's own."""

from pathlib import Path

import click

from studio.cli import options
from studio.cli.apply import run_all
from studio.core.catalogue import Catalogue
from studio.core.requests import Apply
from studio.core.samples import sample_photo


@click.command
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default="studio-demo.png", help="The result."
)
@options.json
def demo(output: Path, as_json: bool) -> int:
    """Style a sample photo; print the result's path."""
    weights = Catalogue().find("style/gallery")
    free, number = output, 1
    while free.exists():
        number += 1
        free = output.with_stem(f"{output.stem}-{number}")
    request = Apply(weights=weights.id, source="", sha256=weights.sha256)
    return run_all(request, [str(sample_photo("coffee.png"))], str(free), None, as_json)
