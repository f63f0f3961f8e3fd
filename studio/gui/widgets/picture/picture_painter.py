"""Paints a picture at any zoom, smooth when reduced and square when looked at px by px."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap

# Beyond this many device px a px of the full-size picture, the px are what one wants to see.
_SQUARE_FROM = 3.0
_CHECK = 8  # px, side of a square behind transparent pictures
_KEPT = 2  # reduced copies: before and after


class PicturePainter:
    """Keeps the reduced copies, so that moving the divider costs no scaling."""

    def __init__(self) -> None:
        self._reduced: dict[tuple[int, int, int], QImage] = {}
        self._check: QPixmap | None = None

    def paint(
        self, painter: QPainter, image: QImage, rect: QRectF, ratio: float, zoom: float
    ) -> None:
        """Fills `rect` with the image.

        Args:
            painter: paints on a widget.
            image: the picture.
            rect: where to, in logical px; only what the painter clips to is drawn.
            ratio: device px a logical px.
            zoom: device px a px of the full-size picture.
        """
        if image.isNull():
            return
        if image.hasAlphaChannel():
            painter.drawTiledPixmap(rect.toRect(), self._chequers())
        wide = rect.width() * ratio
        if wide < image.width() - 0.5:  # it is rounded
            image = self._copy(image, QSize(round(wide), round(rect.height() * ratio)))
            smooth = False
        else:
            smooth = zoom < _SQUARE_FROM
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(rect, image)

    def _copy(self, image: QImage, size: QSize) -> QImage:
        size = size.expandedTo(QSize(1, 1))
        key = (image.cacheKey(), size.width(), size.height())
        if key not in self._reduced:
            while len(self._reduced) >= _KEPT:
                del self._reduced[next(iter(self._reduced))]
            self._reduced[key] = image.scaled(
                size,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        return self._reduced[key]

    def _chequers(self) -> QPixmap:
        if self._check is None:
            self._check = QPixmap(2 * _CHECK, 2 * _CHECK)
            self._check.fill(QColor("#c8c8c8"))
            with QPainter(self._check) as painter:
                for x, y in ((0, 0), (_CHECK, _CHECK)):
                    painter.fillRect(x, y, _CHECK, _CHECK, QColor("#a8a8a8"))
        return self._check
