"""The page of a batch: takes the place of picture and filmstrip."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.core.words.tongue import tr
from studio.gui.batch.failure_list import FailureList
from studio.gui.batch.form import BatchForm
from studio.gui.batch.progress import BatchProgress
from studio.gui.theme.icons import icon
from studio.gui.theme.palette import Theme
from studio.gui.widgets.folder_field import dropped_folder
from studio.gui.widgets.page import Page

_WIDEST = 720  # px; longer lines read badly


class BatchPage(Page):
    """Lays out summary, form, progress and failures."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.back = QToolButton()
        self.back.setText(tr("Back"))
        self.back.setToolTip(tr("Back to the picture (Esc); a batch goes on meanwhile"))
        self.back.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.look = QLabel()
        self.settings = QLabel()
        self.settings.setObjectName("dim")
        self.begun = QLabel()
        for label in (self.settings, self.begun):
            label.setWordWrap(True)
        self.form = BatchForm()
        self.progress = BatchProgress()
        self.failures = FailureList()
        self._lay_out()
        self.back.clicked.connect(self.left)

    def take_focus(self) -> None:
        (self.form.source.line if self.form.isEnabled() else self.progress.pause).setFocus()

    def dress(self, theme: Theme) -> None:
        """Gives the page its icons."""
        self.back.setIcon(icon("arrow-left", theme))

    def show_look(self, title: str, settings: str) -> None:
        """Says which model and settings are used."""
        self.look.setText(title)
        self.settings.setText(settings)

    def show_begun(self, words: str) -> None:
        """Says that a batch was begun in the folder of results; empty: there is none."""
        self.begun.setText(words)
        self.begun.setVisible(bool(words))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.form.isEnabled() and dropped_folder(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        folder = dropped_folder(event.mimeData())
        if folder is not None:
            self.form.source.show_path(str(folder))
            event.acceptProposedAction()

    def _lay_out(self) -> None:
        title = QLabel(tr("Whole folder"))
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        title.setFont(font)
        bold = self.look.font()
        bold.setBold(True)
        self.look.setFont(bold)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self.back)
        head.addWidget(title)
        head.addStretch()
        column = QWidget()
        column.setMaximumWidth(_WIDEST)
        column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        inside = QVBoxLayout(column)
        inside.setContentsMargins(24, 16, 24, 24)
        inside.setSpacing(16)
        inside.addLayout(head)
        card = QFrame()
        card.setObjectName("card")
        words = QVBoxLayout(card)
        words.setContentsMargins(16, 12, 16, 12)
        words.setSpacing(4)
        words.addWidget(self.look)
        words.addWidget(self.settings)
        for widget in (card, self.form, self.begun, self.progress):
            inside.addWidget(widget)
        inside.addWidget(self.failures, 1)
        inside.addStretch()
        middle = QWidget()
        across = QHBoxLayout(middle)
        across.setContentsMargins(0, 0, 0, 0)
        across.addStretch(1)
        across.addWidget(column, 100)
        across.addStretch(1)
        area = QScrollArea()
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it scrolls to what has the focus
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(middle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(area)
