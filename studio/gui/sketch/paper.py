"""The paper: a square to draw on with mouse, finger or a tablet's pen."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.core.words.tongue import tr
from studio.gui.drawing.pen_area import PenArea
from studio.gui.state.drawing import PAPER
from studio.gui.theme.icons import smaller
from studio.gui.theme.palette import DARK

_INK, _FAINT = "#1f1f1f", "#767676"  # on white, whatever the theme


class Paper(PenArea):
    """Shows a drawing and tells where the pen goes; it paints nothing into the drawing itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Paper"))
        self.setAccessibleDescription(tr("Draw here with the mouse, a finger or a pen"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(160, 160)
        self.theme = DARK
        self._image = QImage()
        self._axis = False
        self._invitation = ""

    def sizeHint(self) -> QSize:
        return QSize(400, 400)

    def sheet_rect(self) -> QRectF:
        """Where the paper lies in the widget: a square."""
        side = max(1, min(self.width(), self.height()))
        return QRectF((self.width() - side) // 2, (self.height() - side) // 2, side, side)

    def sheet_width(self) -> float:
        return PAPER

    def show_image(self, image: QImage, changed: QRect | None = None) -> None:
        """Shows pixels.

        Args:
            image: PAPER x PAPER px.
            changed: what of them is other than before, in px of the paper; None: perhaps all.
        """
        self._image = image
        if changed is None:
            self.update()
            return
        scale, rect = self.scale(), self.sheet_rect()
        area = QRectF(
            rect.left() + changed.left() * scale, rect.top() + changed.top() * scale,
            changed.width() * scale, changed.height() * scale,
        )  # fmt: skip
        self.update(area.adjusted(-2, -2, 2, 2).toAlignedRect())

    def show_brush(self, width: float, *, axis: bool) -> None:
        """Shows a ring of this width around the pointer, 0: none; and the axis of the mirror."""
        self._axis = axis
        self.show_width(width)

    def invite(self, words: str) -> None:
        """Says on a blank paper what to do; empty: nothing."""
        if words != self._invitation:
            self._invitation = words
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        rect = self.sheet_rect()
        with QPainter(self) as painter:
            painter.setClipRegion(event.region())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(rect, self._image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._invitation:
                self._paint_invitation(painter, rect)
            if self._axis and not self._still:
                self._paint_axis(painter, rect)
            painter.setPen(QPen(QColor(self.theme.line), 1))
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
            self.paint_ring(painter)

    def _paint_invitation(self, painter: QPainter, rect: QRectF) -> None:
        first, _, rest = self._invitation.partition("\n")
        light = self._image.pixelColor(0, 0).lightness() > 128
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        painter.setFont(font)
        inside = rect.adjusted(16, 0, -16, 0)
        wrapped = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
        painter.setPen(QColor(_INK if light else "#ffffff"))
        upper = QRectF(inside.left(), inside.top(), inside.width(), inside.height() / 2)
        painter.drawText(upper, wrapped | Qt.AlignmentFlag.AlignBottom, first)
        painter.setFont(smaller(self.font(), 1.0))
        painter.setPen(QColor(_FAINT if light else "#d8d8d8"))
        lower = upper.translated(0, inside.height() / 2 + 8)
        painter.drawText(lower, wrapped | Qt.AlignmentFlag.AlignTop, rest)

    def _paint_axis(self, painter: QPainter, rect: QRectF) -> None:
        for colour, style in (
            ("#ffffff", Qt.PenStyle.SolidLine),
            ("#c25700", Qt.PenStyle.DashLine),
        ):
            painter.setPen(QPen(QColor(colour), 1, style))
            middle = rect.center().x()
            painter.drawLine(QPointF(middle, rect.top()), QPointF(middle, rect.bottom()))
