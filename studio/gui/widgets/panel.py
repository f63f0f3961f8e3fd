"""The panel at the right: the tool's gallery and controls, built from the weights' controls."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from studio.core.controls import Choice, Control, Settings, Slider
from studio.core.words.tongue import tr
from studio.gui.theme.icons import icon
from studio.gui.theme.palette import DARK, Theme
from studio.gui.widgets.painting_shelf import PaintingShelf
from studio.gui.widgets.picture.histogram import Histogram, Tones
from studio.gui.widgets.rows.control_row import Row
from studio.gui.widgets.rows.control_rows import MaskRow, make_row
from studio.gui.widgets.rows.gallery_row import GalleryRow
from studio.gui.widgets.rows.more import More
from studio.gui.widgets.steps.steps_row import StepsRow
from studio.gui.widgets.tab_order import put_behind
from studio.gui.widgets.weights_gallery import WeightsGallery


class Panel(QFrame):
    """Shows a model's controls and tells what a person does with them.

    Signals:
        edited: (control's name, value, Gesture).
        weights_chosen: (id) of other weights for the same tool.
        mask_wanted: a file should be chosen as mask.
        folder_wanted: a whole folder should be done so.
    """

    edited = Signal(str, object, object)
    weights_chosen = Signal(str)
    mask_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._theme = DARK
        self._rows: dict[str, Row] = {}
        self.weights = QComboBox()
        self.weights.setAccessibleName(tr("Weights"))
        self.weights.setToolTip(tr("Which weights to use"))
        self.weights.activated.connect(
            lambda _: self.weights_chosen.emit(self.weights.currentData())
        )
        self.pictures = WeightsGallery(tr("Direction"))
        self.pictures.chosen.connect(self.weights_chosen)
        self.paintings = PaintingShelf()
        self.note = QLabel()
        self.note.setObjectName("dim")
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._body = QWidget()
        self._side: QWidget | None = None
        self.more: More | None = None
        self._histogram: Histogram | None = None
        self._tones: Tones | None = None
        self._has_uses = True
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(10, 8, 0, 8)
        self._layout.setSpacing(8)
        self.steps = StepsRow()
        self._layout.addWidget(self.steps)
        for widget in (self.weights, self.pictures, self.paintings, self.note):
            inset = QHBoxLayout()
            inset.setContentsMargins(2, 0, 12, 0)
            inset.addWidget(widget)
            self._layout.addLayout(inset)
        self._layout.addWidget(self._body, 1)
        self.presets = QPushButton(tr("Presets"))
        self.presets.setToolTip(tr("Settings that you gave a name"))
        self.folder = QPushButton(tr("Whole folder…"))
        self.folder.setToolTip(tr("Do a whole folder of photos with these settings"))
        self.folder.clicked.connect(self.folder_wanted)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(2, 0, 12, 0)
        foot.setSpacing(8)
        foot.addWidget(self.presets, 1)
        foot.addWidget(self.folder, 1)
        self._layout.addWidget(self._foot)
        self._foot.hide()
        self.weights.hide()
        self.show_note("")

    def row(self, name: str) -> Row:
        """The row of a control."""
        return self._rows[name]

    def gallery_rows(self) -> dict[str, GalleryRow]:
        """Those rows that show thumbnails, by the control's name."""
        return {name: row for name, row in self._rows.items() if isinstance(row, GalleryRow)}

    def show_note(self, words: str) -> None:
        """Shows words in the place of controls; empty for none."""
        self.note.setText(words)
        self.note.setVisible(bool(words))

    def show_weights(
        self, choices: Sequence[tuple[str, str]], current: str, *, by_pictures: bool = False
    ) -> None:
        """Offers the (id, title) of each of the tool's weights, if there are several."""
        self.weights.clear()
        self.pictures.show_weights(choices if by_pictures else ())
        self.pictures.show_chosen(current)
        for weights, title in choices:
            self.weights.addItem(title, weights)
        self.weights.setCurrentIndex(self.weights.findData(current))
        self.weights.setVisible(len(choices) > 1 and not by_pictures)

    def show_side(self, side: QWidget | None) -> None:
        """Shows a page's own part above the controls, or none any more."""
        if side is self._side:
            return
        if self._side is not None:
            self._side.hide()
        if side is not None:
            if self._layout.indexOf(side) < 0:
                self._layout.insertWidget(self._layout.indexOf(self._body), side)
            side.show()
        self._side = side
        self._order()

    def offer_uses(self, offered: bool) -> None:
        """Offers presets and whole folders, with the controls that are shown next."""
        self._has_uses = offered

    def show_controls(self, controls: Sequence[Control]) -> None:
        """Builds the form: galleries on top, the other controls below them.

        From the outside in: what gets a parent is styled anew with all that is in it.
        """
        self._body.hide()
        self._body.deleteLater()
        self._body = QWidget(self)
        self._layout.insertWidget(self._layout.indexOf(self._foot), self._body, 1)
        layout = QVBoxLayout(self._body)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self._rows = {c.name: self._make(c) for c in controls}
        galleries = self.gallery_rows()
        for row in galleries.values():
            row.gallery.set_theme(self._theme)
            layout.addWidget(row, 1)
        if galleries:
            inset = QHBoxLayout()
            inset.setContentsMargins(2, 0, 12, 0)
            layout.addLayout(inset)
            inset.addWidget(_separator())
        area = _Scrolling()
        layout.addWidget(area)
        self._add_plain(area, controls)
        self._histogram = None
        if not galleries:
            layout.addStretch(1)
        if not galleries and self._has_uses:
            self._add_histogram(layout)
        self._foot.setVisible(self._has_uses)
        self._order()

    def _add_plain(self, area: "_Scrolling", controls: Sequence[Control]) -> None:
        """Puts in the rows that are no galleries; those that nobody has a name for are folded."""
        plain = {n: row for n, row in self._rows.items() if not isinstance(row, GalleryRow)}
        folded = {c.name for c in controls if isinstance(c, Slider) and c.unnamed}
        for name, row in plain.items():
            if name not in folded:
                area.add(row)
        self.more = None
        if folded:
            hidden = [plain[name] for name in plain if name in folded]
            tip = tr("Show the controls that nobody has a name for, or hide them")
            self.more = More(hidden, tr("More"), tip)
            area.add(self.more)
            self.more.button.toggled.connect(area.updateGeometry)

    @property
    def has_histogram(self) -> bool:
        """Whether there is room for one."""
        return self._histogram is not None

    def show_tones(self, tones: Tones | None) -> None:
        """Shows them in the histogram, now and when there is one again."""
        self._tones = tones
        if self._histogram is not None:
            self._histogram.show_tones(tones)

    def show_settings(self, settings: Settings) -> None:
        """Shows values without telling of them."""
        for name, row in self._rows.items():
            if name in settings:
                row.show_value(settings[name])

    def show_levels(self, levels: Mapping[str, float]) -> None:
        """Shows what the model found in the photo, for the sliders that stand at auto."""
        for name, row in self._rows.items():
            row.show_level(levels.get(name))

    def set_thumbnail(self, name: str, option: str, image: QImage) -> None:
        """Gives an option of a gallery its picture."""
        row = self.gallery_rows().get(name)
        if row is not None:
            row.gallery.set_thumbnail(option, image)

    def dress(self, theme: Theme) -> None:
        """Gives the buttons their icons."""
        self.steps.dress(theme)
        self.presets.setIcon(icon("bookmark-simple", theme))
        self.folder.setIcon(icon("folders", theme))

    def set_theme(self, theme: Theme) -> None:
        """Paints in other colours."""
        self._theme = theme
        self.pictures.set_theme(theme)
        self.paintings.set_theme(theme)
        for row in self.gallery_rows().values():
            row.gallery.set_theme(theme)
        if self._histogram is not None:
            self._histogram.theme = theme
            self._histogram.update()

    def _add_histogram(self, layout: QVBoxLayout) -> None:
        self._histogram = Histogram()
        self._histogram.theme = self._theme
        self._histogram.show_tones(self._tones)
        inset = QHBoxLayout()
        inset.setContentsMargins(2, 0, 12, 0)
        inset.addWidget(self._histogram)
        layout.addLayout(inset, 2)

    def _order(self) -> None:
        """Makes Tab go from top to bottom."""
        side = () if self._side is None else (self._side,)
        put_behind(self.weights, self.pictures, self.paintings, *side, self._body, self._foot)

    def _make(self, control: Control) -> Row:
        if isinstance(control, Choice) and control.blends:
            row: Row = GalleryRow(control)
        else:
            row = make_row(control)
        if isinstance(row, MaskRow):
            row.choose.clicked.connect(self.mask_wanted)
        row.edited.connect(partial(self.edited.emit, control.name))
        return row


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
