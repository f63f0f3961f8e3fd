"""The line below: device, what runs, progress, time left, keep, cancel."""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from studio.core.words.tongue import tr
from studio.gui.state.place import Detail
from studio.gui.state.running.work import Told, Work
from studio.gui.state.wording import duration
from studio.gui.theme.icons import smaller

# Work that is over sooner than this is not announced: it would only flicker.
_PATIENCE_MS = 300


class StatusLine(QFrame):
    """Tells of the work that runs.

    Signals:
        cancelled: the person wants it to stop.
        kept: the person wants it to end with what it has.
        opened: the person wants to see it, where it has a page of its own.
        escaped: Esc was pressed, and nothing else was there to leave.
    """

    cancelled = Signal()
    kept = Signal()
    opened = Signal()
    escaped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status-line")
        self.setFont(smaller(self.font(), 0.92))
        self.device = QLabel()
        self.device.setObjectName("dim")
        self.device.setToolTip(tr("What the work is done on"))
        self.work = QLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(160)
        self.bar.setAccessibleName(tr("Progress"))
        self.left = QLabel()
        self.left.setObjectName("dim")
        self.keep = QToolButton()
        self.keep.setText(tr("Keep"))
        self.keep.setToolTip(tr("End this work now, with what is there"))
        self._keeps = False
        self.cancel = QToolButton()
        self._has_page = False
        self.jobs = QToolButton()
        self.jobs.setToolTip(tr("What runs, waits and has ended"))
        self.jobs.hide()
        self.extent = QLabel()
        self.extent.setObjectName("dim")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(16)
        for widget in (self.device, self.work, self.bar, self.keep, self.cancel, self.left):
            widget.setFont(self.font())
            layout.addWidget(widget)
        layout.addStretch()
        self.jobs.setFont(self.font())
        layout.addWidget(self.jobs)
        self.extent.setFont(self.font())
        layout.addWidget(self.extent)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(lambda: self._show_work(shown=True))
        self.keep.clicked.connect(self.kept)
        self.cancel.clicked.connect(self._pressed)
        self._show_work(shown=False)

    @property
    def busy(self) -> bool:
        """Whether work is shown."""
        return not self.cancel.isHidden()

    def show_device(self, device: str) -> None:
        """Names the device, such as ``cpu`` or ``cuda:1``."""
        kind, _, number = device.partition(":")
        names = {"cpu": "CPU", "cuda": "GPU", "mps": "Apple GPU", "xpu": "Intel GPU"}
        self.device.setText(f"{names.get(kind, kind)} {number}".strip())

    def show_size(self, size: tuple[int, int] | None, detail: Detail = Detail.FINAL) -> None:
        """Shows the result's (width, height) in px; and what is seen of it, if that is not all."""
        words = "" if size is None else f"{size[0]} × {size[1]} px"
        reduced = {
            Detail.DRAFT: tr("Draft of {size}", size=words),
            Detail.PREVIEW: tr("Preview of {size}", size=words),
        }
        self.extent.setText(reduced.get(detail, words) if words else "")
        more = tr("What is seen is a smaller copy; at 100 % it is as it will be saved.")
        tip = tr("Size of the result")
        self.extent.setToolTip(f"{tip}\n{more}" if detail in reduced else tip)

    def count_jobs(self, under_way: int, known: int) -> None:
        """Shows how many jobs have not ended; the button is there once there was one."""
        self.jobs.setVisible(known > 0)
        self.jobs.setText(tr("Jobs") + (f" ({under_way})" if under_way else ""))

    def tell(self, told: Told | None) -> None:
        """Shows work, if it lasts; None: nothing runs."""
        if told is None:
            self._patience.stop()
            self._show_work(shown=False)
            return
        # A batch is stopped on its page: the button only leads there.
        self._has_page = told.work is Work.BATCH
        self.cancel.setText(tr("Show") if self._has_page else tr("Cancel"))
        stop = tr("Stop this work (Esc)") if told.work is Work.PREVIEW else tr("Stop this work")
        self.cancel.setToolTip(tr("Show this work") if self._has_page else stop)
        self._keeps = told.keeps
        self.keep.setVisible(told.keeps and self.busy)
        self.work.setText(told.words)
        self._show_progress(told)
        if not self.busy and not self._patience.isActive():
            self._patience.start()

    def escape(self) -> None:
        """Esc was pressed."""
        self.escaped.emit()

    def _show_progress(self, told: Told) -> None:
        if told.fraction is None:
            self.bar.setRange(0, 0)
            self.left.clear()
            return
        left = told.seconds_left
        self.bar.setRange(0, 1000)
        self.bar.setValue(round(1000 * told.fraction))
        self.left.setText("" if left is None else tr("{time} left", time=duration(left)))

    def _pressed(self) -> None:
        (self.opened if self._has_page else self.cancelled).emit()

    def _show_work(self, *, shown: bool) -> None:
        for widget in (self.work, self.bar, self.left, self.cancel):
            widget.setVisible(shown)
        self.keep.setVisible(shown and self._keeps)
