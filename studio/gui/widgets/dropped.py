"""What a drop brings."""

import re
from pathlib import Path

from PySide6.QtGui import QDropEvent, QImage

from studio.gui.state.clipboard import PASTED, brings_picture, local_files


def dropped_pictures(event: QDropEvent) -> list[Path] | QImage | None:
    """What a drop brings: files, or a picture without a file; None: nothing of use.

    What is dragged within the window is a picture: its file goes when the window closes, and is
    meant for other programs.
    """
    data = event.mimeData()
    if not brings_picture(data):
        return None
    paths = local_files(data)
    if data.hasImage() and (event.source() or not paths):
        return QImage(data.imageData())
    return paths or None


def dropped_name(event: QDropEvent) -> str:
    """What to call a picture that a drop brings: as its file, but for the number, or as pasted."""
    files = local_files(event.mimeData())
    return re.sub(r"-\d+$", "", files[0].stem) if files else PASTED
