"""Hands on what the engine makes: to another tool, or to the clipboard."""

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication, QImage

from studio.core.errors import StudioError
from studio.core.events import TERMINAL, Event, Failed, Previewed
from studio.core.requests import Apply, Generate
from studio.core.words.tongue import tr
from studio.gui.state.photo.loading import to_image
from studio.gui.state.running.work import Work
from studio.gui.state.workspace import Workspace


def hand_on(
    workspace: Workspace,
    request: Apply | Generate,
    give: Callable[[QImage], object],
    noun: str,
    ended: Callable[[], None] = lambda: None,
) -> None:
    """Has a picture made, and hands it on.

    Args:
        workspace: makes it.
        request: without an output.
        give: takes it.
        noun: what it is, for the status line.
        ended: called when it has come, or will not.
    """

    def take(event: Event) -> None:
        if isinstance(event, TERMINAL):
            ended()
        match event:
            case Previewed():
                give(to_image(event.pixels, None))
            case Failed():
                workspace.messages.error(StudioError(event.message, event.hint))
            case _:
                pass

    workspace.jobs.start(request, tr("Enlarging the {noun}", noun=noun), Work.PREVIEW, take)


def lay_on_clipboard(workspace: Workspace, image: QImage) -> None:
    """Copies a picture, and says so."""
    QGuiApplication.clipboard().setImage(image)
    workspace.messages.note(tr("The picture is on the clipboard."))
