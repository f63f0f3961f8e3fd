"""Brings the list of jobs together with its button, and tells the desktop of long ones."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from studio.core.videos import is_video
from studio.gui.shell.announcing import Announcing
from studio.gui.shell.jobs_list import PICTURE, JobRow, JobsList
from studio.gui.shell.window import Window
from studio.gui.state.place import BATCH
from studio.gui.state.running.job_list import ListedJob
from studio.gui.state.workspace import Workspace
from studio.reader.orders import ThumbnailWish

_DENSEST = 2  # device px a logical px


class JobsRoom(QObject):
    """The button shows how many run; the list opens above it."""

    def __init__(self, window: Window, workspace: Workspace) -> None:
        super().__init__(window)
        self._window, self._workspace = window, workspace
        self.list = JobsList(lambda: window.theme, window)
        self._announcing = Announcing(workspace.job_list, window)
        jobs = workspace.job_list
        self.list.pictured.connect(self._find_picture)  # before the rows are made
        jobs.changed.connect(self._show)
        jobs.progressed.connect(self.list.show_job)
        self.list.cleared.connect(jobs.clear)
        self.list.chosen.connect(self._act)
        window.status.jobs.clicked.connect(lambda: self.list.open_above(window.status.jobs))

    def _show(self) -> None:
        jobs = self._workspace.job_list
        self._window.status.count_jobs(len(jobs.under_way), len(jobs.jobs))
        self.list.show_jobs(jobs.jobs)
        if not jobs.jobs:
            self.list.hide()

    def _find_picture(self, row: JobRow, path: Path) -> None:
        def take(image: QImage) -> None:
            if row in self.list.rows.values():
                row.show_picture(image)

        wish = ThumbnailWish(path, PICTURE * _DENSEST, 0.0 if is_video(path) else None)
        self._workspace.reading.thumbnail(wish, take)

    def _act(self, what: str, job: ListedJob) -> None:
        workspace, output = self._workspace, job.output
        if what == "cancel" and not job.is_batch:
            workspace.activity.cancel(job.handle)
        elif what in {"pause", "resume"} and not job.is_batch:
            workspace.activity.hold(job.handle, held=what == "pause")
        elif what == "show":
            self.list.hide()
            workspace.place.show(BATCH)
        elif what == "retry":
            workspace.job_list.retry(job)
        elif what == "open" and output is not None:
            self.list.hide()
            workspace.messages.show_file(output)
        elif output is not None:
            self.list.hide()
            workspace.messages.show_file(output if job.is_batch else output.parent)
