"""What the screen has of the photo that is shown: read, previewed, and kept for a while."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from math import prod
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.core.catalogue import Weights
from studio.core.errors import StudioError
from studio.core.events import Measured, Previewed
from studio.core.handle import Handle
from studio.core.requests import Apply
from studio.core.words.said import say
from studio.core.words.tongue import tr
from studio.gui.state.gesture import NO_GESTURE, Gesture
from studio.gui.state.library import Library
from studio.gui.state.messages import Messages
from studio.gui.state.photo.clips import Clips
from studio.gui.state.photo.document import Photo
from studio.gui.state.photo.loading import ScreenCopy
from studio.gui.state.photo.patches import Patches, Whole
from studio.gui.state.photo.photos import Photos
from studio.gui.state.photo.pixel_cache import PixelCache, Pixels
from studio.gui.state.photo.previews import DRAFT_SIDE, Previews, failure_of
from studio.gui.state.photo.reading import Reading
from studio.gui.state.place import Detail
from studio.reader.orders import SCREEN

_STOPPED = "stopped preview"  # what a message is about


@dataclass(frozen=True)
class Shown:
    """What there is of a photo to show.

    Attributes:
        path: the photo; None: none is open.
        before, after: the photo and its result, reduced to the screen; null while not there.
        size: (width, height) of the result in full size, in px; None while unknown.
        saveable: whether it can be saved as it should look.
        local: whether parts of the result can be shown in full size.
    """

    path: Path | None = None
    before: QImage = field(default_factory=QImage)
    after: QImage = field(default_factory=QImage)
    size: tuple[int, int] | None = None
    saveable: bool = False
    local: bool = False


class Screen(QObject):
    """Keeps up with the photo that is shown and with its look.

    Args:
        photos: what is open.
        library: the weights.
        clips: which frame of a video is shown.
        previews: asks the engine.
        reading: reads files.
        messages: to say what went wrong.

    Attributes:
        patches: of it in full size.

    Signals:
        changed: `shown` is another.
        levels_changed: the model has found something in the photo.
    """

    changed = Signal()
    levels_changed = Signal()

    def __init__(
        self,
        photos: Photos,
        library: Library,
        clips: Clips,
        previews: Previews,
        reading: Reading,
        messages: Messages,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._photos, self._library, self._clips = photos, library, clips
        self._previews, self._reading, self._messages = previews, reading, messages
        self.patches = Patches(previews, reading, self)
        self._pixels = PixelCache()
        self._scrubbing = Gesture()  # one: a frame is likely to be followed by others
        self._levels: dict[tuple[Path, tuple[str, ...]], Mapping[str, float]] = {}
        photos.document_changed.connect(self._turn)
        photos.look_changed.connect(self._follow)
        photos.asked_again.connect(self.ask)
        clips.frame_opened.connect(self._take_opened)
        clips.moved.connect(lambda path: self._frame_moved(path, self._scrubbing))
        clips.stepped.connect(lambda path: self._frame_moved(path, NO_GESTURE))
        previews.shown.connect(self._take_preview)
        previews.measured.connect(self._take_levels)
        previews.failed.connect(self._preview_failed)

    @property
    def _weights(self) -> list[Weights]:
        """Those of the steps that are on."""
        stack, toolbox = self._photos.stack, self._library.toolbox
        steps = () if stack is None else toolbox.steps(stack)
        return [toolbox.find(step.weights).weights for step in steps]

    @property
    def shown(self) -> Shown:
        """What there is to show."""
        path = self._photos.document.shown
        if path is None:
            return Shown()
        pixels = self._pixels.of(path)
        saveable = self.request(self._photos.document.photo) is not None
        return Shown(
            path,
            pixels.opened.image if pixels.opened is not None else QImage(),
            (pixels.result if saveable else None) or QImage(),
            self.size,
            saveable=saveable,
            local=self._has_parts(path),
        )

    @property
    def size(self) -> tuple[int, int] | None:
        """(width, height) of the result that is shown, in full size, in px; None while unknown."""
        path, weights = self._photos.document.shown, self._weights
        if path is None:
            return None
        return self._pixels.size(path, tuple(each.id for each in weights), self._scale)

    @property
    def detail(self) -> Detail:
        """How near what is shown is to what will be saved."""
        path = self._photos.document.shown
        pixels = Pixels() if path is None else self._pixels.of(path)
        if pixels.request is None or pixels.opened is None or self.patches.covers:
            return Detail.FINAL
        if pixels.request.preview_side == DRAFT_SIDE:
            return Detail.DRAFT
        return Detail.PREVIEW if max(pixels.opened.full_size) > SCREEN else Detail.FINAL

    @property
    def _scale(self) -> int:
        return prod(each.scale for each in self._weights)

    @property
    def levels(self) -> Mapping[str, float]:
        """What the model of the step that is edited found in its picture."""
        stack, path = self._photos.stack, self._photos.document.shown
        if stack is None:
            return {}
        ids = tuple(look.weights for look in stack.up_to_chosen.active)
        return self._levels.get((path or Path(), ids), {})

    def is_opened(self, path: Path) -> bool:
        """Whether the photo itself is there, and no draft of it."""
        opened = self._pixels.of(path).opened
        return opened is not None and not opened.is_draft

    def _has_parts(self, path: Path) -> bool:
        """Whether parts of the result can be shown in full size; not while a video plays."""
        weights, plays = self._weights, self._clips.is_passing(path)
        return bool(weights) and not plays and not any(each.gradual for each in weights)

    def request(self, photo: Photo | None) -> Apply | None:
        """What makes a photo look as it should, for the screen; None while there is no such."""
        stack, toolbox = None if photo is None else photo.stack, self._library.toolbox
        steps = () if stack is None or toolbox.lacks_painting(stack) else toolbox.steps(stack)
        if photo is None or not steps:
            return None
        seconds = self._clips.seconds(photo.path)
        blank = Apply("", str(photo.path), preview_side=SCREEN, seconds=seconds)
        return blank.through(steps)

    def ask(self, gesture: Gesture = NO_GESTURE) -> None:
        """Asks for the photo as it should look, unless it is there."""
        request = self.request(self._photos.document.photo)
        self._messages.settle(_STOPPED)
        if request is None:
            self._previews.give_up()
        else:
            self._previews.ask(request, gesture, is_there=self._settle(request))

    def is_about(self, job: Handle) -> bool:
        """Whether a job is the preview of the photo."""
        return job == self._previews.job

    def stop(self, job: Handle) -> None:
        """Stops the preview of the photo, if it is that one still."""
        if not self.is_about(job):
            return
        self._previews.give_up()
        request = self.request(self._photos.document.photo)
        if request is not None and not self._settle(request):
            words = tr("The preview was stopped: the picture does not show these settings.")
            self._messages.offer(words, tr("Show"), self.ask, about=_STOPPED)

    def _turn(self) -> None:
        """Other photos are open, or another is shown."""
        path = self._photos.document.shown
        self._pixels.keep_open(photo.path for photo in self._photos.document.photos)
        if path is None:
            self._previews.give_up()
        if self._photos.look is None:  # else `look_changed` follows at once, and shows it
            self._display()
        self._read()

    def _follow(self, gesture: Gesture) -> None:
        """The photo should look otherwise."""
        self._display()
        self.ask(gesture)

    def _display(self) -> None:
        path = self._photos.document.shown
        self._pixels.show(path)
        self.changed.emit()
        opened = None if path is None else self._pixels.of(path).opened
        whole = None
        if opened is not None and self._has_parts(opened.path):
            ids, scale = tuple(each.id for each in self._weights), self._scale
            local = len(ids) == 1 and self._weights[0].local
            at, size = self._clips.seconds(opened.path), opened.full_size
            whole = Whole(opened.path, at, size, opened.icc, ids, local, scale, SCREEN)
        self.patches.show(whole)

    def _settle(self, request: Apply) -> bool:
        """Whether a request's result is there; a part of another look has to go then."""
        there = self._pixels.of(Path(request.source)).request == request
        if there:
            self.patches.settle(request)
        return there

    def _read(self) -> None:
        """Reads the photo that is shown; what is paged past meanwhile is not read at all."""
        path = self._photos.document.shown
        if path is None:
            return
        if self.is_opened(path):
            self._read_ahead()
        else:
            failed = partial(self._opening_failed, path)
            self._reading.open(self._clips.wish(path), self._opened, failed)

    def _read_ahead(self) -> None:
        """Has the photos beside the one that is shown at hand, the next one first."""
        beside = (self._photos.document.beside(steps) for steps in (1, -1))
        paths = [path for path in beside if path is not None and not self.is_opened(path)]
        self._reading.ahead([self._clips.wish(path) for path in paths])

    def _opened(self, opened: ScreenCopy) -> None:
        self._messages.settle(opened.path)
        self._take_opened(opened)
        if opened.path == self._photos.document.shown and not opened.is_draft:
            self._read_ahead()

    def _take_opened(self, opened: ScreenCopy) -> None:
        if opened.path in self._photos.document:
            self._pixels.take_opened(opened, self._clips.seconds(opened.path))
            if opened.path == self._photos.document.shown:
                self._display()

    def _opening_failed(self, path: Path, error: StudioError) -> None:
        if path in self._photos.document:
            self._messages.error(error, about=path, run=say("files were not opened"))
            self._photos.close(path)  # to be had back: perhaps for a moment only, as on a network

    def _frame_moved(self, path: Path, gesture: Gesture) -> None:
        if path == self._photos.document.shown:
            self._display()
            self.ask(gesture)

    def _take_preview(self, request: Apply, event: Previewed) -> None:
        path, document = Path(request.source), self._photos.document
        self._messages.settle(failure_of(path))
        if path not in document or not self._pixels.take_result(request, event):
            return
        if path == document.shown:
            if request.preview_side != DRAFT_SIDE:
                self._settle(request)
            self._display()

    def _take_levels(self, request: Apply, event: Measured) -> None:
        ids = tuple(step.weights for step in request.steps[: event.step + 1])
        key = (Path(request.source), ids)
        self._levels[key] = {**self._levels.get(key, {}), **event.levels}
        self.levels_changed.emit()

    def _preview_failed(self, request: Apply, error: StudioError) -> None:
        path = Path(request.source)
        if path in self._photos.document:
            self._messages.error(error, about=failure_of(path))
