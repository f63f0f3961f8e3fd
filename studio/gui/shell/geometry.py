"""Where the window is on the screen."""

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtWidgets import QWidget

_FRAME = 40  # px, what a window manager may put around a window


def restore(window: QWidget, geometry: str) -> None:
    """Puts a window where `geometry_text` found it, or where it fits the screen.

    Qt does not restore what was on a screen of quite another size.
    """
    if window.restoreGeometry(QByteArray.fromBase64(geometry.encode())):
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowFullScreen)
        return
    room = window.screen().availableSize()
    if room.width() < window.width() + _FRAME or room.height() < window.height() + _FRAME:
        window.setWindowState(Qt.WindowState.WindowMaximized)


def geometry_text(window: QWidget) -> str:
    """Where a window is, in base64."""
    return bytes(window.saveGeometry().toBase64().data()).decode()
