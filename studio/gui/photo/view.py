"""Shows on the canvas what there is of the photo."""

from PySide6.QtCore import QObject

from studio.gui.state.photo.screen import Screen
from studio.gui.widgets.picture.canvas import Canvas


class PhotoView(QObject):
    """Keeps canvas and screen together: one shows, the other is told what is looked at."""

    def __init__(self, canvas: Canvas, screen: Screen) -> None:
        super().__init__(canvas)
        self._canvas, self._screen = canvas, screen
        screen.changed.connect(self._show)
        screen.patches.changed.connect(self._show_patches)
        canvas.looked.connect(self._look)

    def _show(self) -> None:
        shown = self._screen.shown
        if shown.path is None:
            self._canvas.clear()
        else:
            self._canvas.show_picture(shown.path, shown.before, shown.after, shown.size or (1, 1))

    def _show_patches(self) -> None:
        patches = self._screen.patches
        self._canvas.show_patches(patches.before, patches.after)

    def _look(self) -> None:
        by_loupe = self._canvas.view.scale < 1
        self._screen.patches.look_at(self._canvas.looked_at(), by_loupe=by_loupe)
