"""A field for a folder: typed, browsed for, or dropped on it."""

from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QFileInfo, QMimeData, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from studio.core.words.tongue import tr


class FolderField(QWidget):
    """Holds the path of a folder.

    Args:
        label: what the folder is for.

    Signals:
        changed: the path is another.
    """

    changed = Signal()

    def __init__(self, label: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label = label
        self.setAcceptDrops(True)
        self.line = QLineEdit()
        self.line.setObjectName("field")
        self.line.setAccessibleName(label)
        self.line.setPlaceholderText(tr("Choose a folder, or drop one here"))
        self.line.setAcceptDrops(False)  # else it would take the folder's address as text
        self.browse = QPushButton(tr("Browse…"))
        self.browse.setAccessibleName(tr("Browse for: {label}", label=label))
        self.setFocusProxy(self.line)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.browse)
        self.line.textChanged.connect(lambda _: self.changed.emit())
        self.browse.clicked.connect(self._browse)

    @property
    def path(self) -> Path | None:
        """The folder; None where nothing is given."""
        text = self.line.text().strip()
        return typed_folder(text) if text else None

    def show_path(self, path: str) -> None:
        """Shows a path."""
        self.line.setText(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_folder(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        folder = dropped_folder(event.mimeData())
        if folder is not None:
            self.show_path(str(folder))
            event.acceptProposedAction()

    def _browse(self) -> None:
        dialog = QFileDialog(self.window(), self._label, self.line.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self.show_path)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def typed_folder(text: str) -> Path:
    """The folder that somebody typed, or is still typing: ``~nobody`` is one, too."""
    path = Path(text)
    with suppress(RuntimeError):  # what Python says where there is no such person
        path = path.expanduser()
    return path.absolute()


def dropped_folder(data: QMimeData) -> Path | None:
    """The folder that is held over a widget; of a file, the one that it lies in."""
    for url in data.urls():
        if url.isLocalFile():
            path = Path(url.toLocalFile())
            return path if QFileInfo(str(path)).isDir() else path.parent
    return None
