"""``studio batch``: a folder of pictures through a model."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import click

from studio.cli import options
from studio.cli.chains import StepsCommand, named_steps
from studio.cli.jobs import Jobs
from studio.cli.terminal import as_clock
from studio.core.events import BatchFinished
from studio.core.requests import Batch, Step
from studio.engine.batch.journal import NAME
from studio.engine.batch.plan import check_folders

_BARE = "--ray"


class _BatchCommand(StepsCommand):
    """Lets ``--ray`` stand without an address, which click has no option for."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Gives a bare ``--ray`` its value; what follows is an address only if it has a port."""
        given = list(args)
        for index, word in enumerate(args):
            following = args[index + 1] if index + 1 < len(args) else ""
            if word == _BARE and following != "auto" and ":" not in following:
                given[index] = f"{_BARE}=auto"
        return super().parse_args(ctx, given)


@click.command(cls=_BatchCommand)
@click.argument("weights", help="An id such as enhance/photo, a path, or old-photo.")
@click.argument("folder", type=click.Path(path_type=Path), help="Where the pictures are.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), required=True, help="The folder of results."
)
@click.option("--recursive/--no-recursive", default=True, help="Subfolders too, mirrored.")
@click.option("--resume", is_flag=True, help="Go on with what was begun in the folder of results.")
@options.overwrite
@click.option("--report", metavar="FILE.json", help="Write what became of each picture.")
@click.option(
    "--format", "file_format", default="keep",
    help="keep, or png, jpg, webp, tiff, avif, heic ...",
)  # fmt: skip
@options.saving
@options.steps
@options.running
@click.option(
    _BARE, "cluster", metavar="[HOST:PORT]",
    help="Use a Ray cluster; without an address, the one here.",
)  # fmt: skip
@options.json
def batch(
    weights: str,
    folder: Path,
    output: Path,
    recursive: bool,
    resume: bool,
    overwrite: bool,
    report: str | None,
    file_format: str,
    quality: int | None,
    lossless: bool,
    strip_metadata: bool,
    pages: Literal["first", "all"],
    settings: Sequence[str],
    then: Sequence[str],
    without: Sequence[str],
    seed: int,
    device: str,
    tile: str,
    cluster: str | None,
    as_json: bool,
) -> int:
    """Run a folder of pictures through a model: `studio batch enhance/photo photos -o clean`."""
    first, *others = named_steps(weights, settings, then, without)
    request = Batch(
        weights=first.weights,
        source=str(folder),
        output=str(output),
        sha256=first.sha256,
        settings=first.settings,
        seed=seed,
        device=device,
        tile=tile,
        recursive=recursive,
        file_format=file_format,
        resume=resume,
        report=report or "",
        cluster=cluster or "",
        save=options.saved(quality, lossless=lossless, overwrite=overwrite, strip=strip_metadata),
        pages=pages,
        then=tuple(others),
    )
    check_folders(folder, output)
    try:
        with Jobs() as jobs:
            finished = jobs.run(request, folder.name)
    except KeyboardInterrupt:
        goes_on = "the same command with --resume goes on with it"
        begun = (output / NAME).exists()
        said = f"interrupted; {goes_on if begun else 'nothing was begun'}"
        raise KeyboardInterrupt(said) from None
    print(_as_json(finished, others) if as_json else _summary(finished), flush=True)
    return 1 if finished.failed else 0


def _summary(finished: BatchFinished) -> str:
    done = f"{finished.done} done"
    if finished.done_before:
        done += f" and {finished.done_before} before"
    return (
        f"{done}, {finished.failed} failed, of {finished.found} found"
        f" ({finished.skipped} other files skipped), in {as_clock(finished.seconds)}:"
        f" {finished.output}"
    )


def _as_json(finished: BatchFinished, then: Sequence[Step]) -> str:
    return json.dumps(
        {
            "output": finished.output,
            "report": finished.report,
            "found": finished.found,
            "done": finished.done,
            "done_before": finished.done_before,
            "failed": finished.failed,
            "skipped": finished.skipped,
            "weights": finished.weights,
            "then": [step.weights for step in then],
            "device": finished.device,
            "seconds": round(finished.seconds, 3),
        }
    )
