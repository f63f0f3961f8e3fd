"""Carries out `Generate` into a folder: each picture a file, and one table of their latents."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO, StringIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from studio.core.errors import StudioError
from studio.core.files import disk
from studio.core.files.leftovers import sweep_parts
from studio.core.formats.suffixes import SUFFIXES
from studio.core.latents import REQUEST, TABLE, Latents, begun_with
from studio.core.picture import Picture
from studio.core.picture_files import write_picture
from studio.core.progress import Progress, SubProgress
from studio.core.requests import Generate, from_json, to_json
from studio.core.words.said import say
from studio.engine.threads import Behind, Threads

_AT_ONCE = 64  # pictures
_WRITERS = 2
_TABLED = 0.02  # share of the work that is done when the table is written

Make = Callable[[Latents, Progress], Tensor]


@dataclass(frozen=True)
class Single:
    """One of the pictures.

    Attributes:
        name: of its file.
        seed: of its latent; empty: it has none.
        recipe: the request that makes it alone.
    """

    name: str
    seed: str
    recipe: Generate


def singles_of(recipe: Generate, latents: Latents) -> list[Single]:
    """What is to be made, named after the seed where each latent has the next one.

    Raises:
        StudioError: pictures are not saved in such a format.
    """
    suffix = "." + recipe.file_format.lower().lstrip(".")
    if suffix not in SUFFIXES:
        known = ", ".join(sorted(each[1:] for each in SUFFIXES))
        raise StudioError(
            say("pictures cannot be saved as '{kind}'", kind=recipe.file_format),
            say("choose one of {known}", known=known),
        )
    stem = recipe.weights.rpartition("/")[2]
    alone = replace(
        recipe, count=1, seeds=(), latents=(), columns=0, frames=0, loop=False, single=False,
        resume=False,
    )  # fmt: skip
    counted = not (recipe.latents or recipe.frames)
    seeds = recipe.seeds or range(recipe.seed, recipe.seed + len(latents))
    found: list[Single] = []
    for number, row in enumerate(latents):
        if counted:
            own, seed = replace(alone, seed=seeds[number]), str(seeds[number])
        else:
            own, seed = replace(alone, latents=(tuple(row.tolist()),)), ""
        named = own.seed if counted and not recipe.seeds else number + 1
        found.append(Single(f"{stem}-{named:06}{suffix}", seed, own))
    return found


def fill_folder(
    request: Generate, recipe: Generate, latents: Latents, make: Make, progress: Progress
) -> int:
    """Writes what is not there yet; returns the pictures' side in px, 0 where all were there.

    The request and the table are written first, then picture by picture, each whole or not at all:
    killed at any moment, it can be gone on with.

    Args:
        request: names the folder, and says what is to become of what is there.
        recipe: all that the pictures depend on.
        latents: (N, Z), one for each picture.
        make: pictures (M, 3, S, S) in [0, 1] of latents (M, Z).
        progress: told how many there are.

    Raises:
        StudioError: the folder holds something else, or takes no file.
        CancelledError: the job should stop.
    """
    folder, singles = Path(request.output), singles_of(recipe, latents)
    there = _prepare(request, recipe, {single.name for single in singles})
    _write_table(folder / TABLE, singles, latents, SubProgress(progress, 0, _TABLED))
    missing = [n for n, single in enumerate(singles) if single.name not in there]
    side, count = 0, len(missing)
    with Threads(_WRITERS, "engine-singles") as threads:
        behind = Behind(threads, progress.check, 2 * _AT_ONCE)
        for first in range(0, count, _AT_ONCE):
            some = missing[first : first + _AT_ONCE]
            start, stop = (_TABLED + (1 - _TABLED) * n / count for n in (first, first + len(some)))
            part = _Counted(progress, start, stop, f"{first} of {count}")
            pictures = make(latents[some], part).permute(0, 2, 3, 1).numpy()
            side = pictures.shape[1]
            for number, pixels in zip(some, pictures, strict=True):
                behind.put(partial(_write, folder, singles[number], pixels))
        behind.drain()
    progress.report(1.0, f"{count} of {count}")
    return side


class _Counted(SubProgress):
    """The part of some pictures, which says how many are done."""

    def __init__(self, whole: Progress, start: float, stop: float, words: str) -> None:
        super().__init__(whole, start, stop)
        self._words = words

    def report(self, fraction: float, message: str) -> None:
        """Tells the whole."""
        del message
        super().report(fraction, self._words)


def _prepare(request: Generate, recipe: Generate, names: set[str]) -> set[str]:
    """Makes the folder ready; returns the names of the pictures that are there already."""
    folder, anew = Path(request.output), request.save.overwrite and not request.resume
    said = to_json(replace(recipe, resume=False, device="auto"))
    begun = begun_with(folder / REQUEST)
    if begun is not None and not (request.resume or anew):
        raise StudioError(
            say("pictures were made in {folder} already", folder=folder),
            "go on with them, or make all of them anew", ("--resume", "--overwrite"),
        )  # fmt: skip
    if begun is not None and request.resume:
        _refuse_another(said, begun, folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        sweep_parts(folder)
        lying = {entry.name for entry in folder.iterdir()}
        there = lying & names
        if anew:  # what was made before goes, also what is not made any more
            for name in lying & (names | _tabled(folder / TABLE)):
                (folder / name).unlink()
            there = set[str]()
    except OSError as error:
        raise disk.write_error(error, str(folder)) from error
    if there and begun is None:
        raise StudioError(
            say("{path} exists already", path=folder / min(there)), "give another folder"
        )
    disk.write_whole(folder / REQUEST, (said + "\n").encode(), overwrite=begun is not None)
    return there


def _tabled(path: Path) -> set[str]:
    """The files that a table names; none where it cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()[1:]
    except OSError:
        return set()
    named = (line.partition(",")[0] for line in lines)
    return {name for name in named if Path(name).suffix.lower() in SUFFIXES}


def _refuse_another(said: str, begun: Generate, folder: Path) -> None:
    """Raises a StudioError unless the same was begun; there may be more of it now."""
    wanted = from_json(said)
    if not isinstance(wanted, Generate):
        raise TypeError("a request of another kind")
    if replace(wanted, count=begun.count) != begun:
        raise StudioError(
            say("what was begun in {folder} had other weights, seeds or settings", folder=folder),
            say("{file} there has them; or give another folder", file=REQUEST),
        )
    if wanted.count < begun.count:
        raise StudioError(
            say("{count} pictures were begun in {folder}", count=begun.count, folder=folder),
            "ask for as many, or for more",
        )


def _write_table(
    path: Path, singles: Sequence[Single], latents: Latents, progress: Progress
) -> None:
    """File, seed and the numbers of each picture, in the order of their names."""
    numbers = [f"z{n}" for n in range(latents.shape[1])]
    with disk.made_whole(path, overwrite=True) as part:
        try:
            with part.open("x", encoding="utf-8", newline="") as file:
                csv.writer(file).writerow(["file", "seed", *numbers])
                for first in range(0, len(singles), _AT_ONCE):
                    progress.report(first / len(singles), say("writing the latents"))
                    some = slice(first, first + _AT_ONCE)
                    file.write(_rows(singles[some], latents[some]))
        except OSError as error:
            raise disk.write_error(error, str(path)) from error


def _rows(singles: Sequence[Single], latents: Latents) -> str:
    text = StringIO(newline="")
    writer = csv.writer(text)
    for single, row in zip(singles, latents, strict=True):
        # Nine digits bring every number of single precision back as it was.
        writer.writerow([single.name, single.seed, *(f"{number:.9g}" for number in row)])
    return text.getvalue()


def _write(folder: Path, single: Single, pixels: NDArray[np.float32]) -> None:
    """Writes one picture (S, S, 3) in [0, 1]; called on a thread."""
    picture, data = Picture(np.ascontiguousarray(pixels)), BytesIO()
    path, recipe = folder / single.name, single.recipe
    write_picture(picture, data, path.suffix[1:], recipe.save, to_json(recipe))
    disk.write_whole(path, data.getvalue(), overwrite=False)
