"""Asks for a name."""

from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.core.words.tongue import tr


class NameDialog(QDialog):
    """A field, *Save* and *Cancel*.

    Args:
        title: of the window.
        name: to begin with.
    """

    def __init__(self, title: str, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(360)
        self.name = QLineEdit(name)
        self.name.setObjectName("field")
        self.name.selectAll()
        self.save = QPushButton(tr("Save"))
        self.save.setObjectName("primary")
        self.save.setDefault(True)
        self.save.clicked.connect(self.accept)
        cancel = QPushButton(tr("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        self.name.textChanged.connect(self._check)
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.addRow(tr("&Name"), self.name)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(24)
        layout.addLayout(form)
        layout.addLayout(buttons)
        self._check()

    def _check(self) -> None:
        self.save.setEnabled(bool(self.name.text().strip()))
