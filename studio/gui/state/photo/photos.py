"""The opened photos and how each of them should look; every change of a look can be undone."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from studio.core.controls import Value
from studio.gui.state.gesture import NO_GESTURE, Gesture
from studio.gui.state.history import History
from studio.gui.state.library import Library
from studio.gui.state.look import Look
from studio.gui.state.photo.closed import Closed, ClosedPhotos
from studio.gui.state.photo.document import Document, Photo


class Photos(QObject):
    """What is open and shown.

    Args:
        library: the weights that looks are made of.

    Attributes:
        document: the photos, and which of them is shown.
        history: what can be undone of the one that is shown.
        closed: those that were put away.
        next_look: how the next photo that is opened should look: as the one that is shown, but for
            its mask; None until the weights are known.
        last: how each photo looked when the tool of a model was used last, by photo and model.

    Signals:
        document_changed: other photos are open, or another is shown.
        look_changed: (Gesture) `look` is another, or the weights are known now. Changes of one
            gesture, such as a drag, are one step of undo; `NO_GESTURE`: a step of its own.
        others_changed: the look of a photo that is not shown is another.
        closed_changed: others are to be had back.
        asked_again: the look that is there was chosen once more.
    """

    document_changed = Signal()
    look_changed = Signal(object)
    others_changed = Signal()
    closed_changed = Signal()
    asked_again = Signal()

    def __init__(self, library: Library, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library = library
        self.document = Document()
        self.history: History[Path, Look] = History(self)
        self.closed = ClosedPhotos()
        self.next_look: Look | None = None
        self.last: dict[tuple[Path | None, str], Look] = {}
        self._tool = ""  # model of the tool that the person chose last
        self.history.wanted.connect(self._take_back)
        library.changed.connect(self._begin)

    @property
    def look(self) -> Look | None:
        """How the photo that is shown should look, or the next one that is opened."""
        photo = self.document.photo
        return self.next_look if photo is None else photo.look

    def open(self, paths: Sequence[Path], model: str = "") -> None:
        """Opens photos, the first of them shown.

        Args:
            paths: at least one.
            model: of the tool to use; empty: the one that is in use.
        """
        look = self._library.toolbox.unmasked(self._look_with(model)) if model else self.next_look
        self._tool = model or self._tool
        self._set(self.document.opened(paths, look))
        if look is not None and self.look != look and model:
            self.choose_tool(model)  # it was open already

    def join(self, photos: Sequence[Photo], shown: Path | None, place: int = -1) -> None:
        """Opens photos that have their looks; see `Document.joined`."""
        document = self.document.joined(photos, shown, place)
        if shown is not None and document.photo is not None:
            self._stay_with(document.photo.look)
        self._set(document)

    def is_edited(self, photo: Photo) -> bool:
        """Whether a person has made anything of a photo: neither opening nor a tool does."""
        look = photo.look
        if look is None or look.weights not in self._library.toolbox:
            return False
        return look not in (photo.opened, self._library.toolbox.first_look(look.weights))

    def show(self, path: Path) -> None:
        """Shows one of the opened photos."""
        self._set(self.document.showing(path))

    def flip(self, steps: int) -> None:
        """Shows the photo so many places behind."""
        path = self.document.beside(steps)
        if path is not None:
            self.show(path)

    def close(self, path: Path) -> Closed | None:
        """Puts a photo away; returns what brings it back."""
        photo = self.document.find(path)
        if photo is None:
            return None
        closed = Closed(photo, self.document.photos.index(photo), self.history.put_away(path))
        self.closed.put(closed)
        self._set(self.document.closed(path))
        self.closed_changed.emit()
        return closed

    def reopen(self, closed: Closed) -> None:
        """Brings back what was put away, with all that can be undone."""
        self.closed.take(closed)
        self.closed_changed.emit()
        if closed.path not in self.document and closed.steps is not None:
            self.history.bring_back(closed.path, closed.steps)
        self.join([closed.photo], closed.path, closed.place)

    def edit(self, name: str, value: Value, gesture: Gesture = NO_GESTURE) -> None:
        """Changes one setting of the look that is shown; the same value again asks again."""
        look = self.look
        if look is None:
            return
        if look.settings.get(name) == value:
            self.asked_again.emit()
            return
        controls = self._library.controls(look.weights)
        label = next(control.label for control in controls if control.name == name)
        self.change_look(look.with_setting(name, value), label, gesture)

    def choose_steps(self, then: Sequence[str]) -> None:
        """Has other weights follow those of the look that is shown."""
        if self.look is not None:
            self.change_look(replace(self.look, then=tuple(then)), "Steps")

    def choose_weights(self, weights: str) -> None:
        """Uses other weights of the same tool."""
        look = self.look
        if look is not None and look.weights != weights:
            self.change_look(self._library.toolbox.with_weights(look, weights), "Weights")
        else:
            self.asked_again.emit()

    def choose_tool(self, model: str) -> None:
        """Uses another tool, as it was used last."""
        look, self._tool = self.look, model
        if look is not None and self._model(look) != model:
            self.change_look(self._look_with(model), "Tool")

    def change_look(self, look: Look, words: str, gesture: Gesture = NO_GESTURE) -> None:
        """Gives the photo that is shown, or the next one, another look.

        Args:
            look: how it should look now.
            words: what was done.
            gesture: see `look_changed`.
        """
        photo = self.document.photo
        if photo is None or photo.look is None:
            self.next_look = look
            self._stay_with(look)
            self._show_look(NO_GESTURE)
        else:
            self.change(photo, look, words, gesture)

    def change(self, photo: Photo, look: Look, words: str, gesture: Gesture = NO_GESTURE) -> None:
        """Gives a photo another look; one step of undo."""
        if photo.look is not None and look != photo.look:
            self.history.record(photo.path, photo.look, look, gesture, words)
            self._take_look(photo.path, look, gesture)

    def _begin(self) -> None:
        toolbox = self._library.toolbox
        if toolbox.photo_tools:
            self.next_look = toolbox.first_look()
            self._stay_with(self.next_look)
            self._set(self.document.with_first_look(self.next_look))

    def _set(self, document: Document) -> None:
        self.document = self._in_use(document)
        self.history.show(document.shown)
        photo = self.document.photo
        if photo is not None and photo.look is not None:
            self.next_look = self._library.toolbox.unmasked(photo.look)
        self.document_changed.emit()
        if self.look is not None:
            self._show_look(NO_GESTURE)

    def _in_use(self, document: Document) -> Document:
        """With a photo that nobody has edited shown in the tool where the person is."""
        photo, tools = document.photo, self._library.toolbox.photo_tools
        if photo is None or photo.look is None or photo.look.weights not in self._library.toolbox:
            return document
        if self._model(photo.look) == self._tool or self.is_edited(photo):
            return document
        if self._tool not in {tool.model for tool in tools}:
            return document
        return document.looking(photo.path, self._look_with(self._tool, photo.path))

    def _stay_with(self, look: Look | None) -> None:
        if look is not None and look.weights in self._library.toolbox:
            self._tool = self._model(look)

    def _take_back(self, path: Path, look: Look) -> None:
        self._take_look(path, look, NO_GESTURE)

    def _take_look(self, path: Path, look: Look, gesture: Gesture) -> None:
        self.document = self.document.looking(path, look)
        if path != self.document.shown:
            self.others_changed.emit()
            return
        self.next_look = self._library.toolbox.unmasked(look)
        self._stay_with(look)
        self._show_look(gesture)

    def _show_look(self, gesture: Gesture) -> None:
        look = self.look
        if look is not None and look.weights in self._library.toolbox:
            self.last[self.document.shown, self._model(look)] = look
        self.look_changed.emit(gesture)

    def _look_with(self, model: str, path: Path | None = None) -> Look:
        """How a photo looked when the tool of a model was used last, or that tool's first."""
        toolbox = self._library.toolbox
        last = self.last.get((path or self.document.shown, model))
        return last or toolbox.first_look(toolbox.first_of(model))

    def _model(self, look: Look) -> str:
        return self._library.toolbox.find(look.weights).weights.model
