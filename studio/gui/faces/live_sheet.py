"""Keeps one part of the page up with what is wanted there."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.core.errors import StudioError
from studio.core.events import TERMINAL, Event, Failed, Finished, Previewed
from studio.core.requests import Generate
from studio.gui.state.latest_wins import LatestWins
from studio.gui.state.photo.loading import to_image
from studio.gui.state.running.jobs import Jobs
from studio.gui.state.running.work import Work


class LiveSheet(QObject):
    """One request in flight, the latest waiting; a sheet of pictures comes back.

    Args:
        words: for the status line.
        impatient: what is wanted stops what is being made, which takes long.

    Signals:
        shown: (list of QImage) one for each of the request's pictures.
        failed: (StudioError).
        lost: what was wanted last does not come: it has failed, or was cancelled.
        rested: nothing is in flight any more.
    """

    shown = Signal(object)
    failed = Signal(object)
    lost = Signal()
    rested = Signal()

    def __init__(
        self, words: str, jobs: Jobs, parent: QObject | None = None, *, impatient: bool = False
    ) -> None:
        super().__init__(parent)
        self._words = words
        self._jobs = jobs
        self._wishes = LatestWins[Generate](self._begin, lambda _old, _new: impatient)

    @property
    def busy(self) -> bool:
        """Whether a request is in flight."""
        return self._wishes.busy

    def want(self, request: Generate) -> None:
        """Wants these pictures, in the place of all that have not begun."""
        self._wishes.wish(request)

    def give_up(self) -> None:
        """Wants nothing any more."""
        self._wishes.give_up()

    def _begin(self, request: Generate) -> Callable[[], None]:
        take = partial(self._take, request)
        return self._jobs.start(request, self._words, Work.PREVIEW, take).cancel

    def _take(self, request: Generate, event: Event) -> None:
        if isinstance(event, Previewed) and self._wishes.wanted is not None:
            self.shown.emit(cut_up(to_image(event.pixels, None), request))
        if isinstance(event, TERMINAL):
            self._wishes.ended()
            if isinstance(event, Failed):
                self.failed.emit(StudioError(event.message, event.hint))
            if not self.busy:
                if not isinstance(event, Finished):
                    self.lost.emit()
                self.rested.emit()


def cut_up(sheet: QImage, request: Generate) -> list[QImage]:
    """The pictures of a grid without padding, whose columns the request names."""
    count = request.frames or len(request.latents)
    columns = min(request.columns, count)
    side = sheet.width() // columns
    return [
        sheet.copy(side * (n % columns), side * (n // columns), side, side) for n in range(count)
    ]
