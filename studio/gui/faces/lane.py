"""Keeps one part of the page up with what is wanted there."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.core.errors import StudioError
from studio.core.events import TERMINAL, Event, Failed, Finished, Previewed
from studio.core.requests import Generate, JobId
from studio.gui.activity import Activity, Work
from studio.gui.bridge import Bridge
from studio.gui.engine_like import EngineLike
from studio.gui.loading import to_image
from studio.gui.wishes import Wishes


class Lane(QObject):
    """One request in flight, the latest waiting; a sheet of pictures comes back.

    Args:
        words: for the status line.

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
        self,
        words: str,
        engine: EngineLike,
        bridge: Bridge,
        activity: Activity,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._words = words
        self._engine = engine
        self._activity = activity
        self._wishes = Wishes[Generate](self._submit, engine.cancel, lambda _old, _new: False)
        bridge.previewed.connect(self._previewed)
        for ended in (bridge.finished, bridge.failed, bridge.cancelled):
            ended.connect(self._ended)

    @property
    def busy(self) -> bool:
        """Whether a request is in flight."""
        return self._wishes.job is not None

    def want(self, request: Generate) -> None:
        """Wants these pictures, in the place of all that have not begun."""
        self._wishes.wish(request)

    def give_up(self) -> None:
        """Wants nothing any more."""
        self._wishes.give_up()

    def _submit(self, request: Generate) -> JobId:
        job = self._engine.submit(request)
        self._activity.begin(job, self._words, Work.PREVIEW)
        return job

    def _previewed(self, event: Previewed) -> None:
        request = self._wishes.running(event.job)
        if request is not None:
            self.shown.emit(cut_up(to_image(event.pixels, None), request))

    def _ended(self, event: Event) -> None:
        if isinstance(event, TERMINAL) and event.job == self._wishes.job:
            self._wishes.ended(event.job)
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
