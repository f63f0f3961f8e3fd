"""The page of the weights: a list, and what there is to know of the one that is chosen."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from studio.core.words.tongue import tr
from studio.gui.models.card import ModelCard
from studio.gui.models.model_list import ModelList
from studio.gui.state.clipboard import local_files
from studio.gui.theme.icons import icon
from studio.gui.theme.palette import Theme
from studio.gui.widgets.buttons import ButtonRow, raised_button
from studio.gui.widgets.page import Page

_LIST = 220  # px
_WIDEST = 640  # px of a card; longer lines read badly
_EDGE = 24  # px at the left and the right


class ModelsPage(Page):
    """Lays out; what is wanted is told by the parts' own signals.

    Signals:
        dropped: (paths) of weights to import.
    """

    dropped = Signal(object)
    kept_free = _EDGE + _LIST

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self.back = QToolButton()
        self.back.setText(tr("Back"))
        self.back.setToolTip(tr("Back to the picture (Esc)"))
        self.back.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.back.clicked.connect(self.left)
        self.bring = raised_button(
            tr("Import…"), tr("Bring in a weights file, or drop one on this page")
        )
        self.list = ModelList()
        self.card = ModelCard()
        self.show_folder = raised_button(tr("Show in folder"), tr("Show where its file lies"))
        self.remove = raised_button(tr("Remove…"), tr("Move it to the bin"))
        self.stays = QLabel(tr("It came with the studio, and stays."))
        self.stays.setObjectName("dim")
        self.stays.setWordWrap(True)
        self._below = QWidget()
        self._lay_out()

    def allow_removal(self, *, own: bool) -> None:
        """Says whether what is shown can be taken away."""
        self.remove.setEnabled(own)
        self.stays.setVisible(not own)

    def show_none(self, none: bool) -> None:
        """Hides what is about one of the weights while there are none."""
        for widget in (self.card, self._below):
            widget.setHidden(none)

    def take_focus(self) -> None:
        self.list.setFocus()

    def dress(self, theme: Theme) -> None:
        buttons = {
            self.back: "arrow-left", self.bring: "plus", self.show_folder: "folder-open",
            self.remove: "trash",
        }  # fmt: skip
        for button, name in buttons.items():
            button.setIcon(icon(name, theme))
        self.list.set_theme(theme)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.dropped.emit(local_files(event.mimeData()))

    def _lay_out(self) -> None:
        title = QLabel(tr("Models"))
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.4)
        title.setFont(font)
        self.list.setFixedWidth(_LIST)
        self.card.setMaximumWidth(_WIDEST)
        self._below.setMaximumWidth(_WIDEST)
        below = QVBoxLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(8)
        below.addWidget(self.stays)
        below.addWidget(ButtonRow(self.show_folder, self.remove, centred=False))
        right = QVBoxLayout()
        right.setSpacing(16)
        right.addWidget(self.card, 1)
        right.addWidget(self._below)
        across = _across([self.list])
        across.setSpacing(24)
        across.addLayout(right, 1)
        head = _across([self.back, title])
        head.setSpacing(16)
        head.addStretch()
        head.addWidget(self.bring)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_EDGE, 16, _EDGE, 16)
        layout.setSpacing(16)
        layout.addLayout(head)
        layout.addLayout(across, 1)


def _across(widgets: Iterable[QWidget]) -> QHBoxLayout:
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(8)
    for widget in widgets:
        layout.addWidget(widget)
    return layout
