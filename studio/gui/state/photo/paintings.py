"""Paintings whose manner photos take on: those used last, and styles that are learnt from one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.core.catalogue import own_weights
from studio.core.errors import StudioError
from studio.core.events import Cancelled, Event, Failed, Finished, Previewed
from studio.core.requests import Learn
from studio.core.settings import preferences_path
from studio.gui.state.clipboard import NOTHING, pasted
from studio.gui.state.photo.loading import to_image, write_pasted
from studio.gui.state.running.work import Work

if TYPE_CHECKING:
    from studio.core.handle import Handle
    from studio.gui.state.workspace import Workspace

_MOST = 12  # paintings that are remembered


@dataclass(frozen=True)
class _Learning:
    """A style that is being learnt: the job, and of which painting."""

    handle: Handle
    painting: str
    title: str


class Paintings(QObject):
    """What can be done with paintings, for a tool some of whose weights take one.

    Signals:
        changed: others are offered, or another is in use.
        pictured: (key, QImage) what a style that is being learnt looks like by now.
    """

    changed = Signal()
    pictured = Signal(str, object)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace
        self._learning: dict[str, _Learning] = {}
        workspace.photos.look_changed.connect(lambda _: self.changed.emit())
        workspace.library.changed.connect(self.changed)

    @property
    def offered(self) -> bool:
        """Whether the tool in use takes paintings."""
        return bool(self._workspace.toolbox.painters(self._model))

    @property
    def tiles(self) -> list[tuple[str, str]]:
        """(key, title) of the paintings used last, and of the styles learnt or being learnt."""
        recent = [(path, Path(path).stem) for path in self._workspace.preferences.paintings]
        learning = [(key, each.title) for key, each in self._learning.items()]
        learnt = [(w.id, w.title) for w in self._workspace.toolbox.learnt(self._model)]
        return [*learning, *learnt, *recent]

    @property
    def chosen(self) -> str:
        """The key of the tile in use; empty: none is."""
        look = self._workspace.photos.look
        if look is None:
            return ""
        return self.painting or look.weights

    @property
    def painting(self) -> str:
        """The path of the painting in use; empty: there is none."""
        look = self._workspace.photos.look
        name = "" if look is None else self._workspace.toolbox.painting_control(look.weights)
        return str(look.settings[name]) if look is not None and name else ""

    @property
    def is_finest(self) -> bool:
        """Whether it is painted by the weights that take minutes."""
        look = self._workspace.photos.look
        return look is not None and self._workspace.library.is_gradual(look.weights)

    @property
    def running(self) -> list[Handle]:
        """The jobs that learn."""
        return [each.handle for each in self._learning.values()]

    def use(self, key: str) -> None:
        """Uses what a tile stands for."""
        if key in self._workspace.toolbox:
            self._workspace.photos.choose_weights(key)
        elif key not in self._learning:
            self.choose(Path(key))

    def choose(self, path: Path) -> None:
        """Paints in the manner of a picture, at once."""
        kept = [each for each in self._workspace.preferences.paintings if each != str(path)]
        self._workspace.remember(paintings=(str(path), *kept)[:_MOST])
        self._paint(str(path), finest=False)
        self.changed.emit()

    def paste(self) -> None:
        """Takes the picture on the clipboard."""
        found = pasted()
        if isinstance(found, QImage):
            self.take_image(found)
        elif found:
            self.choose(found[0])
        else:
            self._workspace.messages.note(NOTHING)

    def take_image(self, image: QImage) -> None:
        """Takes a picture that has no file, by giving it one that stays."""
        folder, number = preferences_path().parent / "paintings", 1
        while (path := folder / f"painting-{number}.png").exists():
            number += 1

        def write() -> Path:
            folder.mkdir(parents=True, exist_ok=True)
            return write_pasted(image, path)

        self._workspace.background.run(write, self.choose, self._workspace.messages.error)

    def paint_finest(self, finest: bool) -> None:
        """Paints by the weights that take minutes, or at once again."""
        if self.painting and finest != self.is_finest:
            self._paint(self.painting, finest=finest)

    def learn(self) -> None:
        """Begins to learn a style from the painting in use."""
        painting, toolbox = self.painting, self._workspace.toolbox
        if not painting or any(each.painting == painting for each in self._learning.values()):
            return
        title = Path(painting).stem
        stem = re.sub(r"[\W_]+", "-", title.lower()).strip("-") or "style"
        name, number = stem, 1
        folder = own_weights() / self._model
        while f"{self._model}/{name}" in toolbox or str(folder / name) in self._learning:
            number += 1
            name = f"{stem}-{number}"
        photo, gallery = self._workspace.photos.document.shown, toolbox.gallery(self._model)
        request = Learn(
            gallery.weights.id, painting, str(folder / f"{name}.safetensors"), title,
            sha256=gallery.sha256, photos=() if photo is None else (str(photo),),
        )  # fmt: skip
        key = str(folder / name)
        words = f"Learning {title}"
        handle = self._workspace.jobs.start(request, words, Work.SAVE, partial(self._take, key))
        self._learning[key] = _Learning(handle, painting, title)
        self.changed.emit()

    @property
    def _model(self) -> str:
        look, toolbox = self._workspace.photos.look, self._workspace.toolbox
        known = look is not None and look.weights in toolbox
        return toolbox.find(look.weights).weights.model if look is not None and known else ""

    def _paint(self, painting: str, *, finest: bool) -> None:
        look, toolbox = self._workspace.photos.look, self._workspace.toolbox
        painters = toolbox.painters(self._model)
        if look is None or not painters:
            return
        fitting = [each for each in painters if each.gradual == finest] or painters
        name = toolbox.painting_control(fitting[0].id)
        new = toolbox.fitting(fitting[0].id, {**look.settings, name: painting})
        self._workspace.photos.change_look(new, "Finest" if finest else "Painting")

    def _take(self, key: str, event: Event) -> None:
        learning, messages = self._learning[key], self._workspace.messages
        match event:
            case Previewed():
                self.pictured.emit(key, to_image(event.pixels, None))
                return
            case Finished():
                self._workspace.read_weights(partial(self._learnt, event.weights, learning))
            case Failed():
                error = StudioError(f"{learning.title}: {event.message}", event.hint)
                messages.error(error, about=key, run="styles were not learnt")
            case Cancelled():
                messages.note(f"Learning {learning.title} was cancelled; nothing was written.")
            case _:
                return
        del self._learning[key]
        self.changed.emit()

    def _learnt(self, weights: str, learning: _Learning) -> None:
        """Shows the photo in the new style, unless the person has turned to something else."""
        use = partial(self._workspace.photos.choose_weights, weights)
        if self.painting == learning.painting:
            use()
            self._workspace.messages.note(f"The style “{learning.title}” was learnt.")
        else:
            self._workspace.messages.done(f"The style “{learning.title}” was learnt.", "Use", use)
