"""Lies over the canvas while a mask is painted."""

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent

from studio.core.values.masks import LONGEST
from studio.core.words.tongue import tr
from studio.gui.drawing.pen_area import PenArea
from studio.gui.widgets.picture.canvas import Canvas


class MaskPad(PenArea):
    """Takes the pen; zoom and pan go on to the canvas. Shows a veil over the picture.

    Args:
        canvas: to lie over.
    """

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.setAccessibleName(tr("Mask"))
        self._canvas = canvas
        self._veil = QImage()
        canvas.installEventFilter(self)
        canvas.view_changed.connect(self.update)
        self.hide()

    def sheet_rect(self) -> QRectF:
        return self._canvas.picture_rect()

    def sheet_width(self) -> float:
        width, height = self._canvas.view.picture
        return LONGEST * width / max(width, height)

    def lie(self, *, painting: bool) -> None:
        """Comes up over the canvas; it takes the pen, or lets the mouse through."""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not painting)
        self.setGeometry(self._canvas.rect())
        self.show()
        self.raise_()

    def veil(self, size: tuple[int, int], part: QImage, box: QRect) -> None:
        """Shows a part of the veil anew.

        Args:
            size: (width, height) of the whole veil in px.
            part: its pixels.
            box: where they belong.
        """
        if self._veil.isNull():
            self._veil = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
            self._veil.fill(Qt.GlobalColor.transparent)
        with QPainter(self._veil) as painter:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.drawImage(box.topLeft(), part)
        rect, scale = self.sheet_rect(), self.scale()
        corner = QPointF(rect.left() + box.left() * scale, rect.top() + box.top() * scale)
        area = QRectF(corner.x(), corner.y(), box.width() * scale, box.height() * scale)
        self.update(area.adjusted(-2, -2, 2, 2).toAlignedRect())

    def lift_veil(self) -> None:
        """Shows none."""
        self._veil = QImage()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setClipRegion(event.region())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            if not self._veil.isNull():
                painter.drawImage(self.sheet_rect(), self._veil)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.paint_ring(painter)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._canvas.rect())
        return super().eventFilter(watched, event)
