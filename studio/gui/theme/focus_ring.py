"""The ring around what has the focus: seen once a key has moved it, gone with the next click."""

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QWindow
from PySide6.QtWidgets import QAbstractItemView, QApplication, QSlider, QWidget
from shiboken6 import isValid

from studio.gui.theme.palette import DARK, Theme

_WIDTH, _GAP, _ROUND = 2, 1, 4  # px
_Key, _Type = Qt.Key, QEvent.Type
_KEYS = {_Key.Key_Tab, _Key.Key_Backtab, _Key.Key_Left, _Key.Key_Right, _Key.Key_Up, _Key.Key_Down}
_CLICKS = {_Type.MouseButtonPress, _Type.TouchBegin, _Type.TabletPress}
_MOVES = {_Type.Move, _Type.Resize, _Type.Show, _Type.Hide, _Type.Paint}


class FocusRing(QObject):
    """Lies in whatever window has the focus, above all else.

    Attributes:
        theme: has its colour.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.theme: Theme = DARK
        self._keyed = False
        self._window: QWindow | None = None
        self._watched: list[QWidget] = []
        self._ring: _Ring | None = None
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusWindowChanged.connect(self._turn_to)
            app.focusChanged.connect(self._follow)
            self._turn_to(app.focusWindow())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if watched is not self._window:
            if kind in _MOVES:
                self._lay()
        elif isinstance(event, QKeyEvent) and kind is _Type.KeyPress:
            if event.key() in _KEYS:
                self._show(on=True)
        elif kind in _CLICKS:
            self._show(on=False)
        return False

    def _show(self, *, on: bool) -> None:
        if on != self._keyed:
            self._keyed = on
            self._follow()

    def _turn_to(self, window: QWindow | None) -> None:
        if self._window is not None and isValid(self._window):
            self._window.removeEventFilter(self)
        self._window = window
        if window is not None:
            window.installEventFilter(self)

    def _follow(self) -> None:
        """Watches what has the focus and what it lies in, for any of these may move."""
        for widget in filter(isValid, self._watched):
            widget.removeEventFilter(self)
        self._watched = []
        widget = QApplication.focusWidget() if self._keyed else None
        while widget is not None and not widget.isWindow():
            self._watched.append(widget)
            widget = widget.parentWidget()
        if self._watched and isinstance(self._watched[0], QAbstractItemView):
            self._watched.append(self._watched[0].viewport())  # painted anew as an item moves
        for widget in self._watched:
            widget.installEventFilter(self)
        self._lay()

    def _lay(self) -> None:
        focused = self._watched[0] if self._watched and isValid(self._watched[0]) else None
        top = None if focused is None else focused.window()
        if self._ring is not None and isValid(self._ring) and self._ring.parent() is not top:
            self._ring.deleteLater()
            self._ring.hide()
            self._ring = None
        if focused is None or top is None:
            return
        if self._ring is None or not isValid(self._ring):
            self._ring = _Ring(top)
        self._ring.lie(_seen(focused), self.theme.accent)


class _Ring(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("focus-ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._colour = ""

    def lie(self, seen: QRect, colour: str) -> None:
        """Goes around a part of the window."""
        self._colour = colour
        by = _GAP + _WIDTH
        self.setGeometry(seen.adjusted(-by, -by, by, by) & self.window().rect())
        self.setVisible(not seen.isEmpty())
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._colour), _WIDTH))
        inset = _WIDTH // 2
        painter.drawRoundedRect(self.rect().adjusted(inset, inset, -inset, -inset), _ROUND, _ROUND)


def _seen(focused: QWidget) -> QRect:
    """What is seen of a widget, or of a list's item that a key would act on, in its window."""
    where, rect = focused, focused.rect()
    if isinstance(focused, QSlider):  # whose words lie close to it
        rect = rect.adjusted(0, _GAP + _WIDTH, 0, -_GAP - _WIDTH)
    if isinstance(focused, QAbstractItemView) and focused.currentIndex().isValid():
        where = focused.viewport()
        rect = focused.visualRect(focused.currentIndex())
    seen = rect & where.visibleRegion().boundingRect()
    return QRect(where.mapTo(where.window(), seen.topLeft()), seen.size())
