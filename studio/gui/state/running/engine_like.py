"""What the window needs of an engine; `studio.engine.jobs.process.ProcessEngine` is one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from studio.core.handle import Handle
from studio.core.machine import Machine
from studio.core.requests import Request

if TYPE_CHECKING:  # events carry arrays, and numpy is not loaded before the first paint
    from studio.core.events import Event


class EngineLike(Protocol):
    """Carries requests out, away from the window's process."""

    def submit(self, request: Request, on_event: Callable[["Event"], None]) -> Handle:
        """Starts a job; its events, exactly one of them terminal, go to `on_event`."""
        ...

    def use(self, machine: Machine) -> None:
        """Has what is submitted from now on done so."""
        ...

    def close(self) -> None:
        """Ends every job and the engine."""
        ...


MakeEngine = Callable[[], EngineLike]
