"""``studio batch``: a folder of pictures through a model."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from studio.cli.apply import (
    Device,
    Json,
    Lossless,
    Overwrite,
    Pages,
    Quality,
    Seed,
    Set,
    Strip,
    Tile,
)  # fmt: skip
from studio.cli.chains import StepsCommand, Then, Without, named_steps
from studio.cli.jobs import Jobs
from studio.cli.terminal import as_clock
from studio.core.events import BatchFinished
from studio.core.requests import Batch, SaveOptions
from studio.engine.batch.journal import NAME
from studio.engine.batch.plan import check_folders

_BARE = "--ray"


class BatchCommand(StepsCommand):
    """Lets ``--ray`` stand without an address, which typer has no option for."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Gives a bare ``--ray`` its value; what follows is an address only if it has a port."""
        given = list(args)
        for index, word in enumerate(args):
            following = args[index + 1] if index + 1 < len(args) else ""
            if word == _BARE and following != "auto" and ":" not in following:
                given[index] = f"{_BARE}=auto"
        return super().parse_args(ctx, given)


def batch(
    weights: Annotated[
        str, typer.Argument(help="An id such as enhance/photo, a path, or old-photo.")
    ],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the pictures are.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder of results.")],
    recursive: Annotated[
        bool, typer.Option("--recursive/--no-recursive", help="Subfolders too, mirrored.")
    ] = True,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with what was begun in the folder of results.")
    ] = False,
    overwrite: Overwrite = False,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="Write what became of each picture.")
    ] = None,
    file_format: Annotated[
        str, typer.Option("--format", help="keep, or png, jpg, webp, tiff, avif, heic ...")
    ] = "keep",
    quality: Quality = 92,
    lossless: Lossless = False,
    strip_metadata: Strip = False,
    pages: Pages = "first",
    settings: Set = None,
    then: Then = None,
    without: Without = None,
    seed: Seed = 0,
    device: Device = "auto",
    tile: Tile = "auto",
    cluster: Annotated[
        str,
        typer.Option(
            _BARE,
            metavar="[HOST:PORT]",
            help="Use a Ray cluster; without an address, the one here.",
        ),
    ] = "",
    as_json: Json = False,
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
        report="" if report is None else str(report),
        cluster=cluster,
        save=SaveOptions(quality, lossless, overwrite, metadata=not strip_metadata),
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
    print(_as_json(finished) if as_json else _summary(finished), flush=True)
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


def _as_json(finished: BatchFinished) -> str:
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
            "device": finished.device,
            "seconds": round(finished.seconds, 3),
        }
    )
