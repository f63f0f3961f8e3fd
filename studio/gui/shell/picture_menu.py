"""The menu of the picture in the middle: by the right mouse button, or the menu key."""

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from studio.core.words.tongue import tr
from studio.gui.shell.window import Window
from studio.gui.state.messages import Messages
from studio.gui.state.photo.photos import Photos


class PictureMenu(QObject):
    """Offers what the window's actions do with the picture."""

    def __init__(self, window: Window, photos: Photos, messages: Messages) -> None:
        super().__init__(window)
        self._window, self._photos, self._messages = window, photos, messages
        self._folder = QAction(tr("Show in folder"), self)
        self._folder.triggered.connect(self._show_in_folder)
        self._original = QAction(tr("Original"), self)
        self._original.setCheckable(True)
        self._original.triggered.connect(window.top_bar.original.click)
        window.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        window.canvas.customContextMenuRequested.connect(self._open)

    def _open(self, place: QPoint) -> None:
        actions, menu = self._window.actions_, QMenu(self._window)
        self._original.setChecked(self._window.top_bar.original.isChecked())
        menu.addActions([actions.save, actions.copy])
        menu.addMenu(self._window.top_bar.use)
        menu.addSeparator()
        menu.addActions([actions.copy_settings, actions.paste_settings])
        menu.addSeparator()
        menu.addActions([self._original, actions.compare, actions.beside, actions.loupe])
        menu.addActions([actions.fit, actions.full, actions.full_screen])
        menu.addSeparator()
        menu.addActions([self._folder, actions.about, actions.close_photo])
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._window.canvas.mapToGlobal(place))

    def _show_in_folder(self) -> None:
        shown = self._photos.document.shown
        if shown is not None:
            self._messages.show_file(shown.parent)
