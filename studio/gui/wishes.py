"""The latest wish wins: one preview in flight, one waiting, the rest forgotten."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Generic, TypeVar

from studio.core.controls import Control
from studio.core.requests import Apply, Generate, JobId

R = TypeVar("R", Apply, Generate)


def runs_net_anew(old: Apply, new: Apply, controls: Iterable[Control]) -> bool:
    """Whether two requests differ in more than what acts after the net."""
    late = {control.name for control in controls if control.after_net}

    def early(request: Apply) -> Apply:
        settings = {k: v for k, v in request.settings.items() if k not in late}
        return replace(request, settings=settings)

    return early(old) != early(new)


class Wishes(Generic[R]):
    """Turns many wishes into few jobs.

    Args:
        submit: starts a job.
        cancel: asks a job to stop; `ended` is still called for it.
        anew: whether the second request makes the first one's run useless.
    """

    def __init__(
        self,
        submit: Callable[[R], JobId],
        cancel: Callable[[JobId], None],
        anew: Callable[[R, R], bool],
    ) -> None:
        self._submit = submit
        self._cancel = cancel
        self._anew = anew
        self._job: JobId | None = None
        self._running: R | None = None
        self._waiting: R | None = None
        self._given_up = False

    @property
    def job(self) -> JobId | None:
        """The job in flight."""
        return self._job

    @property
    def latest(self) -> R | None:
        """What the person will see when all is done."""
        return self._waiting or (None if self._given_up else self._running)

    def running(self, job: JobId) -> R | None:
        """The request of a job whose pixels are still wanted."""
        return self._running if job == self._job and not self._given_up else None

    def wish(self, request: R) -> None:
        """Asks for a preview, in the place of every earlier wish that has not started."""
        if self._running is None:
            self._start(request)
        elif request == self._running and not self._given_up:
            self._waiting = None
        else:
            self._waiting = request
            if self._anew(self._running, request):
                self._stop()

    def give_up(self) -> None:
        """Stops the job in flight and forgets the wish that waits."""
        self._waiting = None
        self._stop()

    def ended(self, job: JobId) -> None:
        """Tells of a job's end; the waiting wish gets its turn."""
        if job != self._job:
            return
        self._job = self._running = None
        self._given_up = False
        if self._waiting is not None:
            request, self._waiting = self._waiting, None
            self._start(request)

    def _start(self, request: R) -> None:
        self._running = request
        self._job = self._submit(request)

    def _stop(self) -> None:
        if self._job is not None and not self._given_up:
            self._given_up = True
            self._cancel(self._job)
