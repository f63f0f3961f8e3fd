"""Runs jobs in this process, with a progress bar on stderr; Ctrl-C cancels."""

import queue
import sys
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from studio.core.catalogue import Catalogue
from studio.core.errors import StudioError
from studio.core.events import Cancelled, Event, Failed, Finished, Noticed, Progressed
from studio.core.formats.leftovers import sweep_folders
from studio.core.requests import Request

if TYPE_CHECKING:
    from studio.engine.jobs.engine import Engine


class Jobs:
    """Does one request after the other, within ``with``.

    Args:
        quiet: no progress bar.
    """

    def __init__(self, quiet: bool) -> None:
        self._engine: Engine | None = None
        self._bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeRemainingColumn(),
            console=Console(file=sys.stderr),
            transient=True,
            disable=quiet or not sys.stderr.isatty(),
        )

    def run(self, request: Request, name: str) -> Finished:
        """Does one request.

        Args:
            request: what to do.
            name: shown beside the bar.

        Raises:
            StudioError: it cannot be met.
            KeyboardInterrupt: Ctrl-C; the job was cancelled and nothing is left of it.
        """
        task = self._bar.add_task(f"{name}: loading", total=1.0)
        events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        job = self._loaded().submit(request, events.put)
        interrupted = False
        while True:
            try:
                event = events.get()
            except KeyboardInterrupt:
                interrupted = True
                job.cancel()
                continue
            match event:
                case Progressed():
                    self._bar.update(
                        task, completed=event.fraction, description=f"{name}: {event.message}"
                    )
                case Noticed():
                    print(f"studio: note: {event.message}", file=sys.stderr)
                case Failed():
                    self._bar.remove_task(task)
                    raise StudioError(event.message, event.hint)
                case Cancelled():
                    self._bar.remove_task(task)
                    raise KeyboardInterrupt
                case Finished():
                    self._bar.remove_task(task)
                    if interrupted:
                        raise KeyboardInterrupt
                    return event
                case _:
                    pass

    def _loaded(self) -> "Engine":
        """The engine; it imports torch, which takes seconds, and waits for the first request."""
        if self._engine is None:
            from studio.engine.jobs.engine import Engine

            self._engine = Engine(Catalogue())
        return self._engine

    def __enter__(self) -> Self:
        sweep_folders()
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._engine is not None:
            self._engine.close()  # first, for a terminal that was closed has no bar to take away
        self._bar.stop()
