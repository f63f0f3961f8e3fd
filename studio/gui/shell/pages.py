"""Puts the page of the place into the middle of the window."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer

from studio.core.words.tongue import tr
from studio.gui.shell.window import Window
from studio.gui.state.place import PICTURE, Place
from studio.gui.widgets.page import Page

_AHEAD_MS = 1500  # between two pages that are made ahead


@dataclass(frozen=True)
class _Entry:
    title: str
    page: Callable[[], Page]


class Pages(QObject):
    """Made before the tools, which find their page shown when they hear of it."""

    def __init__(self, window: Window, place: Place) -> None:
        super().__init__(window)
        self._window, self._place = window, place
        self._entries: dict[str, _Entry] = {}
        place.changed.connect(self._show)
        place.size_changed.connect(lambda: window.status.show_size(place.size, place.detail))
        window.page_left.connect(place.leave)

    def add(self, name: str, title: str, page: Callable[[], Page]) -> None:
        """Says what to show for a place's page; it is made when it is first shown."""
        self._entries[name] = _Entry(title, page)

    def make_ahead(self, names: Iterable[str]) -> None:
        """Makes pages before they are shown, by and by, so that they then come at once."""
        for turn, name in enumerate(names, 1):
            QTimer.singleShot(turn * _AHEAD_MS, self, self._entries[name].page)

    def _show(self) -> None:
        if self._place.page == PICTURE:
            self._window.leave_page()
            return
        entry = self._entries[self._place.page]
        page = entry.page()
        self._window.show_page(page, tr(entry.title))
        page.take_focus()
