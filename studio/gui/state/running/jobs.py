"""Jobs of the engine as the window has them: each with its own events, on the window's thread."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal

from studio.core.events import Event, Noticed
from studio.core.handle import Handle
from studio.core.requests import Apply, Learn, Request
from studio.gui.state.running.activity import Activity
from studio.gui.state.running.engine_like import EngineLike
from studio.gui.state.running.work import Work


class Jobs(QObject):
    """The one door to the engine.

    Args:
        engine: carries the jobs out.
        activity: tells the person of those that run.
        is_gradual: whether a request comes closer to its result step by step.

    Signals:
        began: (Handle, request, words, Work) a job that the person is told of.
        heard: (Event) of any job.
        noticed: (Noticed) of any job.
    """

    began = Signal(object, object, str, object)
    heard = Signal(object)
    noticed = Signal(object)

    _arrived = Signal(object, object)

    def __init__(
        self,
        engine: EngineLike,
        activity: Activity,
        is_gradual: Callable[[Apply], bool] = lambda _: False,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._activity = activity
        self._is_gradual = is_gradual
        # Queued even where the engine answers on the window's own thread, as to a cancel: nobody
        # is called back from within a call.
        self._arrived.connect(self._pass_on, Qt.ConnectionType.QueuedConnection)

    def start(
        self, request: Request, words: str, work: Work, on_event: Callable[[Event], None]
    ) -> Handle:
        """Starts a job.

        Args:
            request: what to do.
            words: for the status line.
            work: what it is to the person.
            on_event: takes the job's events on the window's thread, never from within a call.
        """
        handle = self._engine.submit(request, partial(self._arrived.emit, on_event))
        gradual = isinstance(request, Apply) and self._is_gradual(request)
        keeps = gradual or isinstance(request, Learn)
        self._activity.begin(handle, words, work, keeps=keeps)
        self.began.emit(handle, request, words, work)
        return handle

    def start_quietly(self, request: Request, on_event: Callable[[Event], None]) -> Handle:
        """Starts a job that the person has not asked for, and is not told of."""
        return self._engine.submit(request, partial(self._arrived.emit, on_event))

    def _pass_on(self, on_event: Callable[[Event], None], event: Event) -> None:
        self._activity.take(event)
        self.heard.emit(event)
        if isinstance(event, Noticed):
            self.noticed.emit(event)
        on_event(event)
