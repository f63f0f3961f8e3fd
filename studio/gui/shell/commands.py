"""What the window's actions do, with the dialogs and the preferences they need."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox

from studio.core.settings import Preferences, save_preferences
from studio.gui.batch.commands import BatchCommands
from studio.gui.faces.commands import FacesCommands
from studio.gui.mask.commands import MaskCommands
from studio.gui.photo.clip_commands import ClipCommands
from studio.gui.photo.presets import PresetCommands
from studio.gui.photo.saving import SaveCommands
from studio.gui.shell.about import AboutModel
from studio.gui.shell.actions import set_tip
from studio.gui.shell.closing import Closing
from studio.gui.shell.window import Window
from studio.gui.sketch.commands import SketchCommands
from studio.gui.state.history import Undoing
from studio.gui.state.keeping.keeping import Keeping
from studio.gui.state.session import Session
from studio.gui.widgets.file_dialogs import photo_filter
from studio.gui.widgets.page import PageTool

_STOPS = "A whole folder is being done. Closing stops it; it can be gone on with later."


class Commands(QObject):
    """Connects actions to the session and remembers what was chosen."""

    def __init__(self, window: Window, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._closed = False
        self.presets = PresetCommands(window, session)
        self.saving = SaveCommands(window, session)
        self.clips = ClipCommands(window, session)
        self.closing = Closing(window, session)
        self.masks = MaskCommands(window, session)
        self.batch = BatchCommands(window, session)
        self.sketch = SketchCommands(window, session)
        self.faces = FacesCommands(window, session)
        self._page_tools: tuple[PageTool, ...] = (self.sketch, self.faces)
        self.keeping = Keeping(window, session, self.batch, self.sketch, self.faces)
        actions = window.actions_
        actions.open.triggered.connect(self._open)
        actions.save.triggered.connect(self._save)
        actions.paste.triggered.connect(self._paste)
        for flip, steps in ((actions.previous, -1), (actions.next, 1)):
            flip.triggered.connect(partial(self._flip, steps))
        window.canvas.flipped.connect(self._flip)
        actions.undo.triggered.connect(self._undo)
        actions.redo.triggered.connect(self._redo)
        session.history.changed.connect(self._show_history)
        for tool in self._page_tools:
            tool.history_changed.connect(self._show_history)
        window.page_changed.connect(self._show_history)
        actions.about.triggered.connect(self._tell_about)
        session.look_changed.connect(lambda: actions.about.setEnabled(bool(self._weights)))
        window.page_changed.connect(lambda: actions.about.setEnabled(bool(self._weights)))
        actions.filmstrip.setChecked(self._preferences.filmstrip)
        actions.filmstrip.toggled.connect(self._fold)
        for name in ("system", "dark", "light"):
            action = getattr(actions, name)
            action.triggered.connect(lambda _=False, name=name: self._choose_palette(name))
        QGuiApplication.styleHints().colorSchemeChanged.connect(
            lambda _: window.choose_palette(self._preferences.palette)
        )
        session.document_changed.connect(self._show_filmstrip)
        window.page_changed.connect(self._show_filmstrip)
        window.closing.connect(self._close)
        window.ending.connect(self._end)

    @property
    def _preferences(self) -> Preferences:
        return self._session.preferences

    @property
    def _page_tool(self) -> PageTool | None:
        """The one whose page is shown."""
        return next((tool for tool in self._page_tools if tool.is_open), None)

    @property
    def _history(self) -> Undoing:
        """Of what is shown."""
        return self._page_tool or self._session.history

    @property
    def _weights(self) -> str:
        """Id of the weights in use; empty while there are none."""
        tool, look = self._page_tool, self._session.look
        return tool.weights if tool is not None else look.weights if look is not None else ""

    def _tell_about(self) -> None:
        weights = self._session.toolbox.find(self._weights).weights
        dialog = AboutModel(weights, self._window)
        preview = self._session.background.latest(dialog.show_preview, lambda _: None)
        dialog.finished.connect(preview.give_up)
        dialog.finished.connect(dialog.deleteLater)
        preview.wish(partial(_bytes_of, weights.preview))
        dialog.open()

    def _open(self) -> None:
        dialog = QFileDialog(self._window, "Open photos", self._preferences.folder, photo_filter())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(
            lambda names: self._session.open([Path(name) for name in names])
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _flip(self, steps: int) -> None:
        path = self._session.document.beside(steps)
        if path is not None:
            self._session.show(path)

    def _undo(self) -> None:
        self._history.undo()

    def _redo(self) -> None:
        self._history.redo()

    def _paste(self) -> None:
        tool = self._page_tool
        if tool is not None:
            tool.paste()
        else:
            self._session.intake.paste()

    def _save(self) -> None:
        (self._page_tool or self.saving).save()

    def _show_history(self) -> None:
        history, actions = self._history, self._window.actions_
        for action, word, step in (
            (actions.undo, "Undo", history.next_undo),
            (actions.redo, "Redo", history.next_redo),
        ):
            action.setEnabled(step is not None)
            set_tip(action, f"{word} {step}" if step else word)

    def _fold(self, unfolded: bool) -> None:
        self._session.remember(filmstrip=unfolded)
        self._show_filmstrip()

    def _show_filmstrip(self) -> None:
        seen = self._window.page is None
        several = seen and len(self._session.document.photos) > 1
        actions = self._window.actions_
        for action in (actions.filmstrip, actions.previous, actions.next):
            action.setEnabled(several)
        self._window.filmstrip.setVisible(several and self._preferences.filmstrip)

    def _choose_palette(self, name: str) -> None:
        self._session.remember(palette=name)
        self._window.choose_palette(name)

    def _close(self, event: QCloseEvent) -> None:
        if self._closed:
            return
        if self._session.saves.running and not self._may_drop_saves():
            event.ignore()
            return
        if self.batch.batches.under_way and not self._window.messages.says(_STOPS):
            event.ignore()
            self._window.messages.ask(_STOPS, "Stop and close", self._window.close)
            return
        self._end()

    def _end(self) -> None:
        """Keeps what is to be remembered, and ends all that runs."""
        if self._closed:
            return
        self._closed = True
        self._session.remember(geometry=self._window.geometry_text())
        save_preferences(self._preferences)
        self._window.hide()
        self.keeping.close()
        self._session.close()
        self.batch.close()
        for tool in (*self._page_tools, self.masks):
            tool.close()

    def _may_drop_saves(self) -> bool:
        asked = QMessageBox.question(
            self._window,
            "Studio",
            "Something is still being saved. Close all the same, and not save it?",
            QMessageBox.StandardButton.Close | QMessageBox.StandardButton.Cancel,
            QMessageBox.StandardButton.Cancel,
        )
        return asked == QMessageBox.StandardButton.Close


def _bytes_of(path: Path) -> bytes:
    """Of a preview, which may be missing."""
    return path.read_bytes() if path.is_file() else b""
