"""What is on the clipboard, or in what is dropped."""

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication, QImage

from studio.core.words.said import say

NOTHING = say("There is no picture on the clipboard.")
PASTED = "pasted"
"""Name of a picture that has none."""
RESULT = "application/x-studio-result"
"""Marks what is dragged of the photos that are open: its files go when the window closes."""


def local_files(data: QMimeData) -> list[Path]:
    """The files of this machine."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def brings_picture(data: QMimeData) -> bool:
    """Whether a drag brings pictures that are not open here."""
    return not data.hasFormat(RESULT) and (bool(local_files(data)) or data.hasImage())


def pasted() -> list[Path] | QImage | None:
    """Files, or a picture without a file; None: nothing of use."""
    data = QGuiApplication.clipboard().mimeData()
    paths = local_files(data)
    if paths:
        return paths
    return QImage(data.imageData()) if data.hasImage() else None
