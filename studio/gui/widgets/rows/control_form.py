"""The rows of a model's controls: galleries on top, the others below them."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from studio.core.controls import Choice, Control, Slider
from studio.core.words.tongue import tr
from studio.gui.theme.palette import Theme
from studio.gui.widgets.picture.histogram import Histogram
from studio.gui.widgets.rows.control_row import Row
from studio.gui.widgets.rows.control_rows import MaskRow, make_row
from studio.gui.widgets.rows.gallery_row import GalleryRow
from studio.gui.widgets.rows.more import More


class ControlForm(QWidget):
    """Built from the outside in: what gets a parent is styled anew with all that is in it.

    Args:
        controls: of a model.
        counts_tones: where there is room left, it holds a histogram.

    Signals:
        edited: (control's name, value, Gesture).
        mask_wanted: a file should be chosen as mask.
    """

    edited = Signal(str, object, object)
    mask_wanted = Signal()

    def __init__(self, controls: Sequence[Control], counts_tones: bool, parent: QWidget) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self.rows = {control.name: self._make(control) for control in controls}
        self.more: More | None = None
        self.histogram: Histogram | None = None
        self.galleries = {n: r for n, r in self.rows.items() if isinstance(r, GalleryRow)}
        for row in self.galleries.values():
            layout.addWidget(row, 1)
        if self.galleries:
            layout.addLayout(_inset(_separator()))
        area = _Scrolling()
        layout.addWidget(area)
        self._add_plain(area, controls)
        if not self.galleries:
            layout.addStretch(1)
            if counts_tones:
                self.histogram = Histogram()
                layout.addLayout(_inset(self.histogram), 2)

    def set_theme(self, theme: Theme) -> None:
        """Paints in other colours."""
        for row in self.galleries.values():
            row.gallery.set_theme(theme)
        if self.histogram is not None:
            self.histogram.theme = theme
            self.histogram.update()

    def _add_plain(self, area: "_Scrolling", controls: Sequence[Control]) -> None:
        """Puts in the rows that are no galleries; those that nobody has a name for are folded."""
        plain = {name: row for name, row in self.rows.items() if name not in self.galleries}
        folded = {c.name for c in controls if isinstance(c, Slider) and c.unnamed}
        for name, row in plain.items():
            if name not in folded:
                area.add(row)
        if folded:
            hidden = [plain[name] for name in plain if name in folded]
            tip = tr("Show the controls that nobody has a name for, or hide them")
            self.more = More(hidden, tr("More"), tip)
            area.add(self.more)
            self.more.button.toggled.connect(area.updateGeometry)

    def _make(self, control: Control) -> Row:
        if isinstance(control, Choice) and control.blends:
            row: Row = GalleryRow(control)
        else:
            row = make_row(control)
        if isinstance(row, MaskRow):
            row.choose.clicked.connect(self.mask_wanted)
        row.edited.connect(partial(self.edited.emit, control.name))
        return row


def _inset(widget: QWidget) -> QHBoxLayout:
    layout = QHBoxLayout()
    layout.setContentsMargins(2, 0, 12, 0)
    layout.addWidget(widget)
    return layout


def _separator() -> QFrame:
    line = QFrame()
    line.setObjectName("separator")
    line.setFixedHeight(1)
    return line


class _Scrolling(QScrollArea):
    """As high as the rows in it are now, and scrolls where there is less room.

    Qt's own remembers how high that was at first.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it scrolls to what has the focus
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._inside = QWidget()
        self.setWidget(self._inside)
        self._rows = QVBoxLayout(self._inside)
        self._rows.setContentsMargins(2, 0, 12, 0)
        self._rows.setSpacing(8)

    def add(self, row: QWidget) -> None:
        """Adds a row at the bottom."""
        self._rows.addWidget(row)

    def sizeHint(self) -> QSize:
        return self._inside.sizeHint()
