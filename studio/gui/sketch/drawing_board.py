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
_UPSCALES = 2  # times that a result is made twice as large


class DrawingBoard(QObject):
    """A sheet, how its picture should look, and the newest picture of it.

    Args:
        known: the weights.
        look: with the settings to begin with.
        upscaler: enlarges results; None: nothing does.

    Attributes:
        colour: that the pen has for it, ``#rrggbb``.
        version: of what the result depends on; counts up.
        result: the picture; null while there is none.
        sharp: whether it is as large as it can be.
        others: pictures of the same drawing by their seeds; not all of them need be of what is
            drawn now.
        fresh: the seeds of those that are.
        held: pictures of what is held, by its number, as far as they are there.
    """

    def __init__(
        self, known: Known, look: Look, upscaler: Known | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._known, self.upscaler = known, upscaler
        self._look = look
        self.subject: Subject = subject_of(known.weights)
        self.sheet = Sheet(self.subject, self)
        self.colour = self.subject.pen
        self.result = QImage()
        self.sharp = False
        self.others: dict[int, QImage] = {}
        self.fresh: set[int] = set()
        self._others_of: object = None  # what is drawn
        self.held: dict[int, QImage] = {}
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
        """Of the result where it is sharp, in px."""
        side = self.weights.side or 128
        return side if self.upscaler is None else side * self.upscaler.weights.scale**_UPSCALES

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

    def large(self, request: Apply) -> Apply:
        """For a picture that is as large as it can be."""
        if self.upscaler is None:
            return request
        return replace(
            request, upscaler=self.upscaler.weights.id, upscaler_sha256=self.upscaler.sha256,
            upscales=_UPSCALES,
        )  # fmt: skip

    def when_held(self, number: int) -> tuple[QImage, Apply]:
        """The paper as it was when something was held, and the request for its picture."""
        then = self.sheet.drawing.when_held(number)
        settings = {**self._look.settings, **then.settings}
        request = replace(self.request(), settings=settings, seed=then.seed)
        return self.sheet.image_of(then), request

    def keep_others(self) -> None:
        """Sees which of the others are still of what is drawn."""
        drawn = self.sheet.image.cacheKey(), tuple(self.look.settings.items())
        if drawn != self._others_of:
            self._others_of = drawn
            self.fresh.clear()

    def has_other(self, seed: int) -> bool:
        """Whether the picture of a seed is of what is drawn."""
        return seed in self.fresh

    def forget_others(self) -> None:
        """Has no pictures of other seeds any more."""
        self.others.clear()
        self.fresh.clear()

    def sharpen(self, version: int, image: QImage) -> bool:
        """Takes the picture of a version in full size; returns whether it is the one shown."""
        if version != self._shown or self.result.isNull():
            return False
        self.result, self.sharp = image, True
        return True

    def take(self, version: int, image: QImage) -> bool:
        """Takes a picture, unless a newer one was there; returns whether it did."""
        if version <= self._shown:
            return False
        self._shown, self.result, self.sharp = version, image, False
        return True
