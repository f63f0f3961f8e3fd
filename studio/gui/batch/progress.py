"""How far a batch is, and the buttons that start, hold and stop it."""

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from studio.core.words.tongue import tr
from studio.gui.state.running.batch_state import BatchState, Phase
from studio.gui.state.wording import sentences
from studio.gui.theme.restyle import restyle


class BatchProgress(QWidget):
    """Shows what fits the phase.

    Signals:
        started, paused, resumed, cancelled: buttons of these names.
        gone_on: the batch that was begun is to be gone on with.
        folder_wanted: the folder of results is to be opened.
        report_wanted: the report is to be saved.
    """

    started = Signal()
    paused = Signal()
    resumed = Signal()
    cancelled = Signal()
    gone_on = Signal()
    folder_wanted = Signal()
    report_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline = QLabel()
        font = self.headline.font()
        font.setBold(True)
        self.headline.setFont(font)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress of the batch"))
        self.counts = QLabel()
        self.rates = QLabel()
        self.rates.setObjectName("dim")
        self.trouble = QLabel()
        self.trouble.setObjectName("error")
        for label in (self.headline, self.counts, self.rates, self.trouble):
            label.setWordWrap(True)
        self.start = _button(tr("Start"), tr("Begin with the first photo"), primary=True)
        self.go_on = _button(tr("Go on"), tr("Do what is left of the batch that was begun"))
        self.pause = _button(tr("Pause"), tr("Wait once the pictures that were begun have ended"))
        self.resume = _button(tr("Resume"), tr("Go on"))
        self.cancel = _button(
            tr("Cancel"), tr("Stop; what is done stays, and it can be gone on with")
        )
        self.open_folder = _button(tr("Open folder"), tr("Show the results"))
        self.save_report = _button(
            tr("Save report…"), tr("Keep what became of each picture, as JSON")
        )
        self._lay_out()
        for button, signal in (
            (self.start, self.started), (self.go_on, self.gone_on), (self.pause, self.paused),
            (self.resume, self.resumed), (self.cancel, self.cancelled),
            (self.open_folder, self.folder_wanted), (self.save_report, self.report_wanted),
        ):  # fmt: skip
            button.clicked.connect(signal)

    def show_state(self, state: BatchState, begun: int | None, *, fits: bool) -> None:
        """Shows a state.

        Args:
            state: of the batch.
            begun: pictures that were done by a batch in the folder of results that has not ended;
                None: there is none.
            fits: whether a batch can be started with what the form says.
        """
        phase = state.phase
        under_way, ended = phase.under_way, phase not in (Phase.NONE, Phase.STARTING)
        _say(self.headline, state.headline())
        _say(self.counts, state.counts())
        _say(self.rates, state.rates())
        trouble = state.trouble
        _say(self.trouble, "" if trouble is None else sentences(trouble.message, trouble.hint))
        self.bar.setVisible(under_way or phase is Phase.FINISHED)
        self.bar.setRange(0, 0 if phase is Phase.STARTING else 1000)
        self.bar.setValue(round(1000 * state.fraction))
        self._show_buttons(state, begun, fits=fits)
        self.open_folder.setVisible(not under_way and ended and state.over > 0)
        self.save_report.setVisible(state.finished is not None and bool(state.finished.report))

    def _show_buttons(self, state: BatchState, begun: int | None, *, fits: bool) -> None:
        phase = state.phase
        focused = any(b.hasFocus() for b in (self.start, self.go_on, self.pause, self.resume))
        self.start.setVisible(not phase.under_way)
        self.start.setEnabled(fits)
        again = phase is Phase.FINISHED and state.failed > 0 and begun is None
        stopped = phase in (Phase.CANCELLED, Phase.FAILED) and state.planned is not None
        self.go_on.setText(tr("Try these again") if again else tr("Go on"))
        goes_on = not phase.under_way and (begun is not None or again or stopped)
        self.go_on.setVisible(goes_on)
        _emphasise(self.go_on if goes_on else self.start, (self.start, self.go_on))
        self.pause.setVisible(phase in (Phase.STARTING, Phase.RUNNING))
        self.resume.setVisible(phase in (Phase.PAUSING, Phase.PAUSED))
        self.cancel.setVisible(phase.under_way)
        self.cancel.setEnabled(phase is not Phase.CANCELLING)
        if focused:  # the button that was pressed may be gone: another has taken its place
            for button in (self.resume, self.pause, self.go_on, self.start):
                if not button.isHidden() and button.isEnabled():
                    button.setFocus()
                    break

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.start, self.go_on, self.pause, self.resume, self.cancel):
            buttons.addWidget(button)
        buttons.addStretch()
        for button in (self.open_folder, self.save_report):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.headline)
        layout.addWidget(self.bar)
        layout.addWidget(self.counts)
        layout.addWidget(self.rates)
        layout.addWidget(self.trouble)
        layout.addLayout(buttons)


def _say(label: QLabel, words: str) -> None:
    label.setText(words)
    label.setVisible(bool(words))


def _emphasise(one: QPushButton, among: Iterable[QPushButton]) -> None:
    for button in among:
        name = "primary" if button is one else ""
        if button.objectName() != name:  # told at each picture of the batch
            button.setObjectName(name)
            restyle(button)


def _button(words: str, tip: str, *, primary: bool = False) -> QPushButton:
    button = QPushButton(words)
    button.setToolTip(tip)
    button.setMinimumHeight(32)
    if primary:
        button.setObjectName("primary")
    return button
