"""The panel at the right: the tool's gallery and controls, built from the weights' controls."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.core.controls import Control, Settings
from studio.core.words.tongue import tr
from studio.gui.theme.icons import icon
from studio.gui.theme.palette import DARK, Theme
from studio.gui.widgets.painting_shelf import PaintingShelf
from studio.gui.widgets.picture.histogram import Tones
from studio.gui.widgets.rows.control_form import ControlForm
from studio.gui.widgets.rows.control_row import Row
from studio.gui.widgets.rows.gallery_row import GalleryRow
from studio.gui.widgets.rows.more import More
from studio.gui.widgets.steps.steps_row import StepsRow
from studio.gui.widgets.tab_order import put_behind
from studio.gui.widgets.weights_gallery import WeightsGallery

FORMS = 16  # that are kept; the gallery's is another one with each style that is learnt


class Panel(QFrame):
    """Shows a model's controls and tells what a person does with them.

    Signals:
        edited: (control's name, value, Gesture).
        weights_chosen: (id) of other weights for the same tool.
        mask_wanted: a file should be chosen as mask.
        folder_wanted: a whole folder should be done so.
        focus_lost: what had the focus has gone with what was shown.
    """

    edited = Signal(str, object, object)
    weights_chosen = Signal(str)
    mask_wanted = Signal()
    folder_wanted = Signal()
    focus_lost = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._theme = DARK
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
        self._side: QWidget | None = None
        self._tones: Tones | None = None
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
        self._middle = QVBoxLayout()
        self._layout.addLayout(self._middle, 1)
        self.presets = QPushButton(tr("Presets"))
        self.presets.setToolTip(tr("Settings that you gave a name"))
        self.presets.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # its icon is lit while it has it
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
        self._ordering = QTimer(self, singleShot=True, interval=0)  # once for all that is shown
        self._ordering.timeout.connect(self._order)
        self._forms: dict[tuple[tuple[Control, ...], bool], ControlForm] = {}  # last used, last
        self._form = self.form_of((), False)
        self._form.show()
        self.weights.hide()
        self.show_note("")

    def row(self, name: str) -> Row:
        """The row of a control."""
        return self._form.rows[name]

    @property
    def more(self) -> More | None:
        """What folds away the controls that nobody has a name for, where there are some."""
        return self._form.more

    def gallery_rows(self) -> dict[str, GalleryRow]:
        """Those rows that show thumbnails, by the control's name."""
        return self._form.galleries

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
                self._layout.insertWidget(self._layout.indexOf(self._middle), side)
            side.show()
        self._side = side
        self._ordering.start()

    def show_controls(self, controls: Sequence[Control], has_uses: bool) -> None:
        """Shows the form of some controls, see `form_of`; for photos presets and whole folders."""
        before, self._form = self._form, self.form_of(controls, has_uses)
        if self._form is not before:
            before.hide()
            self._form.show()
        self.show_tones(self._tones)
        self._foot.setVisible(has_uses)
        self._ordering.start()

    def form_of(self, controls: Sequence[Control], has_uses: bool) -> ControlForm:
        """The form of some controls, made where it is not at hand; it is not shown yet.

        Args:
            controls: of weights.
            has_uses: whether the weights work on photos.
        """
        key = tuple(controls), has_uses
        form = self._forms.pop(key, None)
        if form is None:
            form = ControlForm(controls, has_uses, self)
            form.hide()
            form.set_theme(self._theme)
            form.ensurePolished()
            form.edited.connect(self.edited)
            form.mask_wanted.connect(self.mask_wanted)
            self._middle.addWidget(form)
        self._forms[key] = form
        if len(self._forms) > FORMS:
            self._drop_oldest()
        return form

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002 - Qt's
        focused = QApplication.focusWidget()
        if focused is None or focused.isVisible() or self._form.isAncestorOf(focused):
            return super().focusNextPrevChild(next)
        # Hidden: Qt would give the focus to whatever comes next, such as the presets.
        self.focus_lost.emit()
        return True

    def _drop_oldest(self) -> None:
        oldest = next(key for key, form in self._forms.items() if form is not self._form)
        form = self._forms.pop(oldest)
        self._middle.removeWidget(form)
        form.deleteLater()

    @property
    def has_histogram(self) -> bool:
        """Whether there is room for one."""
        return self._form.histogram is not None

    def show_tones(self, tones: Tones | None) -> None:
        """Shows them in the histogram, now and when there is one again."""
        self._tones = tones
        if self._form.histogram is not None:
            self._form.histogram.show_tones(tones)

    def show_settings(self, settings: Settings) -> None:
        """Shows values without telling of them."""
        for name, row in self._form.rows.items():
            if name in settings:
                row.show_value(settings[name])

    def finish(self) -> None:
        """Tells what is being typed, and ends a drag, before something else is shown or done."""
        for row in self._form.rows.values():
            row.finish()

    def show_levels(self, levels: Mapping[str, float]) -> None:
        """Shows what the model found in the photo, for the sliders that stand at auto."""
        for name, row in self._form.rows.items():
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
        for form in self._forms.values():
            form.set_theme(theme)

    def _order(self) -> None:
        """Makes Tab go from top to bottom."""
        side = () if self._side is None else (self._side,)
        put_behind(self.weights, self.pictures, self.paintings, *side, self._form, self._foot)
