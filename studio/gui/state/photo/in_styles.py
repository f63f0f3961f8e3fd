"""The photo that is shown in each style of a gallery, small: painted while nothing else is done.

It is shown as the steps before have made it.
"""

import hashlib
from collections import OrderedDict
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from studio.core.controls import complete
from studio.core.events import TERMINAL, Event, Failed, Finished, Previewed
from studio.core.handle import Handle
from studio.core.requests import Apply
from studio.gui.state.library import Library
from studio.gui.state.photo.loading import to_image
from studio.gui.state.photo.photos import Photos
from studio.gui.state.photo.previews import Previews
from studio.gui.state.photo.screen import Screen
from studio.gui.state.running.activity import Activity
from studio.gui.state.running.jobs import Jobs

_SIDE = 160  # px, longest side: what is seen of it is the square in its middle
_IDLE_MS = 1500  # so long nothing else must have been wished for
_KEPT = 400  # pictures
_Key = tuple[str, str, str, str]
"""Photo and steps before, weights' hash, control, option."""


class InStyles(QObject):
    """Paints one style after the other, and begins again where it was disturbed.

    Args:
        photos: what is open.
        screen: knows what makes the shown one look as it should.
        library: the weights.
        previews, activity: tell whether anything else is done.
        jobs: does the work.

    Signals:
        painted: (weights, control, option, QImage).
    """

    painted = Signal(str, str, str, object)

    def __init__(
        self,
        photos: Photos,
        screen: Screen,
        library: Library,
        previews: Previews,
        jobs: Jobs,
        activity: Activity,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._photos, self._screen, self._library = photos, screen, library
        self._previews, self._jobs, self._activity = previews, jobs, activity
        self._pictures: OrderedDict[_Key, QImage] = OrderedDict()
        self._failed: set[_Key] = set()
        self._job: Handle | None = None
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(_IDLE_MS)
        self._idle.timeout.connect(self._begin)
        photos.look_changed.connect(lambda _: self._disturb())
        activity.over.connect(lambda _: self._disturb())

    def of_shown(self, control: str, option: str) -> QImage | None:
        """The photo that is shown in a style of the weights in use; None: not painted yet."""
        request = self._request()
        return None if request is None else self._pictures.get(_key(request, control, option))

    def wait_ms(self, idle: int) -> None:
        """Begins after another time in which nothing was wished for."""
        self._idle.setInterval(idle)

    def close(self) -> None:
        """Paints nothing more."""
        self._idle.stop()

    def _disturb(self) -> None:
        """Something else is done, or has been."""
        if self._job is not None:
            self._job.cancel()
        else:
            self._idle.start()

    def _request(self) -> Apply | None:
        """What makes the photo as far as the step that is edited."""
        photo = self._photos.document.photo
        if photo is None or photo.stack is None:
            return None
        return self._screen.request(replace(photo, stack=photo.stack.up_to_chosen))

    def _begin(self) -> None:
        """Paints the next one, if there is any, and nothing else to do."""
        request = self._request()
        if request is None or not self._previews.is_idle() or self._activity.others:
            return
        toolbox, (*before, last) = self._library.toolbox, request.steps
        for control, option in toolbox.thumbnails(last.weights):
            key = _key(request, control, option)
            if key not in self._pictures and key not in self._failed:
                settings = complete(toolbox.controls(last.weights), {control: option})
                steps = (*before, replace(last, settings=settings))
                wanted = replace(request, preview_side=_SIDE).through(steps)
                take = partial(self._take, key, last.weights)
                self._job = self._jobs.start_quietly(wanted, take)
                return

    def _take(self, key: _Key, weights: str, event: Event) -> None:
        if isinstance(event, Previewed):
            image = to_image(event.pixels, None)
            self._pictures[key] = image
            while len(self._pictures) > _KEPT:
                self._pictures.popitem(last=False)
            request = self._request()
            if request is not None and key == _key(request, *key[2:]):
                self.painted.emit(weights, *key[2:], image)
        elif isinstance(event, TERMINAL):
            self._job = None
            if isinstance(event, Failed):
                self._failed.add(key)  # why is said where it is looked at
            if isinstance(event, Finished):
                self._begin()
            else:
                self._idle.start()


def _key(request: Apply, control: str, option: str) -> _Key:
    *before, last = request.steps
    made = hashlib.blake2b(repr((request.source, before)).encode("utf-8", "replace"))
    return made.hexdigest(), last.sha256, control, option
