"""What `studio bench window` starts: a window that says when it has painted.

    python -m studio.bench.painted empty          the moment of an empty window's first paint
    python -m studio.bench.painted studio         the same of the studio's
    python -m studio.bench.painted photo FILE     seconds from opening a photo until it is seen

Moments are of the monotonic clock, which all processes share.
"""

import os
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer

_PATIENCE_MS = 60_000


def say(seconds: float) -> None:
    """Prints the figure."""
    sys.stdout.write(f"{seconds}\n")
    sys.stdout.flush()


def empty() -> None:
    """An empty window."""
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QWidget

    class Empty(QWidget):
        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - as Qt calls it
            super().paintEvent(event)
            QTimer.singleShot(0, app.quit)

    app = QApplication([])
    window = Empty()
    window.resize(1280, 800)
    window.show()
    app.exec()
    say(time.monotonic())


def studio() -> None:
    """The studio's window, as far as it goes before its first paint."""
    from studio.core.settings import load_preferences
    from studio.gui.app import make_application
    from studio.gui.shell.window import Window
    from studio.gui.state.messages import Messages

    app, preferences = make_application(), load_preferences()
    window = Window(Messages())
    window.choose_palette(preferences.palette)
    window.restore(preferences.geometry)
    window.painted.connect(app.quit)
    window.show()
    app.exec()
    say(time.monotonic())


def photo(path: Path) -> None:
    """A photo in the studio's window, which has shown one before."""
    from studio.core.samples import NAMES, sample_photo
    from studio.gui.app import make_application, open_window
    from studio.gui.state.messages import Messages
    from studio.gui.state.workspace import Workspace

    make_application()
    loop = QEventLoop()
    QTimer.singleShot(_PATIENCE_MS, lambda: sys.exit("the photo does not come"))
    window = open_window([str(sample_photo(NAMES[0]))], Messages())
    while (workspace := window.findChild(Workspace, "")) is None:
        loop.processEvents()
    screen = workspace.screen
    while screen.shown.before.isNull() or not workspace.previews.is_idle():
        loop.processEvents()
    begun = time.monotonic()
    workspace.open([path])
    while screen.shown.path != path or screen.shown.before.isNull():
        loop.processEvents()
    window.canvas.repaint()
    say(time.monotonic() - begun)
    window.close()


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    match sys.argv[1:]:
        case ["empty"]:
            empty()
        case ["studio"]:
            studio()
        case ["photo", name]:
            photo(Path(name))
        case _:
            sys.exit(__doc__)
