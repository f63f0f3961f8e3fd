"""What the window needs of an engine; `studio.engine.process.ProcessEngine` is one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from studio.core.requests import JobId, Request

if TYPE_CHECKING:  # events carry arrays, and numpy is not loaded before the first paint
    from studio.core.events import Event


class EngineLike(Protocol):
    """Carries requests out, away from the window's process."""

    def submit(self, request: Request) -> JobId:
        """Starts a job."""
        ...

    def cancel(self, job: JobId) -> None:
        """Asks a job to stop; it still ends with one terminal event."""
        ...

    def pause(self, job: JobId) -> None:
        """Asks a batch to wait once it has ended the pictures that were begun."""
        ...

    def resume(self, job: JobId) -> None:
        """Lets a batch go on."""
        ...

    def close(self) -> None:
        """Ends every job and the engine."""
        ...


MakeEngine = Callable[[Callable[["Event"], None]], EngineLike]
