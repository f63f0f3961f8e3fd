"""``studio apply``: pictures through a model."""

import json
import shutil
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import click

from studio.cli import options
from studio.cli.chains import StepsCommand, named_steps
from studio.cli.jobs import Jobs
from studio.core.catalogue import Catalogue
from studio.core.errors import StudioError
from studio.core.events import Finished
from studio.core.files.disk import read_error, write_error
from studio.core.files.identity import FileId, file_id, refuse_originals
from studio.core.files.leftovers import TemporaryFolder
from studio.core.formats.suffixes import SUFFIXES, result_suffix
from studio.core.picture_files import check_savable
from studio.core.requests import Apply
from studio.core.steps import Step
from studio.core.videos import is_video


@dataclass(frozen=True)
class _Input:
    """One input and where its result goes."""

    source: Path
    output: Path
    name: str


@click.command(cls=StepsCommand)
@click.argument("weights", help="An id such as style/gallery, a path, or old-photo.")
@click.argument("inputs", metavar="IN...", nargs=-1, required=True, help="Pictures, or - (stdin).")
@options.output
@options.steps
@options.running
@click.option("--format", "file_format", help="Of stdout or a folder: png, jpg, webp, tif ...")
@options.saving
@options.overwrite
@options.json
def apply(
    weights: str,
    inputs: Sequence[str],
    output: str,
    settings: Sequence[str],
    then: Sequence[str],
    without: Sequence[str],
    seed: int,
    device: str,
    tile: str,
    file_format: str | None,
    quality: int | None,
    lossless: bool,
    strip_metadata: bool,
    pages: Literal["first", "all"],
    overwrite: bool,
    as_json: bool,
) -> int:
    """Run pictures through a model: `studio apply style/gallery photo.jpg -o painting.jpg`."""
    first, *others = named_steps(weights, settings, then, without)
    request = Apply(
        weights=first.weights,
        source="",
        sha256=first.sha256,
        settings=first.settings,
        seed=seed,
        device=device,
        tile=tile,
        save=options.saved(quality, lossless=lossless, overwrite=overwrite, strip=strip_metadata),
        pages=pages,
        then=tuple(others),
    )
    keeps = any(Catalogue().find(step.weights).gradual for step in (first, *others))
    return run_all(request, inputs, output, file_format, as_json, keeps=keeps)


def run_all(
    request: Apply,
    inputs: Sequence[str],
    output: str,
    file_format: str | None,
    as_json: bool,
    *,
    keeps: bool = False,
) -> int:
    """Does a request to each input; 1 where some of several failed; see `Jobs.run` for `keeps`."""
    if output == "-" and as_json:
        raise StudioError("the picture and the JSON cannot both go to stdout", "give -o a file")
    with _staged(inputs, output, file_format) as items, Jobs() as jobs:
        failed = 0
        for item in items:
            wanted = replace(request, source=str(item.source), output=str(item.output))
            try:
                _check_files(item, wanted)
                finished = jobs.run(wanted, item.name, keeps=keeps, among=len(items) > 1)
            except StudioError as error:
                told = _with_own_names(error, item, output)
                if len(items) == 1:
                    raise told from error
                failed += 1
                print(f"studio: error: {item.name}: {told}", file=sys.stderr)
            else:
                if output != "-":
                    line = as_json_line(finished, request.then) if as_json else finished.output
                    print(line, flush=True)
    return 1 if failed else 0


def _with_own_names(error: StudioError, item: _Input, output: str) -> StudioError:
    """The error; what stands in for stdin and stdout is not named by its temporary path."""
    message = error.message
    if item.name == "-":
        message = message.replace(str(item.source), "stdin")
    if output == "-":
        message = message.replace(str(item.output), "stdout")
    return StudioError(message, error.hint, error.options)


def as_json_line(finished: Finished, then: Sequence[Step] = ()) -> str:
    """What ``--json`` prints of a job that is done, and of the models that followed the first."""
    told = {
        "output": finished.output,
        "weights": finished.weights,
        "then": [step.weights for step in then],
        "device": finished.device,
        "seconds": round(finished.seconds, 3),
    }
    return json.dumps(told | {"size": list(finished.size)} if any(finished.size) else told)


@contextmanager
def _staged(inputs: Sequence[str], output: str, file_format: str | None) -> Generator[list[_Input]]:
    """The items, with files in a temporary folder where stdin or stdout take part."""
    if inputs.count("-") > 1:
        raise StudioError("stdin can be read only once", "give - once")
    suffix = _suffix(file_format)
    is_folder = output.endswith(("/", "\\")) or Path(output).is_dir()
    into_folder = len(inputs) > 1 or is_folder
    if output == "-" and into_folder:
        raise StudioError("several pictures cannot go to stdout", "give -o a folder")
    if into_folder and not is_folder and Path(output).suffix.lower() in SUFFIXES:
        raise StudioError(f"several pictures cannot become one, {output}", "give -o a folder")
    with TemporaryFolder() as folder:
        items: list[_Input] = []
        for name in inputs:
            source = Path(name)
            if name == "-":
                source = folder.path / "stdin"
                content = sys.stdin.buffer.read()
                if not content:
                    raise StudioError("nothing came in by stdin", "pipe a picture into it")
                source.write_bytes(content)
            if output == "-":
                target = folder.path / ("stdout" + (suffix or ".png"))
            elif into_folder:
                target = Path(output, source.stem + (suffix or result_suffix(source)))
            else:
                target = Path(output)
            items.append(_Input(source, target, name))
        _check_names(items)
        if into_folder:
            _make_folder(Path(output))
        yield items
        if output == "-" and items[0].output.exists():
            with items[0].output.open("rb") as file:
                shutil.copyfileobj(file, sys.stdout.buffer)
            sys.stdout.buffer.flush()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise StudioError(f"{folder} is no folder", "several pictures need one") from None
    except OSError as error:
        raise write_error(error, str(folder)) from error


def _suffix(file_format: str | None) -> str:
    suffix = f".{file_format.lower().lstrip('.')}" if file_format else ""
    if suffix and suffix not in SUFFIXES:
        known = ", ".join(sorted(s[1:] for s in SUFFIXES))
        raise StudioError(f"pictures cannot be written as {file_format!r}", f"known: {known}")
    return suffix


def _check_names(items: list[_Input]) -> None:
    """Raises StudioError where two results, or a result and an original, are one file."""
    refuse_originals([item.output for item in items], [item.source for item in items])
    outputs: set[FileId] = set()
    for item in items:
        target = file_id(item.output)
        if target in outputs:
            raise StudioError(f"two results would be {item.output}", "give them one by one")
        outputs.add(target)


def _check_files(item: _Input, request: Apply) -> None:
    """Finds at once what the engine, which takes seconds to load, would find as well."""
    try:
        item.source.stat()
    except OSError as error:
        raise read_error(error, item.name) from error
    if is_video(item.source):
        raise StudioError(
            f"{item.name} is a video", f"studio video {request.weights} {item.name} -o OUT"
        )
    check_savable(item.output, overwrite=request.save.overwrite)
