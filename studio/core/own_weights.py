"""Weights of a person's own: brought in from elsewhere, and never in the place of others."""

import shutil
from collections.abc import Callable
from pathlib import Path

from studio.core.catalogue import weights_folders
from studio.core.errors import StudioError
from studio.core.files.disk import made_whole, write_error
from studio.core.weights_file import Weights, read_weights
from studio.core.words.said import say


def is_own(weights: Weights) -> bool:
    """Whether weights are the person's, and did not come with the studio."""
    own = weights_folders()[:-1]  # the last has those that ship
    return any(weights.path.is_relative_to(folder) for folder in own)


def free_name(stem: str, is_taken: Callable[[str], bool]) -> str:
    """The stem, or with the first number behind it that is free: ``oranges-2``."""
    name, number = stem, 1
    while is_taken(name):
        number += 1
        name = f"{stem}-{number}"
    return name


def import_weights(source: Path, target: Path) -> Weights:
    """Copies a weights file, whole or not at all.

    Args:
        source: the file.
        target: its name among the own weights, which must be free; the folder is made.

    Raises:
        StudioError: it is no weights file, or there is no room or leave to write it.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(error, str(target.parent)) from error
    with made_whole(target, overwrite=False) as part:
        try:
            shutil.copyfile(source, part)
        except OSError as error:
            raise write_error(error, str(target)) from error
        try:
            read_weights(part)
        except StudioError as error:
            raise StudioError(
                say("{source} changed while it was copied", source=source), "try again"
            ) from error
    return read_weights(target)
