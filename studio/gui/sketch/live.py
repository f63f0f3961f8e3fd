"""Keeps the result up with the pen: one drawing on its way, the latest one waiting."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.core.errors import StudioError
from studio.core.events import TERMINAL, Event, Failed, Previewed
from studio.core.requests import Apply
from studio.core.words.tongue import tr
from studio.gui.state.latest_wins import LatestWins
from studio.gui.state.photo.loading import to_image
from studio.gui.state.running.jobs import Jobs
from studio.gui.state.running.work import Work
from studio.gui.widgets.scratch import Scratch


@dataclass(frozen=True, eq=False)
class Doodle:
    """A drawing to be made a picture of.

    Attributes:
        image: its pixels; never painted on again.
        request: all but its source.
        version: counts up.
    """

    image: QImage
    request: Apply
    version: int


class Live(QObject):
    """Writes a drawing on a thread, asks the engine for its picture, then goes on to the latest.

    Nothing queues up and nothing is cancelled: pictures along the way are what makes it live. The
    next drawing is written when the one before has come back, so that it is the newest there is.

    Signals:
        shown: (Doodle, QImage) a picture has come, side x side px.
        failed: (StudioError).
        rested: nothing is on its way any more.
    """

    shown = Signal(object, object)
    failed = Signal(object)
    rested = Signal()

    def __init__(self, jobs: Jobs, scratch: Scratch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._scratch = scratch
        self._doodles = LatestWins[Doodle](self._begin)

    @property
    def busy(self) -> bool:
        """Whether a drawing is on its way."""
        return self._doodles.busy

    def want(self, doodle: Doodle | None) -> None:
        """Wants a drawing's picture, in the place of every one that has not begun."""
        if doodle is not None:
            self._doodles.wish(doodle)
            return
        self._doodles.forget_waiting()
        if not self.busy:
            self.rested.emit()

    def _begin(self, doodle: Doodle) -> Callable[[], None]:
        self._scratch.write(
            doodle.image, self._scratch.new_file("doodle"), partial(self._draw, doodle), self._fail
        )
        return lambda: None

    def _draw(self, doodle: Doodle, file: Path) -> None:
        request = replace(doodle.request, source=str(file))
        take = partial(self._take, doodle, file)
        self._jobs.start(request, tr("Drawing after your doodle"), Work.PREVIEW, take)

    def _take(self, doodle: Doodle, file: Path, event: Event) -> None:
        if isinstance(event, Previewed):
            self.shown.emit(doodle, to_image(event.pixels, None))
        elif isinstance(event, Failed):
            self._scratch.remove(file)
            self._fail(StudioError(event.message, event.hint))
        elif isinstance(event, TERMINAL):
            self._scratch.remove(file)
            self._go_on()

    def _fail(self, error: StudioError) -> None:
        self.failed.emit(error)
        self._go_on()

    def _go_on(self) -> None:
        self._doodles.ended()
        if not self.busy:
            self.rested.emit()
