"""The pictures of weights to choose from."""

from collections.abc import Sequence
from functools import partial

from studio.gui.state.photo.loading import quick_thumbnail
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.weights_gallery import WeightsGallery

SIDE = 192  # px of the device, a thumbnail


def show_previews(
    workspace: Workspace, choices: Sequence[tuple[str, str]], gallery: WeightsGallery
) -> None:
    """Gives each of the weights, (id, title), in a gallery its picture, as soon as it is read."""
    for weights, _ in choices:
        preview = workspace.toolbox.find(weights).weights.preview
        workspace.background.run(
            partial(quick_thumbnail, preview, SIDE),
            partial(gallery.set_thumbnail, weights),
            workspace.messages.error,
        )
