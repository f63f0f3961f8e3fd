"""The line under a video: where in it the frame lies that is shown."""

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QToolButton, QWidget

from studio.core.videos import Reel
from studio.core.words.tongue import tr
from studio.gui.photo.marked_slider import MarkedSlider
from studio.gui.state.photo.clips import Marks
from studio.gui.theme.icons import icon
from studio.gui.theme.palette import Theme

_HEIGHT = 40  # px
_ROOMY = 720  # px, width from which the buttons have words


class ScrubBar(QFrame):
    """Chooses a frame.

    Signals:
        moved: (seconds from the beginning).
        played: it should play, or stop.
        frame_wanted: the frame should be saved as a picture.
    """

    moved = Signal(float)
    played = Signal()
    frame_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("scrub-bar")
        self.setFixedHeight(_HEIGHT)
        self._step = 1.0  # seconds, a frame
        self.place = QLabel()
        self.length = QLabel()
        self.length.setObjectName("dim")
        self.slider = MarkedSlider()
        self.slider.setAccessibleName(tr("Frame"))
        self.slider.setToolTip(tr("Which frame is shown; the arrow keys go to the next one"))
        self.play = _button(tr("Play"), "")
        self.play.setEnabled(False)
        self.play.clicked.connect(self.played)
        self.frame = _button(tr("Frame…"), tr("Save this frame as a picture"))
        self.frame.setAccessibleName(tr("Save this frame as a picture"))
        self.frame.clicked.connect(self.frame_wanted)
        self.marking = [_button("", "") for _ in range(3)]
        self._theme: Theme | None = None
        self._plays = False
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(16)
        layout.addWidget(self.play)
        layout.addWidget(self.place)
        layout.addWidget(self.slider, 1)
        layout.addWidget(self.length)
        marking = QHBoxLayout()
        marking.setSpacing(0)
        for button in self.marking:
            marking.addWidget(button)
        layout.addLayout(marking)
        layout.addWidget(self.frame)
        self.slider.valueChanged.connect(self._moved)

    def show_reel(self, reel: Reel | None, seconds: float) -> None:
        """Shows a video, None while its length is unknown, and where in it one is."""
        self._step = 1.0 if reel is None else reel.frame
        count = 0 if reel is None else max(0, round(reel.seconds / reel.frame) - 1)
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, count)
            self.slider.setPageStep(max(1, round(1 / self._step)))
            self.slider.setValue(round(seconds / self._step))
        for widget in (self.slider, self.play):
            widget.setEnabled(count > 0)
        self.length.setText("" if reel is None else clock(reel.seconds))
        self._say(seconds)

    def take_actions(self, *actions: QAction) -> None:
        """Gives the buttons that mark a part their actions: it begins, it ends, it is all."""
        for button, action in zip(self.marking, actions, strict=True):
            button.setDefaultAction(action)
            button.setAccessibleName(action.text())
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)

    def show_marks(self, marks: Marks) -> None:
        """Shows which part of the video is wanted."""
        end = self.slider.maximum() if marks.end is None else round(marks.end / self._step) - 1
        part = round(marks.begin / self._step), end
        self.slider.show_part(None if marks == Marks() else part)

    def show_playing(self, plays: bool) -> None:
        """Says what the button does."""
        self._plays = plays
        self.play.setText(tr("Pause") if plays else tr("Play"))
        self.play.setAccessibleName(self.play.text())
        if self._theme is not None:
            self.dress(self._theme)

    def dress(self, theme: Theme) -> None:
        """Gives the buttons their icons."""
        self._theme = theme
        self.play.setIcon(icon("pause" if self._plays else "play", theme))
        self.frame.setIcon(icon("camera", theme))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        style = Qt.ToolButtonStyle
        roomy = self.width() >= _ROOMY
        words = style.ToolButtonTextBesideIcon if roomy else style.ToolButtonIconOnly
        if words is self.play.toolButtonStyle() and self.play.minimumWidth():
            return
        for button in (self.play, self.frame):
            button.setToolButtonStyle(words)
        self.play.setMinimumWidth(self._widest())

    def _widest(self) -> int:
        """Of the button that plays, with both its words: else the line would jump at each click."""
        shown, widths = self.play.text(), list[int]()
        for words in (tr("Play"), tr("Pause")):
            self.play.setText(words)
            widths.append(self.play.sizeHint().width())
        self.play.setText(shown)
        return max(widths)

    def _moved(self, number: int) -> None:
        seconds = number * self._step
        self._say(seconds)
        self.moved.emit(seconds)

    def _say(self, seconds: float) -> None:
        self.place.setText(clock(seconds))
        self.slider.setAccessibleDescription(self.place.text())


def _button(words: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(words)
    button.setAccessibleName(words)
    button.setToolTip(tip)
    button.setIconSize(QSize(18, 18))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def clock(seconds: float) -> str:
    """Such as ``0:03.2`` or ``1:02:03.0``."""
    tenths = round(10 * seconds)
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    behind = f"{rest // 10:02}.{rest % 10}"
    return f"{hours}:{minutes:02}:{behind}" if hours else f"{minutes}:{behind}"
