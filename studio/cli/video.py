"""``studio video``: a video through a model."""

from pathlib import Path
from typing import Annotated

import typer

from studio.cli.apply import Device, Json, Overwrite, Seed, Set, Tile, as_json_line
from studio.cli.chains import Then, Without, named_steps
from studio.cli.jobs import Jobs
from studio.core.errors import StudioError
from studio.core.files.disk import read_error, refuse_unwritable
from studio.core.files.identity import refuse_originals
from studio.core.formats.suffixes import READABLE
from studio.core.requests import SaveOptions, Video


def video(
    weights: Annotated[
        str, typer.Argument(help="An id such as style/gallery, a path, or old-photo.")
    ],
    source: Annotated[Path, typer.Argument(metavar="IN", help="A video.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="A file: .mp4, .m4v, .mov, .mkv or .webm.")
    ],
    settings: Set = None,
    then: Then = None,
    without: Without = None,
    damping: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Of flicker: how much frames lean on the last.")
    ] = 0.6,
    begin: Annotated[
        float, typer.Option("--from", min=0.0, help="Second at which the part to be done begins.")
    ] = 0.0,
    end: Annotated[
        float | None, typer.Option("--to", min=0.0, help="Second at which it ends.")
    ] = None,
    seed: Seed = 0,
    device: Device = "auto",
    tile: Tile = "auto",
    quality: Annotated[int, typer.Option(min=1, max=100, help="Of the frames.")] = 92,
    overwrite: Overwrite = False,
    as_json: Json = False,
) -> None:
    """Run a video through a model; sound, timing and rotation stay as they are."""
    first, *others = named_steps(weights, settings, then, without)
    request = Video(
        weights=first.weights, source=str(source), output=str(output), sha256=first.sha256,
        settings=first.settings, seed=seed, device=device, tile=tile, damping=damping,
        save=SaveOptions(quality, overwrite=overwrite), then=tuple(others),
        begin=begin, end=end,
    )  # fmt: skip
    _check_files(source, output, overwrite=overwrite)
    with Jobs() as jobs:
        finished = jobs.run(request, source.name)
    print(as_json_line(finished) if as_json else finished.output)


def _check_files(source: Path, output: Path, *, overwrite: bool) -> None:
    """Finds at once what the engine, which takes seconds to load, would find as well."""
    from studio.engine.video.writer import container_of

    container_of(output)
    try:
        source.stat()
    except OSError as error:
        raise read_error(error, str(source)) from error
    if source.suffix.lower() in READABLE:
        raise StudioError(f"{source} is a picture", "`studio apply` takes pictures")
    refuse_originals([output], [source])
    refuse_unwritable(output, overwrite=overwrite)
