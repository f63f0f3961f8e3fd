"""Dialogs for opening, and what they show: every file that the program reads."""

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from studio.core import videos
from studio.core.formats.suffixes import READABLE
from studio.core.words.tongue import tr


def ask_for_file(
    parent: QWidget, title: str, folder: str, filter_: str, then: Callable[[Path], None]
) -> None:
    """Asks for one file that is there, beginning in a folder; calls `then` with it."""
    dialog = QFileDialog(parent, title, folder, filter_)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.setOption(QFileDialog.Option.HideNameFilterDetails)  # sixty endings say nothing
    dialog.fileSelected.connect(lambda name: then(Path(name)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()


def picture_filter() -> str:
    """For a picture."""
    return tr("Pictures ({patterns});;All files (*)", patterns=_patterns(READABLE))


def photo_filter() -> str:
    """For photos, and videos among them."""
    pictures, films = _patterns(READABLE), _patterns(videos.READABLE)
    return tr(
        "Pictures and videos ({pictures} {films});;Pictures ({pictures});;Videos ({films});;"
        "All files (*)",
        pictures=pictures,
        films=films,
    )


def _patterns(suffixes: Iterable[str]) -> str:
    return " ".join(f"*{suffix}" for suffix in sorted(suffixes))
