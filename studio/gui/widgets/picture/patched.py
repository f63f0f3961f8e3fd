"""What is painted of a photo: a reduced copy of the whole, and over it a part in full size."""

from dataclasses import dataclass, field

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from studio.gui.state.photo.patch import Patch
from studio.gui.widgets.picture.picture_painter import PicturePainter


@dataclass(frozen=True)
class Patched:
    """The photo, or its result.

    Attributes:
        whole: reduced or not; null while there is none.
        patch: a part that is sharper.
    """

    whole: QImage = field(default_factory=QImage)
    patch: Patch | None = None

    def isnull(self) -> bool:
        """Whether there is nothing to paint."""
        return self.whole.isNull() and self.patch is None

    def paint(
        self, painter: QPainter, pictures: PicturePainter, rect: QRectF, ratio: float, zoom: float
    ) -> None:
        """Paints the picture into `rect`; see `PicturePainter.paint`."""
        pictures.paint(painter, self.whole, rect, ratio, zoom)
        # Reduced again, the part would cost more than it shows.
        if self.patch is not None and zoom >= 1:
            left, top, width, height = (side * zoom / ratio for side in self.patch.place)
            place = QRectF(rect.left() + left, rect.top() + top, width, height)
            pictures.paint(painter, self.patch.image, place, ratio, zoom)


def foremost(before: Patched, after: Patched, *, original: bool) -> Patched:
    """What is seen of a photo: its result, unless it has none or the original is wanted."""
    first = before if original or after.isnull() else after
    return after if first.isnull() else first
