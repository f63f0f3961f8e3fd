"""Keeps the result up with the pen: one drawing on its way, the latest one waiting."""

from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.core.errors import StudioError
from studio.core.events import TERMINAL, Event, Failed, Previewed
from studio.core.requests import Apply, JobId
from studio.gui.activity import Activity, Work
from studio.gui.bridge import Bridge
from studio.gui.engine_like import EngineLike
from studio.gui.loading import to_image
from studio.gui.scratch import Scratch
from studio.gui.wishes import Wishes


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

    def __init__(
        self,
        engine: EngineLike,
        bridge: Bridge,
        activity: Activity,
        scratch: Scratch,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._activity = activity
        self._scratch = scratch
        self._latest: Doodle | None = None
        self._on_its_way: Doodle | None = None
        self.wishes = Wishes(self._submit, engine.cancel, lambda _old, _new: False)
        bridge.previewed.connect(self._previewed)
        for ended in (bridge.finished, bridge.failed, bridge.cancelled):
            ended.connect(self._ended)

    @property
    def busy(self) -> bool:
        """Whether a drawing is on its way."""
        return self._on_its_way is not None

    def want(self, doodle: Doodle | None) -> None:
        """Wants a drawing's picture, in the place of every one that has not begun."""
        self._latest = doodle
        self._go_on()

    def _go_on(self) -> None:
        if self._on_its_way is not None:
            return
        if self._latest is None:
            self.rested.emit()
            return
        doodle, self._latest = self._latest, None
        self._on_its_way = doodle
        self._scratch.write(
            doodle.image, self._scratch.new_file("doodle"), self._written, self._not_written
        )

    def _written(self, path: Path) -> None:
        if self._on_its_way is not None:
            self.wishes.wish(replace(self._on_its_way.request, source=str(path)))

    def _not_written(self, error: StudioError) -> None:
        self._on_its_way = None
        self.failed.emit(error)
        self._go_on()

    def _submit(self, request: Apply) -> JobId:
        job = self._engine.submit(request)
        self._activity.begin(job, "Drawing after your doodle", Work.PREVIEW)
        return job

    def _previewed(self, event: Previewed) -> None:
        if self._on_its_way is not None and self.wishes.running(event.job) is not None:
            self.shown.emit(self._on_its_way, to_image(event.pixels, None))

    def _ended(self, event: Event) -> None:
        request = self.wishes.running(event.job)
        if request is None or not isinstance(event, TERMINAL):
            return
        self.wishes.ended(event.job)
        self._on_its_way = None
        self._scratch.remove(Path(request.source))
        if isinstance(event, Failed):
            self.failed.emit(StudioError(event.message, event.hint))
        self._go_on()
