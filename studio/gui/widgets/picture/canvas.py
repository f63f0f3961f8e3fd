"""The picture in the middle: zoom, pan, the divider between before and after, and the loupe."""

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCursor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from studio.core.words.tongue import tr
from studio.gui.state.photo.patch import Patch
from studio.gui.state.photo.region import Seen
from studio.gui.theme.palette import DARK, Theme
from studio.gui.widgets.picture.area import PictureArea
from studio.gui.widgets.picture.divider import held_at, paint_divider, place_of, share_at
from studio.gui.widgets.picture.gestures import arrow_of, is_scrolled_by_fingers, pinch_of
from studio.gui.widgets.picture.halves import paint_halves
from studio.gui.widgets.picture.loupe import Loupe
from studio.gui.widgets.picture.patched import Patched, foremost
from studio.gui.widgets.picture.picture_painter import PicturePainter
from studio.gui.widgets.picture.view import STEP

_NUDGE = 64  # px that an arrow key pans
_LOUPE_NUDGE = 16  # px that it moves the loupe
# A notch of a mouse wheel is 120 eighths of a degree.
_NOTCH = 120


class Canvas(PictureArea):
    """Shows a picture before and after; nothing is drawn over it but the divider and the loupe.

    Signals:
        looked: what is to be seen in full size is another part, perhaps.
        flipped: (1 or -1) the photo behind, or the one before, is wanted.
    """

    looked = Signal()
    flipped = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName(tr("Picture"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(240, 160)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self._theme = DARK
        self._photo: object = None
        self._before, self._after = Patched(), Patched()
        self._painter = PicturePainter()
        self._comparing = False
        self._original = False
        self._divider = 0.5  # share of the picture's width
        self._drag: QPointF | None = None
        self._pressed = QPointF()
        self._moving_divider = False
        self.loupe = Loupe(self)
        self.loupe.moved.connect(self.looked)

    @property
    def divider(self) -> float:
        """Where the divider is, as a share of the picture's width."""
        return self._divider

    def set_theme(self, theme: Theme) -> None:
        """Takes the ground's colour from the theme."""
        self._theme = self.loupe.theme = theme
        self.update()

    def show_picture(
        self, photo: object, before: QImage, after: QImage, size: tuple[int, int]
    ) -> None:
        """Shows a photo: fitted if it is another than before, else where it lies.

        Args:
            photo: tells one photo from another.
            before: the photo, reduced or not; null while it is not read yet.
            after: the result; null while there is none.
            size: (width, height) of the full-size result in px.
        """
        if photo != self._photo:
            self._photo = photo
            self._before, self._after = Patched(), Patched()
            self._begin(size)
        elif size != self._view.picture:
            self._view = self._view.of(size)
        self._before = replace(self._before, whole=before)
        self._after = replace(self._after, whole=after)
        self._changed()

    def show_patches(self, before: Patch | None, after: Patch | None) -> None:
        """Shows a part of the photo and of the result in full size, over what is there."""
        self._before = replace(self._before, patch=before)
        self._after = replace(self._after, patch=after)
        self.update()
        self.loupe.show_both(self._before, self._after)

    def looked_at(self) -> Seen | None:
        """The part that wants to be seen in full size, in px of the full-size result."""
        if self._before.whole.isNull():
            return None
        return self._view.visible if self._view.scale >= 1 else self.loupe.seen()

    def use_loupe(self, on: bool) -> None:
        """Takes the loupe up, at the pointer or in the middle, or puts it away."""
        spot = self.mapFromGlobal(QPointF(QCursor.pos()))
        here = self.underMouse() and self.rect().contains(spot.toPoint())
        self.loupe.turn(on, spot if here else None)

    def clear(self) -> None:
        """Shows nothing."""
        self.show_picture(None, QImage(), QImage(), (1, 1))

    def compare(self, on: bool) -> None:
        """Puts the original to the left of a divider, the result to the right of it."""
        self._comparing = on
        self.unsetCursor()
        self._changed()

    def show_original(self, on: bool) -> None:
        """Shows the original for as long as a key is held."""
        self._original = on
        self.update()

    def move_divider(self, share: float) -> None:
        """Moves the divider to a share of the picture's width."""
        self._divider = min(max(share, 0.0), 1.0)
        self._changed()

    def _changed(self) -> None:
        picture = self._view.picture
        self.loupe.lie(self.picture_rect(), (round(picture[0]), round(picture[1])))
        self.loupe.show_both(self._before, self._after)
        super()._changed()
        self.looked.emit()

    def _divided(self) -> bool:
        return self._comparing and not self._after.isnull() and not self._original

    def on_divider(self, spot: QPointF) -> bool:
        return self._divided() and held_at(spot, self._divider, self.picture_rect())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._theme.ground)
        if self._before.isnull() and self._after.isnull():
            return
        rect = self.picture_rect()
        ratio = self.devicePixelRatioF()
        zoom = self._view.scale
        first = foremost(self._before, self._after, original=self._original)
        if self._beside:
            paint_halves(
                painter, self._painter, (self._before, first), rect, self.size(), ratio, zoom,
                self._theme.line,
            )  # fmt: skip
            return
        first.paint(painter, self._painter, rect, ratio, zoom)
        if self._divided():
            x = place_of(self._divider, rect)
            left = QRectF(0, 0, x, self.height())
            painter.save()
            painter.setClipRect(left)
            self._before.paint(painter, self._painter, rect, ratio, zoom)
            painter.restore()
            paint_divider(painter, x, rect.intersected(QRectF(self.rect())))

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A touchpad scrolls in two directions and pans; a wheel, or Ctrl with either, zooms.
        touchpad = is_scrolled_by_fingers(event)
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        turned = event.angleDelta().y()
        if plain and turned and self._is_on_loupe(event.position()):
            self.loupe.magnify(2 if turned > 0 else 1)
        elif touchpad and plain:
            moved = event.pixelDelta()
            self._pan(moved.x(), moved.y())
        else:
            self.zoom_by(STEP ** (turned / _NOTCH), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            return
        self._drag = self._pressed = event.position()
        self._moving_divider = self.on_divider(event.position())
        if not self._moving_divider and not self._view.fitted:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        spot = event.position()
        self.loupe.follow(spot)
        if self._moving_divider:
            self.move_divider(share_at(spot, self.picture_rect()))
        elif self._drag is not None and event.buttons():
            self._pan(spot.x() - self._drag.x(), spot.y() - self._drag.y())
            self._drag = spot
        elif self.on_divider(spot):
            self.setCursor(Qt.CursorShape.SplitHCursor)
        else:
            self.unsetCursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        moved = (event.position() - self._pressed).manhattanLength()
        clicked = self._drag is not None and moved < QApplication.startDragDistance()
        clicked = clicked and event.button() == Qt.MouseButton.LeftButton
        if clicked and self.loupe.on and not self._moving_divider:
            self.loupe.pin_or_free(event.position())
        self._drag = None
        self._moving_divider = False
        self.unsetCursor()

    def leaveEvent(self, event: QEvent) -> None:
        self.loupe.follow(None)
        super().leaveEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.loupe.on:
            self.mousePressEvent(event)  # two clicks, each of which pins or frees it
        elif self.on_divider(event.position()):
            self.move_divider(0.5)
        elif self._view.fitted:
            self.zoom_by(1 / self._view.scale, event.position())
        else:
            self.fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        sideways, upwards = arrow_of(event)
        far = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self.loupe.on and (sideways or upwards):
            step = _LOUPE_NUDGE * (4 if far else 1)
            self.loupe.nudge(sideways * step, upwards * step)
        elif sideways and self._divided():
            self.move_divider(self._divider + sideways * (0.1 if far else 0.01))
        elif sideways and self._view.fitted:
            self.flipped.emit(sideways)
        elif sideways or upwards:
            self._pan(-sideways * _NUDGE, -upwards * _NUDGE)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        pinched = pinch_of(event)
        if pinched is not None:
            self.zoom_by(*pinched)
            return True
        return super().event(event)

    def _is_on_loupe(self, spot: QPointF) -> bool:
        return self.loupe.isVisible() and self.loupe.geometry().contains(spot.toPoint())
