"""Opens the settings, and has each change act."""

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from studio.gui.shell.window import Window
from studio.gui.state.workspace import Workspace

_PALETTES = ("system", "dark", "light")


class SettingsRoom(QObject):
    """What is set is seen or used at once, and kept with all that is remembered."""

    def __init__(self, window: Window, workspace: Workspace) -> None:
        super().__init__(window)
        self._window, self._workspace = window, workspace
        window.actions_.settings.triggered.connect(self._ask)
        for name in _PALETTES:
            action = getattr(window.actions_, name)
            action.triggered.connect(lambda _=False, name=name: self._change("palette", name))
        QGuiApplication.styleHints().colorSchemeChanged.connect(lambda _: self._show_palette())

    def _ask(self) -> None:
        from studio.core import memory
        from studio.engine.accelerators import accelerators
        from studio.gui.shell.settings_dialog import SettingsDialog

        most = memory.total() >> 30 if memory.can_be_bounded() else 0
        dialog = SettingsDialog(self._workspace.preferences, accelerators(), most, self._window)
        dialog.changed.connect(self._change)
        dialog.folder_wanted.connect(self._open_folder)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _change(self, name: str, value: Any) -> None:
        self._workspace.remember(**{name: value})
        if name == "palette":
            self._show_palette()

    def _show_palette(self) -> None:
        self._window.choose_palette(self._workspace.preferences.palette)

    def _open_folder(self, folder: Any) -> None:
        folder.mkdir(parents=True, exist_ok=True)  # nothing may have been written there yet
        self._workspace.messages.show_file(folder)
