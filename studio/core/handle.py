"""What a front holds of a job that it asked for."""

from dataclasses import dataclass, field
from typing import Protocol

from studio.core.requests import JobId


class Carrier(Protocol):
    """Carries jobs out; what a handle speaks to."""

    def cancel(self, job: JobId) -> None:
        """See `Handle.cancel`."""
        ...

    def keep(self, job: JobId) -> None:
        """See `Handle.keep`."""
        ...

    def pause(self, job: JobId) -> None:
        """See `Handle.pause`."""
        ...

    def resume(self, job: JobId) -> None:
        """See `Handle.resume`."""
        ...


@dataclass(frozen=True)
class Handle:
    """One job, whose events go to the callback that was submitted with it.

    Attributes:
        id: of the job; its events carry it.
    """

    id: JobId
    _carrier: Carrier = field(repr=False)

    def cancel(self) -> None:
        """Asks the job to stop; it still ends with one terminal event. Once it has ended: nothing.

        Stopping is asked for between layers and in every loop: answered within 0.3 s.
        """
        self._carrier.cancel(self.id)

    def keep(self) -> None:
        """Asks a job that comes closer to its result step by step to end with what it has."""
        self._carrier.keep(self.id)

    def pause(self) -> None:
        """Asks a job to wait, a batch before its next picture; all but batches go first then."""
        self._carrier.pause(self.id)

    def resume(self) -> None:
        """Lets it go on."""
        self._carrier.resume(self.id)
