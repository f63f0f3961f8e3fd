"""Takes a picture over as lines: reads it once, then finds its lines anew for each threshold."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.core.drawings.lines import Outlines, find_lines, lay_out
from studio.core.errors import StudioError
from studio.gui.drawing.pixels import picture_of
from studio.gui.drawing.raster import blank, paint_lines
from studio.gui.sketch.subjects import Subject
from studio.gui.state.background import Background
from studio.gui.state.drawing import PAPER, Lines
from studio.gui.state.photo.loading import ScreenCopy
from studio.gui.state.photo.reading import Reading
from studio.reader.reader import GiveUp

_LONGEST = 1024  # px, of the copy that lines are looked for in


@dataclass(frozen=True, eq=False)
class Traced:
    """Lines, and the paper with them."""

    lines: Lines
    image: QImage


class LineImport(QObject):
    """One picture at a time.

    Signals:
        shown: (Traced) whenever the lines of the latest threshold are there.
        failed: (StudioError) the picture cannot be read.
    """

    shown = Signal(object)
    failed = Signal(object)

    def __init__(
        self, background: Background, reading: Reading, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._reading = reading
        self._opening: GiveUp | None = None
        self._laying_out = background.latest(self._take_outlines, self._fail)
        self._finding = background.latest(self._take_traced, self._fail)
        self._outlines: Outlines | None = None
        self._subject: Subject | None = None
        self._colour = ""
        self._threshold = 0.0
        self.traced: Traced | None = None

    @property
    def on(self) -> bool:
        """Whether a picture is being taken over."""
        return self._subject is not None

    def start(self, picture: Path | QImage, subject: Subject, colour: str, threshold: int) -> None:
        """Begins with a picture.

        Args:
            picture: its file, or the picture itself.
            subject: what is drawn on the paper.
            colour: of the lines.
            threshold: 0 to 100.
        """
        self.stop()
        self._subject, self._colour, self._threshold = subject, colour, threshold / 100
        if isinstance(picture, QImage):
            self._lay_out(picture)
        else:
            self._opening = self._reading.picture(picture, _LONGEST, self._take_opened, self._fail)

    def move(self, threshold: int) -> None:
        """Wants the lines of another threshold, 0 to 100."""
        self._threshold = threshold / 100
        self._find()

    def stop(self) -> None:
        """Is done with the picture."""
        if self._opening is not None:
            self._opening()
        self._laying_out.give_up()
        self._finding.give_up()
        self._outlines = self._subject = self.traced = None

    def _take_opened(self, opened: ScreenCopy) -> None:
        if self.on:
            self._lay_out(opened.image)

    def _lay_out(self, image: QImage) -> None:
        self._laying_out.wish(partial(_outlines_of, image))

    def _take_outlines(self, outlines: Outlines) -> None:
        self._outlines = outlines
        self._find()

    def _find(self) -> None:
        if self._outlines is not None and self._subject is not None:
            self._finding.wish(
                partial(_trace, self._outlines, self._threshold, self._subject, self._colour)
            )

    def _take_traced(self, traced: Traced) -> None:
        self.traced = traced
        self.shown.emit(traced)

    def _fail(self, error: StudioError) -> None:
        self.stop()
        self.failed.emit(error)


def _outlines_of(image: QImage) -> Outlines:
    return lay_out(picture_of(image).reduced(_LONGEST), PAPER)


def _trace(outlines: Outlines, threshold: float, subject: Subject, colour: str) -> Traced:
    ink = np.rint(find_lines(outlines, threshold) * 255).astype(np.uint8)
    lines = Lines(ink.tobytes(), colour, subject.smooth)
    image = blank(subject.ground)
    paint_lines(image, lines)
    return Traced(lines, image)
