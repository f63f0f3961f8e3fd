"""Opens the window: first it paints, then everything else is loaded."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from studio.core.settings import Preferences, load_preferences
from studio.gui.shell.mistakes import Mistakes
from studio.gui.shell.signals import Signals
from studio.gui.shell.window import Window

if TYPE_CHECKING:
    from studio.gui.state.engine_like import EngineLike
    from studio.gui.state.session import Session


def run(paths: Sequence[str]) -> int:
    """Shows the window until it is closed; returns the exit status.

    0: closed; 130, 143, 129: ended by Ctrl-C, SIGTERM, SIGHUP, which ask nothing.
    """
    app = make_application()
    with Mistakes() as mistakes, Signals() as signals:
        window = open_window(paths)
        mistakes.tell(window.messages)
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


def open_window(paths: Sequence[str]) -> Window:
    """Shows the window; once it has painted, it loads the engine, the weights and the photos."""
    preferences = load_preferences()
    window = Window()
    window.choose_palette(preferences.palette)
    window.restore(preferences.geometry)
    window.painted.connect(lambda: start(window, preferences, paths))
    window.show()
    return window


def start(window: Window, preferences: Preferences, paths: Sequence[str]) -> "Session":
    """Brings a painted window to life."""
    window.dress()
    from studio.core.formats.leftovers import sweep_folders
    from studio.gui.shell.commands import Commands
    from studio.gui.state.session import Session

    session = Session(window, preferences, _make_engine)
    Commands(window, session)
    session.background.run(sweep_folders, lambda _: None, window.messages.error)
    if paths:
        session.open([Path(path) for path in paths])
    return session


def _make_engine() -> "EngineLike":
    from studio.engine.jobs.process import ProcessEngine

    return ProcessEngine()
