"""Writes the result of an `Apply`."""

from collections.abc import Callable
from pathlib import Path

from studio.core.picture import Picture
from studio.core.picture_files import save_picture
from studio.core.progress import Progress
from studio.core.requests import Apply, to_json
from studio.engine.threads import Aside


def save(
    request: Apply,
    kept: Apply,
    result: Picture,
    aside: Aside,
    progress: Progress,
    notice: Callable[[str], None],
) -> None:
    """Encodes it aside, and writes it whole or not at all.

    Args:
        request: names the file, and says how it is written.
        kept: the request that goes into the file.
        result: with what its photo's file said, and what there was to note of it.
        aside: encodes.
        progress: told and asked.
        notice: receives what the person should know.

    Raises:
        StudioError: see `save_picture`.
        CancelledError: the job should stop.
    """
    notes = list(result.metadata.notes)
    save_picture(
        result, Path(request.output), request.save, to_json(kept), notes.append,
        lambda encode: aside.do(encode, progress.check),
    )  # fmt: skip
    for note in notes:
        notice(note)
    progress.report(1.0, "saved")
