"""Goes on with what is made of a photo in another tool."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from studio.gui.state.place import PICTURE
from studio.gui.state.workspace import Workspace


class Using(QObject):
    """A tool for photos becomes one more step; one with a page of its own takes the result.

    Args:
        menu: to be filled with the tools.
        workspace: has the photo.
    """

    def __init__(self, menu: QMenu, workspace: Workspace) -> None:
        super().__init__(menu)
        self._menu, self._workspace = menu, workspace
        workspace.library.changed.connect(self._fill)
        workspace.screen.changed.connect(self._allow)
        workspace.place.changed.connect(self._allow)
        self._allow()

    def use(self, model: str) -> None:
        """Goes on in the tool of a model."""
        if not self._workspace.toolbox.has_page(model):
            self._workspace.steps.add(model)
            return
        shown = self._workspace.screen.shown
        image = shown.before if shown.after.isNull() else shown.after
        if shown.path is not None and not image.isNull():
            self._workspace.open_in(model, image, shown.path.stem)

    def _fill(self) -> None:
        self._menu.clear()
        for tool in self._workspace.toolbox.takers:
            self._menu.addAction(tool.title, lambda model=tool.model: self.use(model))

    def _allow(self) -> None:
        here = self._workspace.place.page == PICTURE
        self._menu.setEnabled(here and self._workspace.screen.shown.saveable)
