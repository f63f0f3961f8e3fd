"""Previews: asks the engine for as few as will do, and hands over what comes."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from studio.core.controls import Control
from studio.core.errors import StudioError
from studio.core.events import TERMINAL, Failed, Finished, Measured, Previewed
from studio.core.requests import Apply, JobId
from studio.gui.activity import Activity, Work
from studio.gui.bridge import Bridge
from studio.gui.engine_like import EngineLike
from studio.gui.region import Region
from studio.gui.wishes import Wishes, runs_net_anew

# A slider that needs a run of the net must rest for so long before it gets one; so must the view.
_REST_MS = 120
# Longest side in px of the draft that comes first where a preview takes longer than a second: its
# strokes are coarser, but it is there at once.
DRAFT_SIDE = 448
_SLOW_S = 1.0


class Previews(QObject):
    """Latest wish first; of one wish, first the part that is looked at, then the whole photo.

    Signals:
        shown: (request, Previewed) whenever the whole photo has come and is still wanted.
        part_shown: (request, Previewed) likewise for a part of it.
        measured: (request, levels) that the model found.
        failed: (request, StudioError).
    """

    shown = Signal(object, object)
    part_shown = Signal(object, object)
    measured = Signal(object, object)
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
        self._region: Region | None = None
        self._painted: Apply | None = None  # the last whole that was shown, draft or not
        self._painted_part: Apply | None = None
        self._requests: dict[JobId, Apply] = {}
        self._ran_net = False
        self._slow = True  # until a preview has shown otherwise
        self.wishes = Wishes(self._submit, engine.cancel, self._anew)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._wish)
        bridge.measured.connect(self._measured)
        bridge.previewed.connect(self._previewed)
        for ended in (bridge.finished, bridge.failed, bridge.cancelled):
            ended.connect(self._ended)

    def ask(self, request: Apply, *, going_on: bool, is_there: bool = False) -> None:
        """Wishes for a preview.

        Args:
            request: what to show.
            going_on: a slider is on its way, and more wishes are likely to follow.
            is_there: the whole photo is on the screen so already; only a part may be missing.
        """
        before, self._asked = self._asked, request
        if is_there:
            self._painted = request
        elif self._painted == request:
            self._painted = None  # it was forgotten since
        if going_on and before is not None and self._anew(before, request):
            self._rest.start()
        elif not (going_on and self._rest.isActive()):
            self._wish()

    def look_at(self, region: Region | None) -> None:
        """Wishes to see a part in full size too, whatever is asked for; None: no longer."""
        if region != self._region:
            self._region = region
            self._rest.start()

    def forget_part(self) -> None:
        """The part that was shown last is no longer on the screen."""
        self._painted_part = None

    def is_idle(self) -> bool:
        """Whether nothing is being previewed, or about to be."""
        return self.wishes.job is None and not self._rest.isActive()

    def give_up(self) -> None:
        """Wants no preview any more."""
        self._rest.stop()
        self._asked = None
        self.wishes.give_up()

    def _wish(self) -> None:
        self._rest.stop()
        request = self._next()
        if request is not None:
            self.wishes.wish(request)
        else:
            self.wishes.give_up()

    def _next(self) -> Apply | None:
        """What is missing on the screen and wanted most."""
        whole = self._asked
        if whole is None:
            return None
        if self._region is not None:
            part = replace(whole, region=self._region)
            if part != self._painted_part:
                return part
        if whole == self._painted:
            return None
        draft = replace(whole, preview_side=DRAFT_SIDE)
        if self._region is None and self._painted != draft and self._wants_draft(whole):
            return draft
        return whole

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
        self._requests[job] = request
        self._activity.begin(job, f"Preview of {Path(request.source).name}", Work.PREVIEW)
        return job

    def _measured(self, event: Measured) -> None:
        if event.job in self._requests:
            self.measured.emit(self._requests[event.job], event.levels)

    def _previewed(self, event: Previewed) -> None:
        request = self.wishes.running(event.job)
        if request is None:
            return
        if request.region is not None:
            self._painted_part = request
            self.part_shown.emit(request, event)
        else:
            self._painted, self._ran_net = request, event.ran_net
            self.shown.emit(request, event)

    def _ended(self, event: object) -> None:
        if not isinstance(event, TERMINAL):
            return
        self._requests.pop(event.job, None)
        request = self.wishes.running(event.job)
        if request is not None:
            self._note_end(request, event)
        self.wishes.ended(event.job)
        if self.wishes.job is None and not self._rest.isActive():
            self._wish()

    def _note_end(self, request: Apply, event: object) -> None:
        if isinstance(event, Failed):
            self.failed.emit(request, StudioError(event.message, event.hint))
        if not isinstance(event, Finished):
            if self._asked is not None and _like(request, self._asked) == self._asked:
                self._asked = None  # it would end so again
        elif request.region is None and request.preview_side != DRAFT_SIDE and self._ran_net:
            self._slow = event.seconds > _SLOW_S


def _like(request: Apply, whole: Apply) -> Apply:
    """A request for a part or a draft, as one for the whole preview."""
    return replace(request, region=None, preview_side=whole.preview_side)
