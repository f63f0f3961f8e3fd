"""Shows one photo, as far as there is anything of it to show yet."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from studio.core.catalogue import Weights
from studio.core.events import Previewed
from studio.core.requests import Apply
from studio.gui.photo.details import Details, Shot
from studio.gui.shell.window import Window
from studio.gui.state.clips import Clips
from studio.gui.state.loading import Opened
from studio.gui.state.pictures import Pictures

PREVIEW_SIDE = 1280  # px


class Stage(QObject):
    """Keeps the pixels of photos and results, and puts one photo's on the canvas.

    Args:
        window: whose canvas and status line show them.
        details: show parts of it in full size.
        clips: which frame of a video is shown.
    """

    def __init__(self, window: Window, details: Details, clips: Clips, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._details = details
        self._clips = clips
        self._pictures = Pictures()

    def show(self, path: Path, request: Apply | None, weights: Weights | None) -> None:
        """Shows what there is of a photo.

        Args:
            path: its file.
            request: what makes it look as it should; None: nothing does.
            weights: of the request.
        """
        self._pictures.show(path)
        window, pixels = self._window, self._pictures.of(path)
        before = pixels.opened.image if pixels.opened is not None else QImage()
        size = self.size(path, weights)
        window.canvas.show_picture(path, before, pixels.result or QImage(), size or (1, 1))
        self.show_size(path, weights)
        moving = self._clips.seconds(path) is not None  # parts of frames are not kept for the loupe
        local = weights is not None and weights.local and not moving
        window.allow(saving=request is not None, loupe=local)
        opened, shot = pixels.opened, None
        if weights is not None and local and opened is not None:
            shot = Shot(path, opened.full_size, opened.icc, weights.id, weights.scale, PREVIEW_SIDE)
        self._details.show(shot)

    def clear(self) -> None:
        """Shows no photo."""
        self._pictures.show(None)
        self._window.canvas.clear()
        self.show_size(None, None)
        self._details.show(None)

    def show_size(self, path: Path | None, weights: Weights | None) -> None:
        """Tells the size of the result, unless another page is shown."""
        if self._window.is_about_photo:
            self._window.status.show_size(self.size(path, weights))

    def size(self, path: Path | None, weights: Weights | None) -> tuple[int, int] | None:
        """(width, height) of a photo's result in full size, in px; None while unknown."""
        if path is None:
            return None
        name, scale = ("", 1) if weights is None else (weights.id, weights.scale)
        return self._pictures.size(path, name, scale)

    def is_opened(self, path: Path) -> bool:
        """Whether the photo itself is there."""
        return self._pictures.of(path).opened is not None

    def settle(self, request: Apply) -> bool:
        """Whether a request's result is there; a part of another look has to go then."""
        there = self._pictures.of(Path(request.source)).request == request
        if there:
            self._details.settle(request)
        return there

    def take_opened(self, opened: Opened) -> None:
        """Keeps a photo, or a video's frame."""
        self._pictures.take_opened(opened, self._clips.seconds(opened.path))

    def take_result(self, request: Apply, event: Previewed) -> bool:
        """Keeps a result; returns False where it has to wait for the photo."""
        return self._pictures.take_result(request, event)

    def forget(self, path: Path) -> None:
        """Drops a photo that was closed."""
        self._pictures.forget(path)
