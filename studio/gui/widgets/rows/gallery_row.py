"""A choice with thumbnails, and the slider that shares between two of them."""

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.core.controls import Choice, Value
from studio.core.words.tongue import tr
from studio.gui.state.gesture import NO_GESTURE, Gesture
from studio.gui.theme.icons import smaller
from studio.gui.widgets.gallery import Gallery
from studio.gui.widgets.rows.control_row import Row
from studio.gui.widgets.rows.gesture_slider import GestureSlider

_LEAST, _MOST = 5, 95  # per cent of the first of two


class GalleryRow(Row):
    """Picks one option; with Ctrl, or with "Blend" on, a second one to blend it with."""

    def __init__(self, choice: Choice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choice = choice
        self._shares: dict[str, float] = {}
        self.gallery = Gallery(choice)
        self.blend = QToolButton()
        self.blend.setText(tr("Blend"))
        self.blend.setCheckable(True)
        self.blend.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.blend.setToolTip(
            tr("Mix two styles: the next one you click joins the first (Ctrl+click)")
        )
        if not choice.blends:
            self.blend.hide()
        self._mix = QWidget()
        self._first, self._second = QLabel(), QLabel()
        self.slider = GestureSlider(100 - _MOST, 100 - _LEAST)
        self._lay_out(choice.label)
        self.gallery.picked.connect(self._picked)
        self.blend.toggled.connect(self._toggled)
        self.slider.slid.connect(self._mixed)
        self.slider.reset.connect(lambda: self._tell(list(self._shares), 0.5))
        self.show_value(choice.default)

    def show_value(self, value: Value) -> None:
        before, self._shares = len(self._shares), self._choice.shares(str(value))
        self.gallery.show_shares(self._shares)
        mixed = len(self._shares) == 2
        self._mix.setVisible(mixed)
        if max(before, len(self._shares)) > 1:  # else it may be on, waiting for the second
            with QSignalBlocker(self.blend):
                self.blend.setChecked(len(self._shares) > 1)
        if mixed:
            (first, share), (second, _) = self._shares.items()
            self._first.setText(self._short(first))
            self._second.setText(self._short(second))
            with QSignalBlocker(self.slider):
                self.slider.setValue(100 - round(100 * share))
            told = (f"{part:.0%} {self.gallery.title(id_)}" for id_, part in self._shares.items())
            self.slider.setAccessibleDescription(", ".join(told))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():  # as by minimising: else it would still wait after a long way
            with QSignalBlocker(self.blend):
                self.blend.setChecked(len(self._shares) > 1)

    def finish(self) -> None:
        self.slider.let_go()

    def _lay_out(self, label: str) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(2, 0, 12, 0)
        title = QLabel(label)
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        top.addWidget(title)
        top.addStretch()
        top.addWidget(self.blend)
        self.slider.setAccessibleName(tr("Shares of the two styles"))
        self.slider.setToolTip(tr("How much of each of the two styles\nDouble click shares alike."))
        names = QHBoxLayout()
        for name in (self._first, self._second):
            name.setFont(smaller(self.font()))
            name.setObjectName("dim")
            name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            names.addWidget(name, 1)
        self._second.setAlignment(Qt.AlignmentFlag.AlignRight)
        mix = QVBoxLayout(self._mix)
        mix.setContentsMargins(2, 8, 12, 0)
        mix.setSpacing(0)
        mix.addLayout(names)
        mix.addWidget(self.slider)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.gallery, 1)
        layout.addWidget(self._mix)

    def _short(self, option: str) -> str:
        metrics = self._first.fontMetrics()
        return metrics.elidedText(self.gallery.title(option), Qt.TextElideMode.ElideRight, 136)

    def _picked(self, option: str, blending: bool) -> None:
        names = list(self._shares)
        if not (self._choice.blends and (blending or self.blend.isChecked())):
            names = [option]
        elif option in names:
            names = [name for name in names if name != option] or names
        else:
            names = [names[0], option]
        self._tell(names, 0.5)

    def _toggled(self, on: bool) -> None:
        if not on and len(self._shares) > 1:
            self._tell(list(self._shares)[:1], 1.0)

    def _mixed(self, position: int, gesture: Gesture) -> None:
        self._tell(list(self._shares), 1 - position / 100, gesture)

    def _tell(self, names: list[str], share: float, gesture: Gesture = NO_GESTURE) -> None:
        if len(names) == 1:
            value = names[0]
        else:
            value = f"{names[0]}:{share:.2f},{names[1]}:{1 - share:.2f}"
        self.edited.emit(value, gesture)
