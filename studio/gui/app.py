"""Opens the window: first it paints, then the photo is seen, then everything else is loaded."""

import gc
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from studio.gui import make_reader
from studio.gui.shell.geometry import restore
from studio.gui.shell.language import choose_language
from studio.gui.shell.window import Window
from studio.gui.state.messages import Messages
from studio.gui.theme.first import first_look
from studio.gui.theme.hover import let_go

if TYPE_CHECKING:
    from studio.gui.photo.first_photo import FirstPhoto
    from studio.gui.state.running.engine_like import EngineLike
    from studio.gui.state.workspace import Workspace
    from studio.reader.reader import Reader


def run(paths: Sequence[str], reader: "Reader | None" = None) -> int:
    """Shows the window until it is closed; returns the exit status.

    0: closed; 130, 143, 129: ended by Ctrl-C, SIGTERM, SIGHUP, which ask nothing.
    """
    app = make_application()
    messages = Messages()
    with ExitStack() as life:
        window = open_window(
            paths, messages, reader, lambda window: life.enter_context(_watched(window, messages))
        )
        status = app.exec()
        del window
        return status


@contextmanager
def _watched(window: Window, messages: Messages) -> Generator[None]:
    """Mistakes are said and signals heard; loaded once something is to be seen."""
    from studio.gui.shell.mistakes import Mistakes
    from studio.gui.shell.signals import Signals

    with Mistakes(messages), Signals() as signals:
        signals.came.connect(window.ending)
        signals.came.connect(lambda number: QApplication.exit(128 + number))
        yield


def make_application() -> QApplication:
    """The one QApplication, with the studio's style."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        # Asked for in this way, PySide does not build all of `QStyle` before the first paint.
        app = QApplication(["studio", "-style", "fusion"])
        app.focusChanged.connect(let_go)
    app.setApplicationName("studio")
    app.setApplicationDisplayName("Studio")
    app.setDesktopFileName("studio")
    return app


def open_window(
    paths: Sequence[str],
    messages: Messages,
    reader: "Reader | None" = None,
    then: Callable[[Window], object] = lambda _: None,
) -> Window:
    """Shows the window, and a photo in it; then it loads the engine, the weights and all else.

    Args:
        paths: of photos to open.
        messages: to say things in.
        reader: made already, if it is.
        then: called when it has painted, before all that.
    """
    look, photo = first_look(), None
    if paths:
        reader = reader or make_reader()
        photo = _first_photo(Path(paths[0]).absolute(), reader)
    choose_language(make_application(), look.language)
    window = Window(messages)
    window.choose_palette(look.palette)
    restore(window, look.geometry)
    window.painted.connect(lambda: then(window))
    if photo is not None:
        photo.setParent(window)
        window.painted.connect(partial(photo.show, window.show_first))
    begin = window.painted if photo is None else photo.over
    begin.connect(lambda: start(window, messages, paths, reader))
    window.show()
    return window


@contextmanager
def _for_good() -> Generator[None]:
    """What is made here stays: looking through it for what to free would hold the window up."""
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


@_for_good()
def start(
    window: Window, messages: Messages, paths: Sequence[str], reader: "Reader | None"
) -> "Workspace":
    """Brings a painted window to life."""
    reader, engine = reader or make_reader(), _make_engine()  # they come up meanwhile
    window.furnish()
    _show_icon()
    from studio.core.files.leftovers import sweep_folders
    from studio.core.samples import sample_photos
    from studio.core.settings import load_preferences
    from studio.gui.shell.commands import Commands
    from studio.gui.state.workspace import Workspace

    workspace = Workspace(
        messages,
        load_preferences(messages.error),
        lambda: engine,
        make_reader=lambda: reader,
        find_samples=sample_photos,
        parent=window,
    )
    Commands(window, workspace)
    workspace.background.run(sweep_folders, lambda _: None, messages.error)
    if paths:
        workspace.open([Path(path) for path in paths])
    return workspace


def _first_photo(path: Path, reader: "Reader") -> "FirstPhoto | None":
    """What shows a photo before all else is there; None for a video."""
    from studio.core.videos import is_video
    from studio.gui.photo.first_photo import FirstPhoto

    return None if is_video(path) else FirstPhoto(reader, path)


def _show_icon() -> None:
    from studio.gui.theme.app_icon import app_icon

    QApplication.setWindowIcon(app_icon())


def _make_engine() -> "EngineLike":
    from studio.engine.jobs.process import ProcessEngine

    return ProcessEngine()
