"""What the system's own programs are asked for."""

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices


def open_path(path: Path) -> None:
    """Shows a file or folder."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
