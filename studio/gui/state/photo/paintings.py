"""Paintings whose manner photos take on, for a tool some of whose weights take one."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.core.files.configuration import preferences_path
from studio.core.settings import Preferences
from studio.core.words.tongue import tr
from studio.gui.state.background import Background
from studio.gui.state.clipboard import NOTHING, pasted
from studio.gui.state.library import Library
from studio.gui.state.messages import Messages
from studio.gui.state.photo.loading import write_pasted
from studio.gui.state.photo.photos import Photos

_MOST = 12  # paintings that are remembered


class Paintings(QObject):
    """Those used last, the one in use, and how it is painted.

    Args:
        photos: what takes on their manner.
        library: the weights.
        background: gives a file to those that have none.
        messages: to say what went wrong.
        preferences: as they are now.
        remember: is told the files of those used last.

    Signals:
        changed: others are at hand, or another is in use.
    """

    changed = Signal()

    def __init__(
        self,
        photos: Photos,
        library: Library,
        background: Background,
        messages: Messages,
        preferences: Callable[[], Preferences],
        remember: Callable[[tuple[str, ...]], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._photos, self._library = photos, library
        self._background, self._messages = background, messages
        self._preferences, self._remember = preferences, remember
        photos.look_changed.connect(lambda _: self.changed.emit())
        library.changed.connect(self.changed)

    @property
    def model(self) -> str:
        """Of the tool in use; empty while there is none."""
        look, toolbox = self._photos.look, self._library.toolbox
        if look is None or look.weights not in toolbox:
            return ""
        return toolbox.find(look.weights).weights.model

    @property
    def offered(self) -> bool:
        """Whether the tool in use takes paintings."""
        return bool(self._library.toolbox.painters(self.model))

    @property
    def recent(self) -> tuple[str, ...]:
        """The files of those used last."""
        return self._preferences().paintings

    @property
    def chosen(self) -> str:
        """The file of the painting in use; empty: there is none."""
        look = self._photos.look
        name = "" if look is None else self._library.toolbox.painting_control(look.weights)
        return str(look.settings[name]) if look is not None and name else ""

    @property
    def is_missing(self) -> bool:
        """Whether the photo that is shown waits for a painting, or the next one would."""
        stack = self._photos.stack
        return stack is not None and self._library.toolbox.lacks_painting(stack)

    @property
    def is_finest(self) -> bool:
        """Whether it is painted by the weights that take minutes."""
        look = self._photos.look
        return look is not None and self._library.comes_closer(look.weights)

    def choose(self, path: Path) -> None:
        """Paints in the manner of a picture, at once."""
        others = [each for each in self.recent if each != str(path)]
        self._remember((str(path), *others)[:_MOST])
        self._paint(str(path), finest=False)
        self.changed.emit()

    def forget_unreadable(self, path: str) -> None:
        """What was chosen and cannot be read is not offered again; a disk may be away for now."""
        if path == self.chosen and path in self.recent:
            self._remember(tuple(each for each in self.recent if each != path))
            self.changed.emit()

    def paste(self) -> None:
        """Takes the picture on the clipboard."""
        found = pasted()
        if isinstance(found, QImage):
            self.take_image(found)
        elif found:
            self.choose(found[0])
        else:
            self._messages.note(NOTHING)

    def take_image(self, image: QImage) -> None:
        """Takes a picture that has no file, by giving it one that stays."""
        folder, number = preferences_path().parent / "paintings", 1
        while (path := folder / f"painting-{number}.png").exists():
            number += 1

        def write() -> Path:
            folder.mkdir(parents=True, exist_ok=True)
            return write_pasted(image, path)

        self._background.run(write, self.choose, self._messages.error)

    def paint_finest(self, finest: bool) -> None:
        """Paints by the weights that take minutes, or at once again."""
        if self.chosen and finest != self.is_finest:
            self._paint(self.chosen, finest=finest)

    def _paint(self, painting: str, *, finest: bool) -> None:
        look, toolbox = self._photos.look, self._library.toolbox
        painters = toolbox.painters(self.model)
        if look is None or not painters:
            return
        fitting = [each for each in painters if each.gradual == finest] or painters
        name = toolbox.painting_control(fitting[0].id)
        new = toolbox.fitting(fitting[0].id, {**look.settings, name: painting})
        self._photos.change_look(new, tr("Finest") if finest else tr("Painting"))
