"""Runs jobs in this process, with a progress bar on stderr; Ctrl-C cancels, or keeps."""

import os
import queue
import sys
from typing import TYPE_CHECKING, Self, overload

from studio.cli.terminal import Bar
from studio.core.catalogue import Catalogue
from studio.core.errors import StudioError
from studio.core.events import (
    BatchFinished,
    Cancelled,
    Event,
    Failed,
    Finished,
    ItemEnded,
    Noticed,
    Planned,
    Progressed,
)  # fmt: skip
from studio.core.files.leftovers import sweep_folders
from studio.core.requests import Apply, Batch, Generate, Learn, Request, Video

if TYPE_CHECKING:
    from studio.engine.jobs.engine import Engine


class Jobs:
    """Does one request after the other, within ``with``."""

    def __init__(self) -> None:
        self._engine: Engine | None = None
        self._bar = Bar()

    @overload
    def run(self, request: Batch, name: str, *, keeps: bool = ...) -> BatchFinished: ...
    @overload
    def run(
        self,
        request: Apply | Generate | Learn | Video,
        name: str,
        *,
        keeps: bool = ...,
        among: bool = ...,
    ) -> Finished: ...
    def run(
        self, request: Request, name: str, *, keeps: bool = False, among: bool = False
    ) -> Finished | BatchFinished:
        """Does one request.

        Args:
            request: what to do.
            name: shown beside the bar.
            keeps: what comes closer to its result step by step is kept as it is at the first
                Ctrl-C; a second one cancels it.
            among: it is one of several, and what is to be known of it begins with its name.

        Raises:
            StudioError: it cannot be met.
            KeyboardInterrupt: Ctrl-C; the job was cancelled and nothing half-done is left of it.
        """
        self._bar.show(0.0, f"{name}: loading")
        events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        job = self._loaded().submit(request, events.put)
        failed, interrupted = 0, False
        try:
            while True:
                try:
                    event = events.get()
                except KeyboardInterrupt:
                    if keeps:
                        keeps = False
                        job.keep()
                        self._note("keeping what there is; Ctrl-C once more gives it up")
                        continue
                    interrupted = True
                    job.cancel()
                    continue
                match event:
                    case ItemEnded() if event.error and isinstance(request, Batch):
                        failed += 1
                        item = os.path.relpath(event.source, request.source)
                        print(f"studio: error: {item}: {event.error}", file=sys.stderr)
                    case Failed():
                        raise StudioError(event.message, event.hint, event.options)
                    case Cancelled():
                        raise KeyboardInterrupt
                    case Finished() if interrupted:  # what would come next is not wanted either
                        raise KeyboardInterrupt
                    case Finished() | BatchFinished():
                        return event
                    case Noticed():
                        self._note(f"{name}: {event.message}" if among else event.message)
                    case _:
                        self._show(event, name, f", {failed} failed" if failed else "")
        finally:
            self._bar.clear()

    def _show(self, event: Event, name: str, trouble: str) -> None:
        match event:
            case Planned():
                self._bar.show(0.0, f"{name}: 0 of {event.found}")
            case Progressed():
                text = f"{name}: {event.message}{trouble}"
                self._bar.show(event.fraction, text, event.seconds_left)
            case _:
                pass

    def _note(self, message: str) -> None:
        print(f"studio: note: {message}", file=sys.stderr)

    def _loaded(self) -> "Engine":
        """The engine; it imports torch, which takes seconds, and waits for the first request."""
        if self._engine is None:
            from studio.engine.jobs.engine import Engine

            self._engine = Engine(Catalogue())
        return self._engine

    def __enter__(self) -> Self:
        sweep_folders()
        self._bar.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        if self._engine is not None:
            self._engine.close()  # first, for a terminal that was closed has no bar to take away
        self._bar.__exit__()
