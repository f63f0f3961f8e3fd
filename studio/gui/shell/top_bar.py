"""The slim bar on top: open, save, undo, redo, zoom, compare, loupe."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

from studio.core.words.tongue import tr
from studio.gui.shell.actions import Actions
from studio.gui.theme.hover import give_menu
from studio.gui.theme.icons import icon
from studio.gui.theme.palette import Theme
from studio.gui.widgets.original_button import OriginalButton

_BUTTON = 32  # px
_ROOMY = 1100  # px, width from which brush and loupe have words
_NARROW = 900  # px, width below which before and after have none either
_ICON = QSize(20, 20)


class TopBar(QFrame):
    """The buttons of the window's actions, and the photo's name between them."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("top-bar")
        self.name = QLabel()
        self.name.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.original = OriginalButton()
        _shape(self.original)
        self.zoom = _button(tr("Fit"))
        self.zoom.setAccessibleName(tr("Zoom"))
        self.zoom.setToolTip(tr("Zoom: device px for a px of the full-size picture"))
        self.zoom.setFixedWidth(64)
        self.zoom.setEnabled(False)
        self.zoom.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        give_menu(self.zoom, self._zoom_menu(actions))
        self.more = _button("")
        self.more.setAccessibleName(tr("More"))
        self.more.setToolTip(tr("More"))
        self.brush = _of(actions.brush, words=True)
        self.brush.hide()
        self.compare = _of(actions.compare, words=True)
        self.loupe = _of(actions.loupe, words=True)
        self.loupe.hide()
        self.recent = QMenu(tr("Open recent"), self)
        self.recent.setToolTipsVisible(True)
        self.use = QMenu(tr("Use in"), self)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        give_menu(self.more, self._more_menu(actions))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 0, 8, 0)
        layout.setSpacing(4)
        for widget in (
            _of(actions.open, words=True), _of(actions.save, words=True), _gap(),
            _of(actions.undo), _of(actions.redo),
        ):  # fmt: skip
            layout.addWidget(widget)
        layout.addWidget(self.name, 1)
        for widget in (
            _of(actions.zoom_out), self.zoom, _of(actions.zoom_in), _gap(),
            self.brush, self.original, self.compare, self.loupe, _gap(), self.more,
        ):  # fmt: skip
            layout.addWidget(widget)

    def dress(self, theme: Theme) -> None:
        """Gives the buttons without an action their icons."""
        self.original.setIcon(icon("eye", theme))
        self.more.setIcon(icon("dots-three-vertical", theme))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        style = Qt.ToolButtonStyle
        for button, least in (
            (self.brush, _ROOMY), (self.loupe, _ROOMY),
            (self.original, _NARROW), (self.compare, _NARROW),
        ):  # fmt: skip
            roomy = self.width() >= least
            words = style.ToolButtonTextBesideIcon if roomy else style.ToolButtonIconOnly
            button.setToolButtonStyle(words)

    def show_zoom(self, zoom: float) -> None:
        """Shows the zoom, device px a picture px."""
        self.zoom.setText(f"{100 * zoom:.0f} %")
        self.zoom.setAccessibleDescription(self.zoom.text())

    def _zoom_menu(self, actions: Actions) -> QMenu:
        menu = QMenu(self)
        menu.addActions([actions.fit, actions.full, actions.double])
        menu.addSeparator()
        menu.addActions([actions.zoom_in, actions.zoom_out])
        menu.addSeparator()
        menu.addActions([actions.loupe, actions.loupe_double])
        return menu

    def _more_menu(self, actions: Actions) -> QMenu:
        menu = QMenu(self)
        menu.addMenu(self.recent)
        menu.addActions([actions.copy, actions.paste, actions.save_all])
        menu.addMenu(self.use)
        menu.addActions([actions.close_photo, actions.reopen])
        menu.addSeparator()
        menu.addActions(
            [
                actions.select_all, actions.copy_settings, actions.paste_settings,
                actions.synchronise,
            ]
        )  # fmt: skip
        menu.addSeparator()
        menu.addActions([actions.previous, actions.next])
        menu.addSeparator()
        menu.addActions([actions.compare, actions.beside, actions.overlay])
        menu.addActions([actions.filmstrip, actions.full_screen])
        look = menu.addMenu(tr("Appearance"))
        look.addActions([actions.system, actions.dark, actions.light])
        menu.addSeparator()
        menu.addActions([actions.about, actions.models, actions.settings, actions.shortcuts])
        menu.addAction(actions.quit)
        return menu


def _button(words: str) -> QToolButton:
    button = QToolButton()
    button.setText(words)
    _shape(button)
    return button


def _shape(button: QToolButton) -> None:
    button.setIconSize(_ICON)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFixedHeight(_BUTTON)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)


def _of(action: QAction, *, words: bool = False) -> QToolButton:
    button = _button("")
    button.setDefaultAction(action)
    button.setAccessibleName(action.text().rstrip("…"))
    if not words:
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setFixedWidth(_BUTTON + 4)
    return button


def _gap() -> QWidget:
    gap = QWidget()
    gap.setFixedWidth(8)
    return gap
