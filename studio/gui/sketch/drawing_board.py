"""What is drawn for one set of weights, and the picture that came of it."""

from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from studio.core.catalogue import Weights
from studio.core.requests import Apply
from studio.gui.sketch.live import Doodle
from studio.gui.sketch.sheet import Sheet
from studio.gui.sketch.subjects import Subject, subject_of
from studio.gui.state.look import Look
from studio.gui.state.toolbox import Known

_PREVIEW_SIDE = 512  # px


class DrawingBoard(QObject):
    """A sheet, how its picture should look, and the newest picture of it.

    Args:
        known: the weights.
        look: with the settings to begin with.

    Attributes:
        colour: that the pen has for it, ``#rrggbb``.
        version: of what the result depends on; counts up.
        result: the picture, side x side px; null while there is none.
    """

    def __init__(self, known: Known, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._known = known
        self._look = look
        self.subject: Subject = subject_of(known.weights)
        self.sheet = Sheet(self.subject, self)
        self.colour = self.subject.pen
        self.result = QImage()
        self.version = 0
        self._shown = 0  # version of the result; a blank sheet counts, too

    @property
    def look(self) -> Look:
        """How the picture should look."""
        settings = {**self._look.settings, **self.sheet.drawing.settings}
        return replace(self._look, settings=settings)

    @property
    def weights(self) -> Weights:
        """What is drawn with."""
        return self._known.weights

    @property
    def up_to_date(self) -> bool:
        """Whether the result is that of what is on the sheet."""
        return self._shown == self.version

    @property
    def side(self) -> int:
        """Of the result, in px."""
        return self.weights.side or 128

    def touch(self, *, tracing: bool = False) -> None:
        """Something has changed that the result depends on.

        Args:
            tracing: what is drawn after now is not on the sheet, see `doodle`.
        """
        self.version += 1
        if self.sheet.blank and not tracing:
            self.result = QImage()
            self._shown = self.version

    def doodle(self, image: QImage | None = None) -> Doodle:
        """What is on the sheet now, or other pixels in its place."""
        return Doodle(QImage(image or self.sheet.image), self.request(), self.version)

    def request(self) -> Apply:
        """For the drawing's picture; without its source."""
        look = self.look
        return Apply(
            weights=look.weights,
            source="",
            sha256=self._known.sha256,
            settings=dict(look.settings),
            seed=self.sheet.drawing.seed,
            preview_side=_PREVIEW_SIDE,
        )

    def take(self, version: int, image: QImage) -> bool:
        """Takes a picture, unless a newer one was there; returns whether it did."""
        if version <= self._shown:
            return False
        self._shown, self.result = version, image
        return True
