"""Previews: asks the engine for as few as will do, and hands over what comes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from studio.core.controls import Control
from studio.core.errors import StudioError
from studio.core.events import TERMINAL, Failed, Finished, Previewed
from studio.core.requests import Apply, JobId
from studio.gui.activity import Activity
from studio.gui.bridge import Bridge
from studio.gui.engine_like import EngineLike
from studio.gui.wishes import Wishes, runs_net_anew

# A slider that needs a run of the net must rest for so long before it gets one.
_REST_MS = 120
# Longest side in px of the draft that comes first where a preview takes longer than a second: its
# strokes are coarser, but it is there at once.
DRAFT_SIDE = 448
_SLOW_S = 1.0


class Previews(QObject):
    """Latest wish first.

    Signals:
        shown: (request, Previewed) whenever pixels have come that are still wanted.
        failed: (request, StudioError).
    """

    shown = Signal(object, object)
    failed = Signal(object, object)

    def __init__(
        self,
        engine: EngineLike,
        bridge: Bridge,
        activity: Activity,
        controls: Callable[[str], Sequence[Control]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._activity = activity
        self._controls = controls
        self._asked: Apply | None = None
        self._painted: Apply | None = None  # the last one that was shown, draft or not
        self._ran_net = False
        self._slow = True  # until a preview has shown otherwise
        self.wishes = Wishes(self._submit, engine.cancel, self._anew)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._wish)
        bridge.previewed.connect(self._previewed)
        for ended in (bridge.finished, bridge.failed, bridge.cancelled):
            ended.connect(self._ended)

    def ask(self, request: Apply, *, going_on: bool) -> None:
        """Wishes for a preview.

        Args:
            request: what to show.
            going_on: a slider is on its way, and more wishes are likely to follow.
        """
        before, self._asked = self._asked, request
        if going_on and before is not None and self._anew(before, request):
            self._rest.start()
        elif not (going_on and self._rest.isActive()):
            self._wish()

    def give_up(self) -> None:
        """Wants no preview any more."""
        self._rest.stop()
        self._asked = None
        self.wishes.give_up()

    def _wish(self) -> None:
        self._rest.stop()
        if self._asked is not None:
            draft = replace(self._asked, preview_side=DRAFT_SIDE)
            self.wishes.wish(draft if self._wants_draft(self._asked) else self._asked)

    def _wants_draft(self, request: Apply) -> bool:
        """Whether the preview itself would keep the person waiting.

        It would not where it is painted already and only what acts after the net is another. While
        it is still being painted, a slider that acts after the net moves the draft.
        """
        return self._slow and (self._painted is None or self._anew(self._painted, request))

    def _anew(self, old: Apply, new: Apply) -> bool:
        return runs_net_anew(old, new, self._controls(new.weights))

    def _submit(self, request: Apply) -> JobId:
        job = self._engine.submit(request)
        self._activity.begin(job, f"Painting {Path(request.source).name}", saving=False)
        return job

    def _previewed(self, event: Previewed) -> None:
        request = self.wishes.running(event.job)
        if request is not None:
            self._painted, self._ran_net = request, event.ran_net
            self.shown.emit(request, event)

    def _ended(self, event: object) -> None:
        if not isinstance(event, TERMINAL):
            return
        request = self.wishes.running(event.job)
        if isinstance(event, Failed) and request is not None:
            self.failed.emit(request, StudioError(event.message, event.hint))
        draft = False
        if isinstance(event, Finished) and request is not None:
            draft = request.preview_side == DRAFT_SIDE
            if self._ran_net and not draft:
                self._slow = event.seconds > _SLOW_S
        self.wishes.ended(event.job)
        if draft and self._asked is not None and self.wishes.job is None:
            self.wishes.wish(self._asked)  # the draft is on the screen: now the preview itself
