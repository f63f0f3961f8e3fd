"""What the system's own programs are asked for."""

from pathlib import Path


def open_path(path: Path) -> bool:
    """Shows a file or folder; says whether there is a program for it."""
    from PySide6.QtCore import QUrl  # not needed before the first paint
    from PySide6.QtGui import QDesktopServices

    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
