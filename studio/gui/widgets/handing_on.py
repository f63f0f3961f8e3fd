"""Hands on to another tool what the engine makes for it."""

from collections.abc import Callable

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
    model: str,
    noun: str,
    ended: Callable[[], None] = lambda: None,
) -> None:
    """Has a picture made, and opens it in another tool.

    Args:
        workspace: makes it, and opens it.
        request: without an output.
        model: of the tool.
        noun: what it is, for the status line and for the name of its file.
        ended: called when it has come, or will not.
    """

    def take(event: Event) -> None:
        if isinstance(event, TERMINAL):
            ended()
        match event:
            case Previewed():
                workspace.open_in(model, to_image(event.pixels, None), noun)
            case Failed():
                workspace.messages.error(StudioError(event.message, event.hint))
            case _:
                pass

    workspace.jobs.start(request, tr("Enlarging the {noun}", noun=noun), Work.PREVIEW, take)
