"""The pictures of weights to choose from."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtGui import QImage

from studio.gui.state.photo.loading import quick_thumbnail
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.weights_gallery import WeightsGallery

_SIDE = 192  # px of the device, a thumbnail


def offer_weights(
    workspace: Workspace,
    choices: Callable[[], Sequence[tuple[str, str]]],
    gallery: WeightsGallery,
) -> None:
    """Offers weights, (id, title), in a gallery, now and whenever others have come or gone."""

    def offer() -> None:
        gallery.show_weights(choices())
        show_previews(workspace, choices(), gallery)

    workspace.library.changed.connect(offer)
    offer()


def show_previews(
    workspace: Workspace, choices: Sequence[tuple[str, str]], gallery: WeightsGallery
) -> None:
    """Gives each of the weights, (id, title), in a gallery its picture, as soon as it is read."""
    for weights, _ in choices:
        preview = workspace.toolbox.find(weights).weights.preview
        show_picture(workspace, preview, partial(gallery.set_thumbnail, weights))


def show_picture(workspace: Workspace, path: Path, show: Callable[[QImage], None]) -> None:
    """Has a picture that lies beside weights shown, as soon as it is read."""
    workspace.background.run(partial(quick_thumbnail, path, _SIDE), show, workspace.messages.error)
