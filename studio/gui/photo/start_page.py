"""What is shown while no photo is open: how to bring one in, and what there is to begin with."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.core.words.tongue import tr
from studio.gui.state.tools import Tool, tool_of
from studio.gui.theme.palette import DARK, Theme
from studio.gui.theme.restyle import restyle
from studio.gui.widgets.labels import bold_label

if TYPE_CHECKING:  # not needed before the first paint
    from studio.gui.photo.picture_row import PictureRow

_MOST_OFFERS = 3
_WIDTH = 640  # px, the widest
_MARGIN = 16
_AROUND_WORDS = 96  # px, of margins, the scroll bar, and a button's icon and padding


class StartPage(QFrame):
    """Before the first paint no more than the invitation; what else there is comes below it.

    Signals:
        chosen: (row) of what was offered to be opened again.
        opened: (path as str) of a photo.
        tool_chosen: (model's id).
    """

    chosen = Signal(int)
    opened = Signal(str)
    tool_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("start")
        self._theme = DARK
        self._dressed = False
        self._picture = QLabel()
        self._picture.setFixedHeight(48)
        words = QLabel(tr("Drop a photo here"))
        font = words.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        words.setFont(font)
        self.open = QPushButton(tr("Open a photo…"))
        self.open.setObjectName("primary")
        self.open.setMinimumHeight(36)
        paste = QKeySequence(QKeySequence.StandardKey.Paste)
        key = paste.toString(QKeySequence.SequenceFormat.NativeText)
        also = QLabel(tr("or paste one with {key}", key=key))
        also.setObjectName("dim")
        inside = QWidget()
        inside.setMaximumWidth(_WIDTH + 2 * _MARGIN)
        self._layout = QVBoxLayout(inside)
        self._layout.setContentsMargins(_MARGIN, 12, _MARGIN, 8)
        self._layout.setSpacing(8)
        self.offers = [QPushButton() for _ in range(_MOST_OFFERS)]
        self._offered: Sequence[str] = ()
        for row, offer in enumerate(self.offers):
            offer.setFlat(True)
            offer.hide()
            offer.clicked.connect(lambda _=False, row=row: self.chosen.emit(row))
        how = QHBoxLayout()
        how.setSpacing(12)
        how.addWidget(self.open)
        how.addWidget(also)
        for widget in (self._picture, words):
            self._layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        self._layout.addLayout(how)
        self._layout.setAlignment(how, Qt.AlignmentFlag.AlignHCenter)
        for widget in self.offers:
            self._layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        self._layout.addStretch(1)
        self.rows: dict[str, PictureRow] = {}
        self.tools: dict[str, QToolButton] = {}
        self._tools: QWidget | None = None
        _scroll(self, inside)

    def offer(self, words: Sequence[str]) -> None:
        """Offers to open again what was open, the first of it above."""
        self._offered = words
        self._picture.setVisible(not words)  # which take its room
        for row, button in enumerate(self.offers):
            button.setVisible(row < len(words))
            button.setToolTip(words[row] if row < len(words) else "")
        self._fit_offers()

    def show_pictures(self, title: str, pictures: Sequence[tuple[str, str]]) -> list[str]:
        """Shows the (path, name) of each in a row under a title; without any there is no row.

        Returns:
            The paths that need a picture.
        """
        row = self.rows.get(title)
        if row is None:
            if not pictures:
                return []
            from studio.gui.photo.picture_row import PictureRow

            row = self.rows[title] = PictureRow(title, self._theme)
            row.picked.connect(self.opened)
            self._layout.insertWidget(self._end(), row)
        return row.show_pictures(pictures)

    def show_tools(self, tools: Sequence[Tool]) -> None:
        """Shows what each tool is for, in a line."""
        if self._tools is not None:
            self._tools.deleteLater()
        self._tools = QWidget()
        grid = QGridLayout(self._tools)
        grid.setContentsMargins(0, 8, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(bold_label(tr("Tools")), 0, 0, 1, 2)
        self.tools = {tool.model: self._tool(tool) for tool in tools}
        for line, tool in enumerate(tools, 1):
            does = QLabel(tool.does)
            does.setObjectName("dim")
            does.setWordWrap(True)
            grid.addWidget(self.tools[tool.model], line, 0)
            grid.addWidget(does, line, 1)
        self._layout.insertWidget(self._layout.count() - 1, self._tools)
        if self._dressed:
            self.dress(self._theme)

    def dress(self, theme: Theme) -> None:
        """Gives the page its icons."""
        from studio.gui.theme.icons import accent_icon, coloured_icon, icon

        self._theme, self._dressed = theme, True
        self._picture.setPixmap(coloured_icon("image", theme.dim).pixmap(48, 48))
        self.open.setIcon(accent_icon("folder-open", theme))
        for offer in self.offers:
            offer.setIcon(icon("clock-counter-clockwise", theme))
        for model, button in self.tools.items():
            button.setIcon(icon(tool_of(model).icon, theme))
        for row in self.rows.values():
            row.set_theme(theme)

    def invite(self, *, on: bool) -> None:
        """Shows that a photo held over the window may be dropped."""
        self.setProperty("inviting", on)
        restyle(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_offers()

    def _fit_offers(self) -> None:
        """Cuts words short that would not fit beside the scroll bar."""
        for words, button in zip(self._offered, self.offers, strict=False):
            room = self.width() - _AROUND_WORDS
            cut = Qt.TextElideMode.ElideRight
            button.setText(button.fontMetrics().elidedText(words, cut, room))

    def _end(self) -> int:
        """Where a further row comes: before the tools and the stretch."""
        return self._layout.count() - (1 if self._tools is None else 2)

    def _tool(self, tool: Tool) -> QToolButton:
        button = QToolButton()
        button.setText(tool.title)
        button.setAccessibleName(f"{tool.title}: {tool.does}" if tool.does else tool.title)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setIconSize(QSize(20, 20))
        button.setMinimumHeight(28)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.tool_chosen.emit(tool.model))
        return button


def _scroll(page: QFrame, inside: QWidget) -> None:
    """Lays a page out so that it is scrolled where it does not fit."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setViewport(QWidget())  # which has no background; to ask for its own costs 15 ms
    centre = QWidget()
    centre.setAutoFillBackground(False)
    across = QHBoxLayout(centre)
    across.setContentsMargins(0, 0, 0, 0)
    across.addStretch(1)
    across.addWidget(inside, 1000)  # all there is, up to its widest
    across.addStretch(1)
    area.setWidget(centre)
    whole = QVBoxLayout(page)
    whole.setContentsMargins(0, 0, 0, 0)
    whole.addWidget(area)
