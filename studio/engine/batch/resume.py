"""What is there of an earlier batch, and whether a request may go on with it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from studio.core.errors import StudioError
from studio.core.requests import Batch
from studio.engine.batch.journal import Journal

# Where and how fast it runs, and what is told of it, may change from one time to the next.
_MAY_DIFFER = frozenset(
    {"output", "device", "recursive", "resume", "report", "cluster", "save", "settings"}
)


def find_begun(request: Batch) -> Journal | None:
    """The journal in the folder of results; None: there is none.

    Args:
        request: with weights, settings and source folder spelt out.

    Raises:
        StudioError: a batch was begun there and is not to be gone on with, or it is another one;
            or none was, and it is to be gone on with.
    """
    folder = Path(request.output)
    journal = Journal.find(folder)
    if journal is None and request.resume:
        raise StudioError(
            f"no batch was begun in {folder}", "check its name, or begin one (without --resume)"
        )
    if journal is None or journal.record.request is None:
        return journal
    try:
        if request.resume:
            _refuse_another(request, journal.record.request)
        elif not request.save.overwrite:
            _refuse_unended(journal, folder)
    except StudioError:
        journal.close()
        raise
    return journal


def _refuse_unended(journal: Journal, folder: Path) -> None:
    if not journal.record.ended:
        raise StudioError(
            f"a batch was begun in {folder} and has not ended",
            "go on with it (--resume), or do it all anew (--overwrite)",
        )


def _refuse_another(request: Batch, begun: Batch) -> None:
    now, then = _decisive(request), _decisive(begun)
    names = [name for name in now if now[name] != then.get(name)]
    names += [name for name in then if name not in now]
    if names:
        differences = [f"{n} {then.get(n, '-')} there, {now.get(n, '-')} here" for n in names]
        raise StudioError(
            f"the batch begun in {request.output} is another one ({'; '.join(differences)})",
            "give it the same request, or another folder for the results",
        )


def _decisive(request: Batch) -> dict[str, Any]:
    """What the results depend on, by the names that a person knows."""
    save = request.save
    kept = {k: v for k, v in asdict(request).items() if k not in _MAY_DIFFER}
    kept |= {"quality": save.quality, "lossless": save.lossless, "metadata": save.metadata}
    kept["source"] = str(Path(request.source).resolve())
    return kept | {f"setting {name}": value for name, value in request.settings.items()}
