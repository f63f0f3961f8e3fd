"""The result beside the paper; it can be dragged into other tools and programs."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QDrag, QImage, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from studio.core.words.tongue import tr
from studio.gui.theme.palette import DARK

_DRAGGED = 96  # px, side of the picture under the pointer


class ResultView(QWidget):
    """Shows a picture, or words where there is none.

    Signals:
        held: a drag may begin: it needs the picture's file, see `offer_file`.
    """

    held = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Result"))
        self.setMinimumSize(160, 160)
        self.theme = DARK
        self._image = QImage()
        self._words = ""
        self._file: Path | None = None
        self._pressed: QPointF | None = None

    @property
    def image(self) -> QImage:
        """What is shown; null while there is none."""
        return self._image

    def sizeHint(self) -> QSize:
        return QSize(400, 400)

    def sheet_rect(self) -> QRectF:
        """Where the picture lies in the widget: a square, as large as the paper's."""
        side = max(1, min(self.width(), self.height()))
        return QRectF((self.width() - side) // 2, (self.height() - side) // 2, side, side)

    def show_image(self, image: QImage, words: str) -> None:
        """Shows a picture, or if it is null the words."""
        self._image, self._words = image, words
        self._file = None
        shown = not image.isNull()
        self.setCursor(Qt.CursorShape.OpenHandCursor if shown else Qt.CursorShape.ArrowCursor)
        self.setToolTip(tr("Drag it onto a tool, or into another program") if shown else "")
        self.setAccessibleDescription("" if shown else words)
        self.update()

    def offer_file(self, file: Path) -> None:
        """Gives the file of what is shown."""
        self._file = file

    def mime(self) -> QMimeData | None:
        """What a drag carries: the file and the picture; None while there is no file."""
        if self._file is None or self._image.isNull():
            return None
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self._file))])
        data.setImageData(self._image)
        return data

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        rect = self.sheet_rect()
        with QPainter(self) as painter:
            if self._image.isNull():
                painter.fillRect(rect, QColor(self.theme.ground))
                painter.setPen(QColor(self.theme.text))
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(rect.adjusted(24, 24, -24, -24), flags, self._words)
            else:
                painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
                painter.drawImage(rect, self._image)
            painter.setPen(QPen(QColor(self.theme.line), 1))
            painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        inside = self.sheet_rect().contains(event.position())
        if event.button() == Qt.MouseButton.LeftButton and inside and not self._image.isNull():
            self._pressed = event.position()
            self.held.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        far = (event.position() - self._pressed).manhattanLength()
        data = self.mime()
        if far < QApplication.startDragDistance() or data is None:
            return
        self._pressed = None
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(QPixmap.fromImage(_small(self._image)))
        drag.exec(Qt.DropAction.CopyAction)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        del event
        self._pressed = None


def _small(image: QImage) -> QImage:
    return image.scaled(
        QSize(_DRAGGED, _DRAGGED),
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
