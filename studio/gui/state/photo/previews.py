"""Previews: asks the engine for as few as will do, and hands over what comes."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from studio.core.controls import Control
from studio.core.errors import StudioError
from studio.core.events import TERMINAL, Event, Failed, Finished, Measured, Previewed
from studio.core.handle import Handle
from studio.core.requests import Apply
from studio.core.words.tongue import tr
from studio.gui.state.gesture import NO_GESTURE, Gesture
from studio.gui.state.latest_wins import LatestWins
from studio.gui.state.library import Library
from studio.gui.state.photo.region import Region
from studio.gui.state.running.jobs import Jobs
from studio.gui.state.running.work import Work

# A slider that needs a run of the net must rest for so long before it gets one; so must the view.
_REST_MS = 120
# Longest side in px of the draft that comes first where a preview takes longer than a second: its
# strokes are coarser, but it is there at once.
DRAFT_SIDE = 448
_SLOW_S = 1.0


class Previews(QObject):
    """Latest wish first; of one wish, first what is sooner there: the whole photo or a part of it.

    Signals:
        shown: (request, Previewed) whenever the whole photo has come and is still wanted.
        patch_shown: (request, Previewed) likewise for a part of it.
        measured: (request, Measured) what a model found.
        failed: (request, StudioError).
    """

    shown = Signal(object, object)
    patch_shown = Signal(object, object)
    measured = Signal(object, object)
    failed = Signal(object, object)

    def __init__(
        self,
        jobs: Jobs,
        library: Library,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._library = library
        self._asked: Apply | None = None
        self._region: Region | None = None
        self._painted: Apply | None = None  # the last whole that was shown, draft or not
        self._painted_patch: Apply | None = None
        self.job: Handle | None = None  # the last that was started
        self._ran_net = False
        self._gesture = NO_GESTURE
        self._slow = True  # until a preview has shown otherwise
        self._wishes = LatestWins[Apply](self._begin, self._anew)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._wish)

    def ask(self, request: Apply, gesture: Gesture = NO_GESTURE, *, is_there: bool = False) -> None:
        """Wishes for a preview.

        Args:
            request: what to show.
            gesture: that the wish came of; while one goes on, as of a slider, more are likely to
                follow. `NO_GESTURE`: none will.
            is_there: the whole photo is on the screen so already; only a part may be missing.
        """
        going_on = gesture is self._gesture is not NO_GESTURE
        self._gesture = gesture
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

    def forget_patch(self) -> None:
        """The part that was shown last is no longer on the screen."""
        self._painted_patch = None

    def is_idle(self) -> bool:
        """Whether nothing is being previewed, or about to be."""
        return not self._wishes.busy and not self._rest.isActive()

    def give_up(self) -> None:
        """Wants no preview any more."""
        self._rest.stop()
        self._asked = None
        self._wishes.give_up()

    def _wish(self) -> None:
        self._rest.stop()
        request = self._next()
        if request is not None:
            self._wishes.wish(request)
        else:
            self._wishes.give_up()

    def _next(self) -> Apply | None:
        """What is missing on the screen and wanted most."""
        whole = self._asked
        if whole is None:
            return None
        part = None if self._region is None else replace(whole, region=self._region)
        part = None if part == self._painted_patch else part
        if whole == self._painted or (part is not None and self._library.is_local(whole)):
            return part
        draft = replace(whole, preview_side=DRAFT_SIDE)
        if self._region is None and self._painted != draft and self._wants_draft(whole):
            return draft
        return whole

    def _wants_draft(self, request: Apply) -> bool:
        """Whether the preview itself would keep the person waiting.

        It would not where it is painted already and only what acts after the net is another. While
        it is still being painted, a slider that acts after the net moves the draft.
        """
        if self._library.is_gradual(request):  # it shows how far it has come
            return False
        return self._slow and (self._painted is None or self._anew(self._painted, request))

    def _anew(self, old: Apply, new: Apply) -> bool:
        return runs_net_anew(old, new, self._library.controls(new.steps[-1].weights))

    def _begin(self, request: Apply) -> Callable[[], None]:
        words = tr("Preview of {name}", name=Path(request.source).name)
        take = partial(self._take, request)
        self.job = self._jobs.start(request, words, Work.PREVIEW, take)
        return self.job.cancel

    def _take(self, request: Apply, event: Event) -> None:
        if isinstance(event, Measured):
            self.measured.emit(request, event)
        elif isinstance(event, Previewed):
            self._show(request, event)
        elif isinstance(event, TERMINAL):
            if self._wishes.wanted is not None:
                self._note_end(request, event)
            self._wishes.ended()
            if self.is_idle():
                self._wish()

    def _show(self, request: Apply, event: Previewed) -> None:
        if self._wishes.wanted is None:
            return
        if request.region is not None:
            self._painted_patch = request
            self.patch_shown.emit(request, event)
        elif not event.final:
            self._painted = replace(request, preview_side=DRAFT_SIDE)
            self.shown.emit(self._painted, event)
        else:
            self._painted, self._ran_net = request, event.ran_net
            self.shown.emit(request, event)

    def _note_end(self, request: Apply, event: Event) -> None:
        if isinstance(event, Failed):
            self.failed.emit(request, StudioError(event.message, event.hint))
        if not isinstance(event, Finished):
            if self._asked is not None and _like(request, self._asked) == self._asked:
                self._asked = None  # it would end so again
        elif self._library.is_gradual(request):
            return
        elif request.region is None and request.preview_side != DRAFT_SIDE and self._ran_net:
            self._slow = event.seconds > _SLOW_S


def _like(request: Apply, whole: Apply) -> Apply:
    """A request for a part or a draft, as one for the whole preview."""
    return replace(request, region=None, preview_side=whole.preview_side)


def runs_net_anew(old: Apply, new: Apply, controls: Iterable[Control]) -> bool:
    """Whether two requests differ in more than what acts after the last net, by its controls."""
    late = {control.name for control in controls if control.after_net}

    def early(request: Apply) -> object:
        *before, last = request.steps
        settings = {k: v for k, v in last.settings.items() if k not in late}
        besides = replace(request, weights="", sha256="", settings={}, then=())
        return besides, before, replace(last, settings=settings)

    return early(old) != early(new)


def failure_of(path: Path) -> Hashable:
    """What the message is about that a photo's preview failed."""
    return "preview", path
