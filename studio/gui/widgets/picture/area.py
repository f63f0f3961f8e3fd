"""Where a picture lies: fitted or zoomed, in the whole of a widget or in each half of it."""

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from studio.gui.widgets.picture.halves import half_of, in_left_half
from studio.gui.widgets.picture.view import View

_MARGIN = 24  # px around a fitted picture


class PictureArea(QWidget):
    """Zooms and pans; both halves alike, as places count in the left one.

    Signals:
        view_changed: zoom, place or divider are others.
    """

    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = View((1, 1), (1, 1))
        self._beside = False

    @property
    def view(self) -> View:
        """Zoom and pan, in px of the device."""
        return self._view

    def compare_beside(self, on: bool) -> None:
        """Shows the original in the left half of the canvas, the same part of the result right."""
        self._beside = on
        self._set_view(self._view.resized(self._device_size()))

    def fit(self) -> None:
        """Shows the whole picture."""
        self._set_view(replace(self._view, fitted=True))

    def zoom_to(self, zoom: float) -> None:
        """Shows so many device px for a px of the full-size picture."""
        self._set_view(self._view.zoomed(zoom))

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zooms, the point under `at` (the middle) staying where it is."""
        ratio = self.devicePixelRatioF()
        at = in_left_half(at, self.width()) if at is not None and self._beside else at
        spot = None if at is None else (at.x() * ratio, at.y() * ratio)
        self._set_view(self._view.zoomed(self._view.scale * factor, spot))

    def picture_rect(self) -> QRectF:
        """Where the picture lies on this widget, in logical px."""
        ratio = self.devicePixelRatioF()
        x, y = (round(corner) / ratio for corner in self._view.origin)
        width, height = (round(side * self._view.scale) / ratio for side in self._view.picture)
        return QRectF(x, y, width, height)

    def _device_size(self) -> tuple[float, float]:
        ratio = self.devicePixelRatioF()
        width = half_of(self.width()) if self._beside else self.width()
        return max(1.0, width * ratio), max(1.0, self.height() * ratio)

    def _set_view(self, view: View) -> None:
        self._view = view
        self._changed()

    def _begin(self, picture: tuple[int, int]) -> None:
        """Fits another picture of so many px."""
        self._view = View(picture, self._device_size(), _MARGIN * self.devicePixelRatioF())

    def _changed(self) -> None:
        self.update()
        self.view_changed.emit()

    def _pan(self, dx: float, dy: float) -> None:
        ratio = self.devicePixelRatioF()
        self._set_view(self._view.panned(dx * ratio, dy * ratio))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        margin = _MARGIN * self.devicePixelRatioF()
        self._set_view(replace(self._view, margin=margin).resized(self._device_size()))
