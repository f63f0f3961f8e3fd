"""``studio video``: a video through a model."""

from collections.abc import Sequence
from pathlib import Path

import click

from studio.cli import options
from studio.cli.apply import as_json_line
from studio.cli.chains import StepsCommand, named_steps
from studio.cli.jobs import Jobs
from studio.core.errors import StudioError
from studio.core.files.disk import read_error, refuse_unwritable
from studio.core.files.identity import refuse_originals
from studio.core.formats.suffixes import READABLE
from studio.core.requests import Codec, SaveOptions, Video


@click.command(cls=StepsCommand)
@click.argument("weights", help="An id such as style/gallery, a path, or old-photo.")
@click.argument("source", metavar="IN", type=click.Path(path_type=Path), help="A video.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True,
    help="A file: .mp4, .m4v, .mov, .mkv or .webm.",
)  # fmt: skip
@options.steps
@click.option(
    "--damping", type=click.FloatRange(0, 1), default=0.6,
    help="Of flicker: how much frames lean on the last.",
)  # fmt: skip
@click.option(
    "--from", "begin", type=click.FloatRange(min=0), default=0.0,
    help="Second at which the part to be done begins.",
)  # fmt: skip
@click.option("--to", "end", type=click.FloatRange(min=0), help="Second at which it ends.")
@click.option(
    "--side", type=click.IntRange(min=16),
    help="Px that the shorter side of its frames has at most, such as 720.",
)  # fmt: skip
@click.option(
    "--codec", type=click.Choice(["auto", "hevc"]), default="auto",
    help="hevc: smaller files, for newer players.",
)  # fmt: skip
@options.running
@click.option("--quality", type=click.IntRange(1, 100), default=92, help="Of the frames.")
@options.overwrite
@options.json
def video(
    weights: str,
    source: Path,
    output: Path,
    settings: Sequence[str],
    then: Sequence[str],
    without: Sequence[str],
    damping: float,
    begin: float,
    end: float | None,
    side: int | None,
    codec: Codec,
    seed: int,
    device: str,
    tile: str,
    quality: int,
    overwrite: bool,
    as_json: bool,
) -> None:
    """Run a video through a model; sound, timing and rotation stay as they are."""
    first, *others = named_steps(weights, settings, then, without)
    request = Video(
        weights=first.weights, source=str(source), output=str(output), sha256=first.sha256,
        settings=first.settings, seed=seed, device=device, tile=tile, damping=damping,
        save=SaveOptions(quality, overwrite=overwrite), then=tuple(others),
        begin=begin, end=end, side=side, codec=codec,
    )  # fmt: skip
    _check_files(source, output, codec, overwrite=overwrite)
    with Jobs() as jobs:
        finished = jobs.run(request, source.name)
    print(as_json_line(finished, request.then) if as_json else finished.output)


def _check_files(source: Path, output: Path, codec: Codec, *, overwrite: bool) -> None:
    """Finds at once what the engine, which takes seconds to load, would find as well."""
    from studio.engine.video.writer import container_of

    container_of(output, codec)
    try:
        source.stat()
    except OSError as error:
        raise read_error(error, str(source)) from error
    if source.suffix.lower() in READABLE:
        how = "`studio apply` takes pictures; with --pages all every frame of one that moves"
        raise StudioError(f"{source} is a picture", how)
    refuse_originals([output], [source])
    refuse_unwritable(output, overwrite=overwrite)
