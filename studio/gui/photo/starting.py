"""Fills the start page and the menu of the files opened last."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from studio.core.samples import TITLES
from studio.core.videos import is_video
from studio.core.words.said import say
from studio.core.words.tongue import tr
from studio.gui.photo.picture_row import SIDE
from studio.gui.photo.start_page import StartPage
from studio.gui.state.workspace import Workspace
from studio.reader.orders import ThumbnailWish

_DENSEST = 2  # device px a logical px that pictures are made for
_MOST = 6  # files on the page: one row
RECENT, SAMPLES = say("Opened last"), say("Sample photos")


class Starting(QObject):
    """Between what there is to begin with and where it is shown."""

    def __init__(self, page: StartPage, menu: QMenu, workspace: Workspace) -> None:
        super().__init__(page)
        self._page, self._menu, self._workspace = page, menu, workspace
        workspace.start.changed.connect(self._show)
        workspace.photos.document_changed.connect(self._look_again)
        workspace.library.changed.connect(lambda: page.show_tools(workspace.toolbox.tools))
        page.opened.connect(lambda path: workspace.open([Path(path)]))
        page.tool_chosen.connect(workspace.choose_tool)
        self._show()

    def _look_again(self) -> None:
        """A page that comes back shows what is there by then."""
        if not self._workspace.photos.document.photos:
            self._workspace.start.look()
            self._show()

    def _show(self) -> None:
        start = self._workspace.start
        self._menu.setEnabled(bool(start.recent))
        self._fill()
        if self._workspace.photos.document.photos:
            return  # nobody sees the page
        for title, paths, named in (
            (RECENT, start.recent[:_MOST], lambda path: f"{path.name}, {path.parent.name}"),
            (SAMPLES, start.samples, _title),
        ):
            for path in self._page.show_pictures(tr(title), [(str(p), named(p)) for p in paths]):
                wish = ThumbnailWish(
                    Path(path), SIDE * _DENSEST, 0.0 if is_video(Path(path)) else None
                )
                take = partial(self._page.rows[tr(title)].set_thumbnail, path)
                self._workspace.reading.thumbnail(wish, take)

    def _fill(self) -> None:
        self._menu.clear()
        for path in self._workspace.start.recent:
            action = self._menu.addAction(path.name.replace("&", "&&"))
            action.setToolTip(str(path))
            action.triggered.connect(partial(self._workspace.open, [path]))
        self._menu.addSeparator()
        self._menu.addAction(tr("Clear this list"), self._workspace.start.forget)


def _title(sample: Path) -> str:
    return tr(TITLES[sample.name])
