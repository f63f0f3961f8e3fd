"""The opened photos and what each of them goes through; every change of it can be undone."""

from collections.abc import Mapping, Sequence
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
from studio.gui.state.stack import Stack


class Photos(QObject):
    """What is open and shown.

    Args:
        library: the weights that looks are made of.

    Attributes:
        document: the photos, and which of them is shown.
        history: what can be undone of the one that is shown.
        closed: those that were put away.
        next_stack: what the next photo that is opened goes through: as the one that is shown, but
            for its masks; None until the weights are known.
        last: how each photo looked when the tool of a model was used last, by photo and model.

    Signals:
        document_changed: other photos are open, or another is shown.
        look_changed: (Gesture) `stack` is another, or the weights are known now. Changes of one
            gesture, such as a drag, are one step of undo; `NO_GESTURE`: a step of its own.
        others_changed: the stack of a photo that is not shown is another.
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
        self.history: History[Path, Stack] = History(self)
        self.closed = ClosedPhotos()
        self.next_stack: Stack | None = None
        self.last: dict[tuple[Path | None, str], Look] = {}
        self._with: dict[tuple[Path | None, str], Look] = {}  # the same by photo and weights
        self._tool = ""  # model of the tool that the person chose last
        self.history.wanted.connect(self._take_back)
        library.changed.connect(self._begin)

    @property
    def stack(self) -> Stack | None:
        """What the photo that is shown goes through, or the next one that is opened."""
        photo = self.document.photo
        return self.next_stack if photo is None else photo.stack

    @property
    def look(self) -> Look | None:
        """That of the step that is edited."""
        return None if self.stack is None else self.stack.look

    def open(self, paths: Sequence[Path], model: str = "") -> None:
        """Opens photos, the first of them shown.

        Args:
            paths: at least one.
            model: of the tool to use; empty: the one that is in use.
        """
        stack = self._unmasked(Stack.of(self.look_with(model))) if model else self.next_stack
        self._tool = model or self._tool
        self._set(self.document.opened(paths, stack))
        if stack is not None and self.stack != stack and model:
            self.choose_tool(model)  # it was open already

    def join(self, photos: Sequence[Photo], shown: Path | None, place: int = -1) -> None:
        """Opens photos that have their stacks; see `Document.joined`."""
        document = self.document.joined(photos, shown, place)
        document = document.with_each(self._library.toolbox.mended)  # closed a while ago, perhaps
        if shown is not None and document.photo is not None:
            self._stay_with(document.photo.stack)
        self._set(document)

    def is_edited(self, photo: Photo) -> bool:
        """Whether a person has made anything of a photo: neither opening nor a tool does."""
        stack, toolbox = photo.stack, self._library.toolbox
        model = "" if stack is None else self._model(stack.look)
        if stack is None or not model:
            return False
        untouched = Stack.of(toolbox.first_look(toolbox.first_of(model)))
        return not any(each and stack.steps == each.steps for each in (photo.opened, untouched))

    def was_shown(self, photo: Photo) -> bool:
        """Whether a person has seen what becomes of a photo."""
        return any(photo.path == path for path, _ in self.last)

    def as_shown(self, photo: Photo) -> Photo:
        """As a photo is once it is shown: one that nobody has edited in the tool in use."""
        stack, tools = photo.stack, self._library.toolbox.photo_tools
        if stack is None or not self._model(stack.look):
            return photo
        in_use = self._model(stack.look) == self._tool
        if in_use or len(stack) > 1 or self.is_edited(photo):
            return photo
        if self._tool not in {tool.model for tool in tools}:
            return photo
        return replace(photo, stack=Stack.of(self.look_with(self._tool, photo.path)))

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

    def choose_weights(self, weights: str) -> None:
        """Uses other weights of the same tool."""
        look = self.look
        if look is not None and look.weights != weights:
            before = self._with.get((self.document.shown, weights))
            new = self._library.toolbox.with_weights(look, weights, before)
            self.change_look(new, "Weights")
        else:
            self.asked_again.emit()

    def choose_tool(self, model: str) -> None:
        """Turns to the step of a tool, or uses it, as it was used last, for the one in use."""
        stack, self._tool = self.stack, model
        if stack is None or self._model(stack.look) == model:
            return
        places = [n for n, step in enumerate(stack.steps) if self._model(step.look) == model]
        if places:
            self.choose_step(places[-1])
        else:
            self.change_look(self.look_with(model), "Tool")

    def choose_step(self, place: int) -> None:
        """Turns to another step of the photo that is shown: nothing that is to be undone."""
        stack = self.stack
        if stack is not None and stack.choosing(place) != stack:
            self._take_shown(stack.choosing(place), NO_GESTURE)

    def change_look(self, look: Look, words: str, gesture: Gesture = NO_GESTURE) -> None:
        """Gives the step that is edited another look; see `change_stack`."""
        stack = self.stack
        changed = Stack.of(look) if stack is None else stack.with_look(look)
        self.change_stack(changed, words, gesture)

    def change_stack(self, stack: Stack, words: str, gesture: Gesture = NO_GESTURE) -> None:
        """Has the photo that is shown, or the next one, go through other steps.

        Args:
            stack: the steps.
            words: what was done.
            gesture: see `look_changed`.
        """
        photo = self.document.photo
        if photo is None or photo.stack is None:
            self._take_shown(stack, NO_GESTURE)
        else:
            self.give(photo, stack, words, gesture)

    def change(self, photo: Photo, look: Look, words: str) -> None:
        """Gives the step of a photo that is edited another look; one step of undo."""
        if photo.stack is not None:
            self.give(photo, photo.stack.with_look(look), words)

    def give(self, photo: Photo, stack: Stack, words: str, gesture: Gesture = NO_GESTURE) -> None:
        """Has a photo go through other steps; one step of undo."""
        if photo.stack is not None and stack != photo.stack:
            self.history.record(photo.path, photo.stack, stack, gesture, words)
            self._take_stack(photo.path, stack, gesture)

    def give_together(self, stacks: Mapping[Path, Stack], words: str) -> Gesture:
        """Has photos go through other steps; one step of undo for all, from each of them."""
        together = Gesture()
        for path, stack in stacks.items():
            photo = self.document.find(path)
            if photo is not None and photo.stack is not None:
                self.history.record(path, photo.stack, stack, together, words)
                self._take_stack(path, stack, together)
        return together

    def look_with(self, model: str, path: Path | None = None) -> Look:
        """How a photo looked when the tool of a model was used last, or that tool's first."""
        toolbox = self._library.toolbox
        last = self.last.get((path or self.document.shown, model))
        return last or toolbox.first_look(toolbox.first_of(model))

    def _begin(self) -> None:
        """Gives steps to those that have none yet; those whose weights have gone get others."""
        toolbox = self._library.toolbox
        if toolbox.photo_tools:
            if self.next_stack is None:
                self.next_stack = Stack.of(toolbox.first_look())
                self._stay_with(self.next_stack)
            self.next_stack = toolbox.mended(self.next_stack)
            self.last = {key: look for key, look in self.last.items() if look.weights in toolbox}
            document = self.document.with_first(self.next_stack)
            self._set(document.with_each(toolbox.mended))

    def _set(self, document: Document) -> None:
        self.document = self._in_use(document)
        self.history.show(document.shown)
        photo = self.document.photo
        if photo is not None and photo.stack is not None:
            self.next_stack = self._unmasked(photo.stack)
        self.document_changed.emit()
        if self.look is not None:
            self._show_look(NO_GESTURE)

    def _in_use(self, document: Document) -> Document:
        photo = document.photo
        stack = None if photo is None else self.as_shown(photo).stack
        if photo is None or stack is None or stack == photo.stack:
            return document
        return document.going_through(photo.path, stack)

    def _stay_with(self, stack: Stack | None) -> None:
        if stack is not None:
            self._tool = self._model(stack.look) or self._tool

    def _take_back(self, path: Path, stack: Stack) -> None:
        self._take_stack(path, stack, NO_GESTURE)

    def _take_stack(self, path: Path, stack: Stack, gesture: Gesture) -> None:
        stack = self._library.toolbox.mended(stack)  # an undo may bring back what has gone
        if path != self.document.shown:
            self.document = self.document.going_through(path, stack)
            self.others_changed.emit()
        else:
            self._take_shown(stack, gesture)

    def _take_shown(self, stack: Stack, gesture: Gesture) -> None:
        shown = self.document.shown
        if shown is None:
            self.next_stack = stack
        else:
            self.document = self.document.going_through(shown, stack)
            self.next_stack = self._unmasked(stack)
        self._stay_with(stack)
        self._show_look(gesture)

    def _unmasked(self, stack: Stack) -> Stack:
        return stack.with_each(self._library.toolbox.unmasked)

    def _show_look(self, gesture: Gesture) -> None:
        look = self.look
        if look is not None and self._model(look):
            self.last[self.document.shown, self._model(look)] = look
            self._with[self.document.shown, look.weights] = look
        self.look_changed.emit(gesture)

    def _model(self, look: Look) -> str:
        """Of a look's tool; empty where its weights are not there."""
        return self._library.toolbox.model_of(look.weights)
