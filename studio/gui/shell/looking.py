"""How the picture is looked at: zoom, comparing, the loupe."""

from PySide6.QtGui import QAction

from studio.gui.shell.actions import Actions
from studio.gui.widgets.picture.canvas import Canvas
from studio.gui.widgets.picture.view import STEP


def connect_looking(actions: Actions, canvas: Canvas) -> None:
    """Has actions do what they say to the picture."""
    actions.zoom_in.triggered.connect(lambda: canvas.zoom_by(STEP))
    actions.zoom_out.triggered.connect(lambda: canvas.zoom_by(1 / STEP))
    actions.fit.triggered.connect(canvas.fit)
    actions.full.triggered.connect(lambda: canvas.zoom_to(1))
    actions.double.triggered.connect(lambda: canvas.zoom_to(2))
    actions.compare.toggled.connect(canvas.compare)
    actions.beside.toggled.connect(canvas.compare_beside)
    for other in (actions.compare, actions.loupe, actions.brush):
        _keep_apart(actions.beside, other)
    actions.loupe.toggled.connect(canvas.use_loupe)
    actions.loupe_double.toggled.connect(lambda on: canvas.loupe.magnify(2 if on else 1))
    canvas.loupe.moved.connect(lambda: actions.loupe_double.setChecked(canvas.loupe.zoom == 2))


def _keep_apart(one: QAction, other: QAction) -> None:
    """Of two that can be on, the one that comes puts the other away."""
    one.toggled.connect(lambda on: other.setChecked(other.isChecked() and not on))
    other.toggled.connect(lambda on: one.setChecked(one.isChecked() and not on))
