"""The page of the tool "Faces": samples, one of them large, and the pinned ones below."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QIcon, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from studio.core.words.tongue import tr
from studio.gui.faces.grid import FaceGrid
from studio.gui.faces.pin_tray import PinTray
from studio.gui.faces.subjects import Subject
from studio.gui.faces.time_line import TimeLine
from studio.gui.state.clipboard import local_files
from studio.gui.theme.icons import icon
from studio.gui.theme.palette import DARK, Theme
from studio.gui.widgets.buttons import ButtonRow, UseButton, raised_button
from studio.gui.widgets.page import Page
from studio.gui.widgets.result_view import ResultView
from studio.gui.widgets.table import Table
from studio.gui.widgets.weights_gallery import WeightsGallery

COUNTS = (9, 16, 25, 36, 64)
"""Numbers of samples to choose from."""

_LAST_SEED = 2**31 - 1 - max(COUNTS)
_ROOMY = 420  # px, width from which the number has a label


class FacesPage(Page):
    """Lays out; what the parts do is told by their own signals.

    Signals:
        dropped: (path) of a file of latents.
    """

    dropped = Signal(object)
    is_tool = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAcceptDrops(True)
        self._theme, self._dressed = DARK, False
        self._side = QWidget()
        self.weights = WeightsGallery(tr("Make"))
        self.seed = QSpinBox()
        self.seed.setRange(0, _LAST_SEED)
        self.seed.setKeyboardTracking(False)
        self.seed.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.seed.setFixedSize(88, 32)
        self.count = QComboBox()
        self.count.setFixedHeight(32)
        for number in COUNTS:
            self.count.addItem("", number)
        self.others = raised_button(tr("Others"), tr("Show the next ones (N)"))
        self.open = raised_button(tr("Open…"), tr("Open what was saved as numbers"))
        self.grid = FaceGrid()
        self.large = ResultView()
        self.pin = raised_button(tr("Pin"), tr("Keep it (P)"))
        self.mixture = raised_button(
            tr("Mixture"), tr("Show what lies between the pinned ones (X)")
        )
        self.play = raised_button(tr("Play"), "")
        self.play.setCheckable(True)
        self.time = TimeLine()
        self.save = raised_button(tr("Save…"), tr("Save it, the grid, a film or the numbers"))
        self.use = UseButton(tr("Go on with it in another tool"))
        self.name = QLabel()
        self.name.setObjectName("dim")
        self.pins = PinTray()
        self.show_playing(False)
        self._lay_out()

    @property
    def side(self) -> QWidget:
        return self._side

    def take_focus(self) -> None:
        self.grid.setFocus()

    def speak_of(self, subject: Subject) -> None:
        """Calls what is shown by its name."""
        noun, plural = subject.noun, subject.plural
        self.seed.setToolTip(
            tr("Each number is a {noun}; this is the first one's, left above", noun=noun)
        )
        self.seed.setAccessibleName(tr("Number of the first {noun}", noun=noun))
        self.count.setToolTip(tr("How many {plural} to show at once", plural=plural))
        self.count.setAccessibleName(tr("How many {plural}", plural=plural))
        for row, number in enumerate(COUNTS):
            self.count.setItemText(row, tr("{number} {plural}", number=number, plural=plural))
        self.others.setText(tr("Other {plural}", plural=plural))
        self.others.setAccessibleName(self.others.text())
        self.pins.invite(plural)

    def show_playing(self, playing: bool) -> None:
        """Offers to pause where it plays, or else to play."""
        words, name = (tr("Pause"), "pause") if playing else (tr("Play"), "play")
        self.play.setText(words)
        self.play.setAccessibleName(words)
        what = tr("Stop here") if playing else tr("Walk from one pinned one to the next")
        self.play.setToolTip(f"{what} (Ctrl+Enter)")
        self.play.setIcon(icon(name, self._theme) if self._dressed else QIcon())

    def dress(self, theme: Theme) -> None:
        """Gives the page its icons and colours."""
        self._theme, self._dressed = theme, True
        self.large.theme = theme
        for button, name in (
            (self.others, "dice-five"), (self.open, "folder-open"), (self.pin, "push-pin"),
            (self.mixture, "intersect"), (self.save, "export"), (self.use, "arrow-square-out"),
        ):  # fmt: skip
            button.setIcon(icon(name, theme))
        self.show_playing(self.play.isChecked())
        self.grid.set_theme(theme)
        self.pins.dress(theme)
        self.weights.set_theme(theme)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._label.setVisible(self.width() >= _ROOMY)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._latents_among(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = self._latents_among(event)
        if path is not None:
            event.acceptProposedAction()
            self.dropped.emit(path)

    def _latents_among(self, event: QDropEvent) -> Path | None:
        files = local_files(event.mimeData())
        return next((file for file in files if file.suffix.lower() == ".json"), None)

    def _lay_out(self) -> None:
        side = QVBoxLayout(self._side)
        side.setContentsMargins(2, 0, 12, 0)
        side.addWidget(self.weights)
        above = QHBoxLayout()
        above.setSpacing(8)
        self._label = QLabel(tr("From No."))
        self._label.setBuddy(self.seed)
        for widget in (self._label, self.seed, self.count):
            above.addWidget(widget)
        above.addWidget(ButtonRow(self.others, self.open, centred=False), 1)
        above.addWidget(self.name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 8, 16, 8)
        layout.setSpacing(8)
        layout.addLayout(above)
        under_grid = ButtonRow(self.mixture, self.play, self.time)
        under_large = ButtonRow(self.pin, self.save, self.use)
        layout.addWidget(Table((self.grid, under_grid), (self.large, under_large)), 1)
        layout.addWidget(self.pins)
