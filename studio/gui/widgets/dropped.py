"""What is dropped or pasted."""

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QDropEvent, QImage


def local_files(data: QMimeData) -> list[Path]:
    """The files of this machine among what is dropped or pasted."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def dropped_pictures(event: QDropEvent) -> list[Path] | QImage | None:
    """What a drop brings: files, or a picture without a file; None: nothing of use.

    What is dragged within the window is a picture: its file goes when the window closes, and is
    meant for other programs.
    """
    data = event.mimeData()
    paths = local_files(data)
    if data.hasImage() and (event.source() or not paths):
        return QImage(data.imageData())
    return paths or None
