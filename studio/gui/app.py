"""Opens the window: first it paints, then everything else is loaded."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from studio.core.settings import Preferences, load_preferences
from studio.gui.shell.geometry import restore
from studio.gui.shell.language import choose_language
from studio.gui.shell.mistakes import Mistakes
from studio.gui.shell.signals import Signals
from studio.gui.shell.window import Window
from studio.gui.state.messages import Messages

if TYPE_CHECKING:
    from studio.gui.state.running.engine_like import EngineLike
    from studio.gui.state.workspace import Workspace
    from studio.reader.reader import Reader


def run(paths: Sequence[str]) -> int:
    """Shows the window until it is closed; returns the exit status.

    0: closed; 130, 143, 129: ended by Ctrl-C, SIGTERM, SIGHUP, which ask nothing.
    """
    app = make_application()
    messages = Messages()
    with Mistakes(messages), Signals() as signals:
        window = open_window(paths, messages)
        signals.came.connect(window.ending)
        signals.came.connect(lambda number: app.exit(128 + number))
        status = app.exec()
        del window
        return status


def make_application() -> QApplication:
    """The one QApplication, with the studio's style."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(["studio"])
    app.setApplicationName("studio")
    app.setApplicationDisplayName("Studio")
    app.setDesktopFileName("studio")
    app.setStyle("Fusion")
    return app


def open_window(paths: Sequence[str], messages: Messages) -> Window:
    """Shows the window; once it has painted, it loads the engine, the weights and the photos."""
    preferences = load_preferences(messages.error)
    choose_language(make_application(), preferences.language)
    window = Window(messages)
    window.choose_palette(preferences.palette)
    restore(window, preferences.geometry)
    window.painted.connect(lambda: start(window, messages, preferences, paths))
    window.show()
    return window


def start(
    window: Window, messages: Messages, preferences: Preferences, paths: Sequence[str]
) -> "Workspace":
    """Brings a painted window to life."""
    reader, engine = _make_reader(), _make_engine()  # they come up while the window is furnished
    window.furnish()
    _show_icon()
    from studio.core.files.leftovers import sweep_folders
    from studio.core.samples import sample_photos
    from studio.gui.shell.commands import Commands
    from studio.gui.state.workspace import Workspace

    workspace = Workspace(
        messages,
        preferences,
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


def _show_icon() -> None:
    from studio.gui.theme.app_icon import app_icon

    QApplication.setWindowIcon(app_icon())


def _make_engine() -> "EngineLike":
    from studio.engine.jobs.process import ProcessEngine

    return ProcessEngine()


def _make_reader() -> "Reader":
    from studio.reader.process import Process
    from studio.reader.reader import Reader

    return Reader(Process)
