"""The window: where everything lies, and nothing of what it does."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QImage,
    QKeyEvent,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QMainWindow

from studio.gui.shell.middle import Middle
from studio.gui.state.clipboard import brings_picture
from studio.gui.state.messages import Messages
from studio.gui.state.tools import Tool
from studio.gui.theme.palette import DARK, apply_theme, theme_for
from studio.gui.widgets.columns import Places
from studio.gui.widgets.dropped import dropped_name, dropped_pictures
from studio.gui.widgets.tab_order import put_behind

if TYPE_CHECKING:  # not needed before the first paint
    from studio.gui.widgets.page import Page


class Window(QMainWindow):
    """Lays the widgets out and tells what a person does with the window itself.

    It is painted first with the invitation alone, and then `furnish` puts in the rest.

    Signals:
        painted: the window was painted for the first time.
        dropped: (paths) of photos.
        dropped_image: (image, name) that came without a file, as from a browser.
        page_left: the person wants the picture back.
        closing: the window is about to close.
        ending: the program ends, and nobody can be asked.
    """

    painted = Signal()
    dropped = Signal(object)
    dropped_image = Signal(object, str)
    closing = Signal(object)
    ending = Signal()
    page_left = Signal()

    def __init__(self, messages: Messages) -> None:
        super().__init__()
        self.setWindowTitle("Studio")
        self.setAcceptDrops(True)
        self.theme = DARK
        self._palette = "dark"
        self._first_paint = True
        self._furnished = False
        self._photo = ""
        self._saveable = self._local = False
        self._page: Page | None = None
        self._pages: list[Page] = []
        self._said = messages
        self._middle = Middle()
        self.start = self._middle.start
        self._places = Places(self._middle)
        self.setCentralWidget(self._places)
        self.resize(1280, 800)
        self.setMinimumSize(800, 520)

    def choose_palette(self, preference: str) -> None:
        """Takes the colours of ``dark``, ``light`` or ``system``."""
        self._palette, self.theme = preference, theme_for(preference)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, self.theme)
        if self._furnished:
            self._dress()

    def show_first(self, path: Path, photo: QImage, size: tuple[int, int]) -> None:
        """Shows a photo before anything else is there.

        Args:
            path: of the photo.
            photo: reduced, or a draft.
            size: (width, height) of the photo in px.
        """
        self.canvas = self._middle.hang()
        self.canvas.set_theme(self.theme)
        self.canvas.show_picture(path, photo, QImage(), size)
        self._photo = path.name
        self._show_title(path.name)
        self._middle.show_page(None, photo=True)
        self.canvas.setFocus()
        self.canvas.repaint()

    def furnish(self) -> None:
        """Puts in all that an empty window does not show, and the icons, which load slowly."""
        from studio.gui.theme.focus_ring import FocusRing

        self._furnished = True
        self._ring = FocusRing(self)
        middle = self._middle
        if not self._photo:
            self.canvas = middle.hang()
        middle.furnish(self._said)
        self._put_in()
        self.messages, self.mask_bar = middle.messages, middle.mask_bar
        self.scrubber, self.filmstrip = middle.scrubber, middle.filmstrip
        self._connect()
        self._dress()
        self._show_middle()

    def _put_in(self) -> None:
        """Puts what a person acts with where the first paint has kept room for it."""
        from studio.gui.shell.actions import make_actions
        from studio.gui.shell.rail import Rail
        from studio.gui.shell.status_line import StatusLine
        from studio.gui.shell.top_bar import TopBar
        from studio.gui.widgets.panel import Panel

        self.actions_ = make_actions(self)
        self.addActions(self.actions_.all())
        self.top_bar, self.rail = TopBar(self.actions_), Rail()
        self.panel, self.status = Panel(), StatusLine()
        self._places.fill(self.top_bar, self.rail, self.panel, self.status)
        put_behind(self.top_bar.more, self._middle)  # which was there before

    def _dress(self) -> None:
        self._ring.theme = self.theme
        getattr(self.actions_, self._palette).setChecked(True)
        self.actions_.dress(self.theme)
        self._middle.set_theme(self.theme)
        self.panel.set_theme(self.theme)
        for widget in (self.top_bar, self.rail, self.panel, *self._pages):
            widget.dress(self.theme)

    def show_tools(self, tools: Sequence[Tool], current: str) -> None:
        """Shows a button for each tool; `current` is the model of the chosen one."""
        self.rail.show_tools(tools, current)
        self.rail.dress(self.theme)
        put_behind(self.top_bar.more, self.rail)

    def show_photo(self, name: str) -> None:
        """Turns from the invitation to the picture, or back if the name is empty."""
        self.top_bar.original.let_go()
        self._photo = name
        focused = self.focusWidget()  # before the page goes, and its focus with it
        self._show_middle()
        if name and (not focused or self.start.isAncestorOf(focused)):
            self.canvas.setFocus()

    def allow(self, *, saving: bool, loupe: bool) -> None:
        """Says whether the photo can be saved, and parts of its result be shown in full size."""
        self._saveable, self._local = saving, loupe
        self._show_middle()

    def offer_loupe(self, offered: bool) -> None:
        """Shows the loupe's button where some weights can use it."""
        self.top_bar.loupe.setVisible(offered)
        for action in (self.actions_.loupe, self.actions_.loupe_double):
            action.setVisible(offered)

    @property
    def page(self) -> "Page | None":
        """The page that is shown in the place of the picture."""
        return self._page

    def show_page(self, page: "Page", title: str) -> None:
        """Shows a page in the place of picture and filmstrip."""
        page.setWindowTitle(title)
        if page not in self._pages:
            self._pages.append(page)
            page.saveable_changed.connect(self._show_middle)
            page.dress(self.theme)
        self._page = page
        self.panel.show_side(page.side)
        self._show_middle()
        put_behind(self.top_bar.more, self.rail, page)

    def leave_page(self) -> None:
        """Goes back to the picture."""
        if self._page is not None:
            self._page = None
            self.panel.show_side(None)
            self._show_middle()
            self._middle.take_focus()

    def _show_middle(self) -> None:
        """Makes the middle, the title and the actions fit together."""
        title = self._photo if self._page is None else self._page.windowTitle()
        self._middle.show_page(self._page, photo=bool(self._photo))
        self._show_title(title)
        self.top_bar.name.setText(title)
        seen, actions = bool(self._photo) and self._page is None, self.actions_
        for action in actions.of_photo():
            action.setEnabled(seen)
        tool = self._page if self._page is not None and self._page.is_tool else None
        saveable = tool.saveable if tool is not None else seen and self._saveable
        for action in (actions.save, actions.copy):
            action.setEnabled(saveable)
        for action in (actions.loupe, actions.loupe_double):
            action.setEnabled(seen and self._local)
        if not (self._photo and self._local):
            actions.loupe.setChecked(False)
        for button in (self.top_bar.original, self.top_bar.zoom):
            button.setEnabled(seen)

    def _show_title(self, title: str) -> None:
        self.setWindowTitle(f"{title} – Studio" if title else "Studio")

    def _connect(self) -> None:
        from studio.gui.shell.looking import connect_looking

        actions, canvas = self.actions_, self.canvas
        for begun in (self.rail.chosen, *(each.triggered for each in actions.of_look())):
            begun.connect(self.panel.finish)  # before anyone else hears of it
        self.panel.focus_lost.connect(self._middle.take_focus)
        connect_looking(actions, canvas)
        self.start.open.clicked.connect(actions.open.trigger)
        actions.quit.triggered.connect(self.close)
        self.top_bar.original.wanted.connect(canvas.show_original)
        actions.full_screen.toggled.connect(self._fill_screen)
        canvas.view_changed.connect(self._show_zoom)

    def _fill_screen(self, full: bool) -> None:
        state, whole = self.windowState(), Qt.WindowState.WindowFullScreen
        self.setWindowState(state | whole if full else state & ~whole)

    def _show_zoom(self) -> None:
        if self._photo:  # of nothing there is no size
            self.top_bar.show_zoom(self.canvas.view.scale)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._first_paint:
            self._first_paint = False
            QTimer.singleShot(0, self.painted.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._furnished:
            return
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Backslash):
            self.canvas.show_original(True)
        elif event.key() == Qt.Key.Key_Escape:
            if self._said.shown is not None:
                self._said.dismiss()
            elif not self._leave_mode():
                self.status.escape()
        else:
            super().keyPressEvent(event)

    def _leave_mode(self) -> bool:
        """Leaves a page about the photo, the brush or the loupe; says whether one was in use."""
        if self._page is not None:
            leaves = not self._page.is_tool
            if leaves:
                self.page_left.emit()
            return leaves
        actions = self.actions_
        modes = (actions.brush, actions.loupe, actions.beside, actions.full_screen)
        mode = next((mode for mode in modes if mode.isChecked()), None)
        if mode is not None:
            mode.setChecked(False)
        return mode is not None

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        original = event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Backslash)
        if self._furnished and original and not event.isAutoRepeat():
            self.canvas.show_original(self.top_bar.original.isChecked())
        else:
            super().keyReleaseEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if brings_picture(event.mimeData()):
            event.acceptProposedAction()
            self.start.invite(on=True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.start.invite(on=False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.start.invite(on=False)
        pictures = dropped_pictures(event)
        event.acceptProposedAction()
        if isinstance(pictures, QImage):
            self.dropped_image.emit(pictures, dropped_name(event))
        elif pictures is not None:
            self.dropped.emit(pictures)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.closing.emit(event)
