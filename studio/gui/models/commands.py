"""Brings the page of the weights together with those that there are."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.core.weights_file import Weights
from studio.core.words.tongue import tr
from studio.gui.models.about import AboutModel
from studio.gui.models.card import read_preview
from studio.gui.models.page import ModelsPage
from studio.gui.state.models.own_models import SUFFIX
from studio.gui.state.toolbox import Known
from studio.gui.state.tools import tool_of
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.previews_of_weights import show_picture


class ModelsCommands(QObject):
    """Does what the page's buttons say.

    Args:
        workspace: has the weights.
        parent: of the dialogs.
    """

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace, self._parent = workspace, parent
        self._page: ModelsPage | None = None
        self._imported_from = str(Path.home())
        workspace.library.changed.connect(self._show)
        workspace.own_models.arrived.connect(self._choose)

    @property
    def page(self) -> ModelsPage:
        """The page; made when it is first asked for."""
        if self._page is None:
            self._page = self._make_page()
            self._show()
        return self._page

    def tell_about(self, id_: str) -> None:
        """Shows a card about weights."""
        weights = self._workspace.toolbox.find(id_).weights
        dialog = AboutModel(weights, self._parent)
        preview = self._workspace.background.latest(dialog.card.show_preview, lambda _: None)
        dialog.finished.connect(preview.give_up)
        dialog.finished.connect(dialog.deleteLater)
        preview.wish(partial(read_preview, weights.preview))
        dialog.open()

    def _make_page(self) -> ModelsPage:
        page, workspace = ModelsPage(), self._workspace
        self._preview = workspace.background.latest(page.card.show_preview, lambda _: None)
        page.left.connect(workspace.place.leave)
        page.list.chosen.connect(self._tell)
        page.bring.clicked.connect(self._ask_for_files)
        page.dropped.connect(workspace.own_models.bring)
        page.show_folder.clicked.connect(
            lambda: workspace.messages.show_file(self._chosen.path.parent)
        )
        page.remove.clicked.connect(self._ask_to_remove)
        return page

    @property
    def _chosen(self) -> Weights:
        return self._workspace.toolbox.find(self.page.list.current).weights

    def _show(self) -> None:
        page, toolbox = self._page, self._workspace.toolbox
        if page is None:
            return
        order = [tool.model for tool in toolbox.tools]
        found = sorted(toolbox.known, key=lambda known: order.index(known.weights.model))
        page.show_none(not found)
        page.list.show_models([_line(each) for each in found])
        for each in (known.weights for known in found):
            show = partial(page.list.set_picture, each.id)
            show_picture(self._workspace, each.preview, show)

    def _choose(self, id_: str) -> None:
        if self._page is not None:
            self._page.list.choose(id_)

    def _tell(self, id_: str) -> None:
        if self._workspace.own_models.is_gone(id_):
            return
        known = self._workspace.toolbox.find(id_)
        weights = known.weights
        self.page.card.show_model(weights)
        self.page.allow_removal(own=known.own)
        self._preview.wish(partial(read_preview, weights.preview))

    def _ask_for_files(self) -> None:
        dialog = QFileDialog(self._parent, tr("Import models"), self._imported_from)
        dialog.setNameFilter(tr("Weights (*{suffix});;All files (*)", suffix=SUFFIX))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(self._bring)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _bring(self, names: Sequence[str]) -> None:
        self._imported_from = str(Path(names[0]).parent)
        self._workspace.own_models.bring([Path(name) for name in names])

    def _ask_to_remove(self) -> None:
        weights, messages = self._chosen, self._workspace.messages

        def remove() -> None:
            messages.settle(weights.path)
            self._workspace.own_models.remove(weights)

        words = tr("Move {title}, {path}, to the bin?", title=weights.title, path=weights.path)
        messages.ask(words, tr("Move to the bin"), remove, about=weights.path)


def _line(known: Known) -> tuple[str, str, str]:
    """Id, title and what it is, such as ``Style, yours``."""
    weights, tool = known.weights, tool_of(known.weights.model).title
    return weights.id, weights.title, tr("{tool}, yours", tool=tool) if known.own else tool
