"""What the system's own programs are asked for."""

from pathlib import Path


def open_path(path: Path) -> None:
    """Shows a file or folder."""
    from PySide6.QtCore import QUrl  # not needed before the first paint
    from PySide6.QtGui import QDesktopServices

    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
