"""Keeps the panel's controls showing the look that is edited."""

from functools import partial

from PySide6.QtCore import QObject

from studio.gui.state.workspace import Workspace
from studio.gui.widgets.panel import Panel
from studio.gui.widgets.previews_of_weights import show_picture, show_previews


class PanelForm(QObject):
    """Builds the panel anew only where other weights are shown."""

    def __init__(self, panel: Panel, workspace: Workspace) -> None:
        super().__init__(panel)
        self._panel, self._workspace = panel, workspace
        self._weights = ""
        workspace.form.changed.connect(self._show)
        panel.edited.connect(workspace.form.edit)
        panel.weights_chosen.connect(workspace.photos.choose_weights)
        panel.steps.chosen.connect(workspace.photos.choose_steps)

    def _show(self) -> None:
        form = self._workspace.form
        if form.look is None:
            return
        if form.look.weights != self._weights:
            self._weights = form.look.weights
            self._build(self._weights)
        self._panel.show_settings(form.look.settings)
        self._panel.steps.show_chosen(form.look.then)
        self._panel.show_levels(form.levels)

    def _build(self, id_: str) -> None:
        panel, toolbox = self._panel, self._workspace.toolbox
        weights = toolbox.find(id_).weights
        has_page = toolbox.has_page(weights.tool)
        by_pictures = toolbox.by_pictures(weights.tool)
        choices = [] if has_page else toolbox.beside(id_)
        panel.show_weights(choices, id_, by_pictures=by_pictures)
        if by_pictures:
            show_previews(self._workspace, choices, panel.pictures)
        panel.offer_uses(not has_page)
        panel.steps.offer(() if has_page else toolbox.followers(id_))
        panel.show_controls(weights.controls)
        for name, option in toolbox.thumbnails(id_):
            show = partial(panel.set_thumbnail, name, option)
            show_picture(self._workspace, weights.thumbnail(option), show)
