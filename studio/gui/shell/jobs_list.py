"""The list of jobs, which opens above the status line."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.core.requests import JobId
from studio.core.words.tongue import tr
from studio.gui.state.running.job_list import ListedJob, Standing
from studio.gui.state.wording import duration
from studio.gui.theme.icons import coloured_icon, icon, smaller
from studio.gui.theme.palette import Theme
from studio.gui.theme.restyle import restyle
from studio.gui.widgets.labels import bold_label

PICTURE = 48  # px, a job's
_WIDTH = 460
_MOST_HEIGHT = 420


class JobRow(QFrame):
    """One job: its picture, what it does, how far it is, and what can be done with it.

    Signals:
        chosen: (what, `ListedJob`): ``pause``, ``resume``, ``cancel``, ``show``, ``retry``,
            ``open`` or ``folder``.
    """

    chosen = Signal(str, object)

    def __init__(self, job: ListedJob, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.job = job
        self._picture = QLabel()
        self._picture.setFixedSize(PICTURE, PICTURE)
        self._picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        if job.is_batch:
            self._picture.setPixmap(coloured_icon("folders", theme.dim).pixmap(24, 24))
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.state = QLabel()
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.state.setWordWrap(True)
        self.state.setFont(smaller(self.font(), 0.92))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Progress"))
        self.buttons = {
            what: self._button(what, words, picture, theme)
            for what, words, picture in (
                ("show", tr("Show"), "folders"),
                ("pause", tr("Pause"), "pause"),
                ("resume", tr("Resume"), "play"),
                ("cancel", tr("Cancel"), "x"),
                ("retry", tr("Try again"), "arrow-clockwise"),
                ("open", tr("Open"), "image"),
                ("folder", tr("Show in folder"), "folder-open"),
            )
        }
        middle = QVBoxLayout()
        middle.setSpacing(4)
        for widget in (self.words, self.state, self.bar):
            middle.addWidget(widget)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(middle, 1)
        for button in self.buttons.values():
            layout.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        self.show_job(job)

    def show_job(self, job: ListedJob) -> None:
        """Shows how the job stands now."""
        self.job = job
        self.words.setText(job.now or job.words)
        self.state.setText(_state(job))
        failed = job.standing is Standing.FAILED
        if (self.state.objectName() == "error") is not failed or not self.state.objectName():
            self.state.setObjectName("error" if failed else "dim")
            restyle(self.state)
        self.bar.setVisible(not job.is_over and job.standing is not Standing.WAITING)
        known = job.progress is not None
        self.bar.setRange(0, 1000 if known else 0)
        if job.progress is not None:
            self.bar.setValue(round(1000 * job.progress.fraction))
        offered = {
            "show": job.is_batch,
            "pause": (job.is_batch or job.standing is Standing.RUNNING)
            and not (job.is_over or job.held),
            "resume": not job.is_over and job.held,
            "cancel": not job.is_over,
            "retry": job.can_retry,
            "open": job.output is not None and not job.is_batch,
            "folder": job.output is not None,
        }
        for what, button in self.buttons.items():
            button.setVisible(offered[what])

    def show_picture(self, image: QImage) -> None:
        """Shows a picture of the job."""
        ratio = self.devicePixelRatioF()
        side = round(PICTURE * ratio)
        small = image.scaled(
            side, side, Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )  # fmt: skip
        square = QPixmap(side, side)
        square.fill(Qt.GlobalColor.transparent)
        with QPainter(square) as painter:
            painter.drawImage(
                QPoint((side - small.width()) // 2, (side - small.height()) // 2), small
            )
        square.setDevicePixelRatio(ratio)
        self._picture.setPixmap(square)

    def _button(self, what: str, words: str, picture: str, theme: Theme) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon(picture, theme))
        button.setIconSize(QSize(18, 18))
        button.setToolTip(words)
        button.setAccessibleName(words)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self.chosen.emit(what, self.job))
        return button


class JobsList(QFrame):
    """All jobs, the newest first; goes as soon as one clicks elsewhere.

    Signals:
        chosen: see `JobRow`.
        cleared: those that have ended are to be forgotten.
        pictured: (`JobRow`, path) a row that lacks the picture of a file.
    """

    chosen = Signal(str, object)
    cleared = Signal()
    pictured = Signal(object, object)

    def __init__(self, theme: Callable[[], Theme], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("jobs")
        self.setAccessibleName(tr("Jobs"))
        self._theme = theme
        self.rows: dict[JobId, JobRow] = {}
        self._pictured: dict[JobId, Path | None] = {}
        self.clear = QToolButton()
        self.clear.setText(tr("Clear"))
        self.clear.setToolTip(tr("Forget what has ended"))
        self.clear.clicked.connect(self.cleared)
        self._inside = QWidget()
        self._rows = QVBoxLayout(self._inside)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(8)
        self._rows.addStretch(1)
        self._area = QScrollArea()
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._inside)
        top = QHBoxLayout()
        top.addWidget(bold_label(tr("Jobs")), 1)
        top.addWidget(self.clear)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self._area, 1)
        self.setFixedWidth(_WIDTH)

    def show_jobs(self, jobs: list[ListedJob]) -> None:
        """Shows these and no others."""
        for id_ in set(self.rows) - {job.handle.id for job in jobs}:
            self.rows.pop(id_).deleteLater()
            self._pictured.pop(id_)
        for place, job in enumerate(jobs):
            row = self.rows.get(job.handle.id)
            if row is None:
                row = self.rows[job.handle.id] = JobRow(job, self._theme())
                self._pictured[job.handle.id] = None
                row.chosen.connect(self.chosen)
            self._rows.insertWidget(place, row)
            self.show_job(job)
        busy = any(job.is_batch and not job.is_over for job in jobs)
        for row in self.rows.values():  # one folder at a time
            row.buttons["retry"].setEnabled(not (busy and row.job.is_batch))
        self.clear.setEnabled(any(job.is_over for job in jobs))

    def show_job(self, job: ListedJob) -> None:
        """Shows how one of them stands."""
        row = self.rows.get(job.handle.id)
        if row is None:
            return
        row.show_job(job)
        if job.picture is not None and self._pictured[job.handle.id] != job.picture:
            self._pictured[job.handle.id] = job.picture
            self.pictured.emit(row, job.picture)

    def open_above(self, button: QWidget) -> None:
        """Opens it above a button."""
        self._rows.activate()  # what came since it was open is laid out when it is shown
        height = min(_MOST_HEIGHT, self._inside.heightForWidth(_WIDTH - 24) + 64)
        self.setFixedHeight(max(140, height))
        corner = button.mapToGlobal(QPoint(button.width() - _WIDTH, -self.height() - 4))
        left = max(corner.x(), button.window().mapToGlobal(QPoint(0, 0)).x())
        self.move(left, corner.y())
        self.show()


def _state(job: ListedJob) -> str:
    if job.is_over:
        took = tr("Done in {time}", time=duration(job.seconds))
        return job.said or (took if job.standing is Standing.DONE else tr(job.standing.value))
    if job.standing is Standing.PAUSED and not job.held:
        return tr(Standing.WAITING.value)  # something else goes first
    if job.standing is Standing.RUNNING and job.held:
        return tr("Pausing…")
    if job.standing is not Standing.RUNNING or job.progress is None:
        return tr(job.standing.value)
    far = job.progress
    done = f"{100 * far.fraction:.0f} %"
    what = tr(far.message)
    said = done if what in job.now else f"{what}: {done}"  # a folder's words tell its count
    if far.seconds_left is not None:
        said += ", " + tr("{time} left", time=duration(far.seconds_left))
    return said[:1].upper() + said[1:]
