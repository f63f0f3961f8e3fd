"""Keeps the panel and the rail showing the look of the photo."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtGui import QImage

from studio.gui.shell.rail import Rail
from studio.gui.state.background import Background, Failed
from studio.gui.state.document import Look
from studio.gui.state.loading import quick_thumbnail
from studio.gui.state.toolbox import Toolbox
from studio.gui.widgets.panel import Panel
from studio.gui.widgets.weights_gallery import WeightsGallery

_SIDE = 192  # px of the device, a thumbnail


class Form:
    """Builds the panel anew only where another model is shown.

    Args:
        panel, rail: to show a look in.
        background: reads the thumbnails.
        failed: told of an error.
    """

    def __init__(self, panel: Panel, rail: Rail, background: Background, failed: Failed) -> None:
        self._panel, self._rail = panel, rail
        self._background, self._failed = background, failed
        self._weights = ""

    def show(self, toolbox: Toolbox, look: Look, levels: Mapping[str, float]) -> None:
        """Shows a look, and the levels that were found in the photo."""
        if look.weights != self._weights:
            self._weights = look.weights
            self._build(toolbox, look.weights)
        self._panel.show_settings(look.settings)
        self._panel.show_levels(levels)

    def show_previews(
        self, toolbox: Toolbox, choices: Sequence[tuple[str, str]], gallery: WeightsGallery
    ) -> None:
        """Gives each of the weights, (id, title), in a gallery its picture."""
        for each, _ in choices:
            preview = toolbox.find(each).weights.preview
            self._show_thumbnail(preview, partial(gallery.set_thumbnail, each))

    def _build(self, toolbox: Toolbox, id_: str) -> None:
        panel, weights = self._panel, toolbox.find(id_).weights
        self._rail.choose(weights.model)
        has_page = toolbox.has_page(weights.model)
        by_pictures = toolbox.by_pictures(weights.model)
        choices = [] if has_page else toolbox.beside(id_)
        panel.show_weights(choices, id_, by_pictures=by_pictures)
        if by_pictures:
            self.show_previews(toolbox, choices, panel.pictures)
        panel.offer_uses(not has_page)
        panel.show_controls(weights.controls)
        for name, option in toolbox.thumbnails(id_):
            self._show_thumbnail(
                weights.thumbnail(option), partial(panel.set_thumbnail, name, option)
            )

    def _show_thumbnail(self, path: Path, show: Callable[[QImage], None]) -> None:
        self._background.run(partial(quick_thumbnail, path, _SIDE), show, self._failed)
