"""The middle of the window: messages, the picture with what belongs to it, the filmstrip."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from studio.gui.photo.start_page import StartPage
from studio.gui.state.messages import Messages
from studio.gui.widgets.columns import column

if TYPE_CHECKING:  # not needed before the first paint
    from studio.gui.mask.bar import MaskBar
    from studio.gui.photo.filmstrip import Filmstrip
    from studio.gui.photo.scrub_bar import ScrubBar
    from studio.gui.shell.message_bar import MessageBar
    from studio.gui.theme.palette import Theme
    from studio.gui.widgets.page import Page
    from studio.gui.widgets.picture.canvas import Canvas


_MARGIN = 12  # px around messages
_MESSAGE = 720  # px, the widest
_HEAD = 48  # px, the row above on every page: the way back, or tools


class Middle(QWidget):
    """At first the start page alone: all else is put in by `hang` and `furnish`."""

    messages: "MessageBar"
    mask_bar: "MaskBar"
    canvas: "Canvas"
    scrubber: "ScrubBar"
    filmstrip: "Filmstrip"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.start = StartPage()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.start)
        self._column = column(self._stack)
        self._column.setStretchFactor(self._stack, 1)
        self.setLayout(self._column)
        self._furnished = False
        self._page: Page | None = None

    def hang(self) -> "Canvas":
        """Puts in the picture alone."""
        from studio.gui.widgets.picture.canvas import Canvas

        self.canvas = Canvas()
        self._stack.addWidget(self.canvas)
        return self.canvas

    def furnish(self, messages: Messages) -> None:
        """Puts in what an empty window does not show, but for the picture."""
        from studio.gui.mask.bar import MaskBar
        from studio.gui.photo.filmstrip import Filmstrip
        from studio.gui.photo.scrub_bar import ScrubBar
        from studio.gui.shell.message_bar import MessageBar

        self.messages, self.mask_bar = MessageBar(messages), MaskBar()
        self.scrubber, self.filmstrip = ScrubBar(), Filmstrip()
        self._furnished = True
        for widget in (self.mask_bar, self.scrubber, self.filmstrip):
            widget.hide()
        self._column.insertWidget(0, self.mask_bar)
        self.messages.setParent(self)
        self.messages.resized.connect(self._float)
        self.mask_bar.installEventFilter(self)
        self._column.addWidget(self.scrubber)
        self._column.addWidget(self.filmstrip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._furnished:
            self._float()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._float()
        return super().eventFilter(watched, event)

    def _float(self) -> None:
        """Messages lie over the middle, and push nothing; that row and a list stay free."""
        left = 0 if self._page is None else self._page.kept_free
        width = min(self.width() - left - 2 * _MARGIN, _MESSAGE)
        height = self.messages.heightForWidth(width)
        top = _MARGIN + (0 if self.mask_bar.isHidden() else self.mask_bar.height())
        if self._page is not None:
            top += _HEAD
        self.messages.setGeometry((left + self.width() - width) // 2, top, width, height)
        self.messages.raise_()

    def set_theme(self, theme: "Theme") -> None:
        """Paints in other colours, and gives the buttons their icons."""
        for widget in (self.canvas, self.filmstrip, self.messages):
            widget.set_theme(theme)
        for widget in (self.mask_bar, self.scrubber, self.start):
            widget.dress(theme)

    def show_page(self, page: "Page | None", *, photo: bool) -> None:
        """Shows a page in the place of the picture, else the photo if there is one."""
        if page is not None and self._stack.indexOf(page) < 0:
            self._stack.addWidget(page)
        self._page = page
        self._stack.setCurrentWidget(page or (self.canvas if photo else self.start))
        if self._furnished:
            self._float()

    def take_focus(self) -> None:
        """Has keys act on what is shown."""
        if self._page is not None:
            self._page.take_focus()
        elif self._stack.currentWidget() is self.start:
            self.start.open.setFocus()
        else:
            self.canvas.setFocus()
