"""What a person does with the steps of the photo that is shown."""

from collections.abc import Callable

from studio.core.words.tongue import tr
from studio.gui.state.library import Library
from studio.gui.state.photo.photos import Photos
from studio.gui.state.stack import Stack
from studio.gui.state.tools import Tool, tool_of


class Steps:
    """Adds, removes, moves and switches them; each is one step of undo.

    Args:
        photos: what is open.
        library: the weights.
    """

    def __init__(self, photos: Photos, library: Library) -> None:
        self._photos, self._library = photos, library

    @property
    def offered(self) -> list[Tool]:
        """Tools in which a result can go on."""
        return self._library.toolbox.photo_tools

    def add(self, model: str) -> None:
        """Goes on with the result in a tool, as it was used last."""
        look = self._photos.look_with(model)
        self._change(lambda stack: stack.added(look), tr("Add {tool}", tool=tool_of(model).title))

    def remove(self, place: int) -> None:
        """Takes a step out."""
        self._change(lambda stack: stack.without(place), tr("Remove step"))

    def move(self, place: int, to: int) -> None:
        """Puts a step in another place."""
        self._change(lambda stack: stack.moved(place, to), tr("Move step"))

    def switch(self, place: int, on: bool) -> None:
        """Has a step done, or left out."""
        words = tr("Switch step on") if on else tr("Switch step off")
        self._change(lambda stack: stack.switched(place, on=on), words)

    def _change(self, change: Callable[[Stack], Stack], words: str) -> None:
        stack = self._photos.stack
        if stack is not None:
            self._photos.change_stack(change(stack), words)
