"""Styles that are learnt from paintings, and those that were."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.core.catalogue import own_weights
from studio.core.errors import StudioError
from studio.core.events import Cancelled, Event, Failed, Finished, Previewed
from studio.core.handle import Handle
from studio.core.own_weights import free_name
from studio.core.requests import Learn
from studio.core.videos import is_video
from studio.core.words.said import say
from studio.core.words.tongue import tr
from studio.gui.state.library import Library
from studio.gui.state.messages import Messages
from studio.gui.state.photo.loading import to_image
from studio.gui.state.photo.paintings import Paintings
from studio.gui.state.photo.photos import Photos
from studio.gui.state.running.jobs import Jobs
from studio.gui.state.running.work import Work


@dataclass(frozen=True)
class _Lesson:
    """A style that is being learnt: the job, and of which painting."""

    handle: Handle
    painting: str
    title: str


class Lessons(QObject):
    """Has styles learnt, and used once they are.

    Args:
        photos: what is painted in them.
        library: the weights.
        paintings: which one is in use.
        jobs: does the work.
        messages: to say how it has ended.
        read_weights: reads anew which weights there are, and then calls what it is given.

    Signals:
        changed: another style is being learnt, or was.
        pictured: (key, QImage) what one looks like by now.
    """

    changed = Signal()
    pictured = Signal(str, object)

    def __init__(
        self,
        photos: Photos,
        library: Library,
        paintings: Paintings,
        jobs: Jobs,
        messages: Messages,
        read_weights: Callable[[Callable[[], None]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._photos, self._library, self._paintings = photos, library, paintings
        self._jobs, self._messages, self._read_weights = jobs, messages, read_weights
        self._lessons: dict[str, _Lesson] = {}

    @property
    def under_way(self) -> list[tuple[str, str]]:
        """(key, title) of the styles that are being learnt."""
        return [(key, each.title) for key, each in self._lessons.items()]

    @property
    def learnt(self) -> list[tuple[str, str]]:
        """(id, title) of the weights of the styles that were."""
        found = self._library.toolbox.learnt(self._paintings.model)
        return [(weights.id, weights.title) for weights in found]

    @property
    def running(self) -> list[Handle]:
        """The jobs."""
        return [each.handle for each in self._lessons.values()]

    def begin(self) -> None:
        """Has a style learnt from the painting in use, unless it is being learnt already."""
        painting, toolbox = self._paintings.chosen, self._library.toolbox
        if not painting or any(each.painting == painting for each in self._lessons.values()):
            return
        model, title = self._paintings.model, Path(painting).stem
        stem = re.sub(r"[\W_]+", "-", title.lower()).strip("-") or "style"
        folder = own_weights() / model
        name = free_name(
            stem, lambda name: f"{model}/{name}" in toolbox or str(folder / name) in self._lessons
        )
        photo, gallery = self._photos.document.shown, toolbox.gallery(model)
        seen = () if photo is None or is_video(photo) else (str(photo),)
        request = Learn(
            gallery.weights.id, painting, str(folder / f"{name}.safetensors"), title,
            sha256=gallery.sha256, photos=seen,
        )  # fmt: skip
        key = str(folder / name)
        take = partial(self._take, key)
        handle = self._jobs.start(request, tr("Learning {title}", title=title), Work.SAVE, take)
        self._lessons[key] = _Lesson(handle, painting, title)
        self.changed.emit()

    def _take(self, key: str, event: Event) -> None:
        lesson = self._lessons[key]
        match event:
            case Previewed():
                self.pictured.emit(key, to_image(event.pixels, None))
                return
            case Finished():
                self._read_weights(partial(self._use, event.weights, lesson))
            case Failed():
                error = StudioError(
                    say("{title}: {why}", title=lesson.title, why=event.message), event.hint
                )
                self._messages.error(error, about=key, run=say("styles were not learnt"))
            case Cancelled():
                self._messages.note(
                    tr("Learning {title} was cancelled; nothing was written.", title=lesson.title)
                )
            case _:
                return
        del self._lessons[key]
        self.changed.emit()

    def _use(self, weights: str, lesson: _Lesson) -> None:
        """Shows the photo in a new style, unless the person has turned to something else."""
        use = partial(self._photos.choose_weights, weights)
        said = tr("The style “{title}” was learnt.", title=lesson.title)
        if self._paintings.chosen == lesson.painting:
            use()
            self._messages.note(said)
        else:
            self._messages.done(said, tr("Use"), use)
