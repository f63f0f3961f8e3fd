"""What there is time for while the pen rests: pictures that nobody waits for."""

from collections import deque
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from studio.core.events import TERMINAL, Event, Previewed
from studio.core.handle import Handle
from studio.core.requests import Apply
from studio.gui.state.photo.loading import to_image
from studio.gui.state.running.jobs import Jobs
from studio.gui.state.running.work import Work
from studio.gui.widgets.scratch import Scratch


@dataclass(frozen=True, eq=False)
class Task:
    """A picture to be made.

    Attributes:
        key: tells it from others.
        image: the drawing; never painted on again.
        request: all but its source.
        words: for the status line.
    """

    key: Hashable
    image: QImage
    request: Apply
    words: str


class AtRest(QObject):
    """Does one task after the other; when the pen moves, none is done any more.

    Attributes:
        pause: milliseconds that the pen has rested before the first one is begun.

    Signals:
        made: (Task, QImage).
    """

    made = Signal(object, object)

    def __init__(self, jobs: Jobs, scratch: Scratch, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._scratch = jobs, scratch
        self.pause = 500
        self._tasks = deque[Task]()
        self._round = 0  # of tasks; what comes of an earlier one is not wanted any more
        self._doing = False
        self._running: Handle | None = None  # None: its drawing is being written
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._next)

    @property
    def busy(self) -> bool:
        """Whether a task waits or is being done."""
        return bool(self._tasks) or self._doing

    def want(self, tasks: Sequence[Task]) -> None:
        """Wants these done, in the place of all others."""
        self.stir()
        self._tasks = deque(tasks)
        if self._tasks:
            self._timer.start(self.pause)

    def stir(self) -> None:
        """Wants nothing any more."""
        self._timer.stop()
        self._tasks.clear()
        self._round += 1
        self._doing = False
        if self._running is not None:
            self._running.cancel()
            self._running = None

    def _next(self) -> None:
        self._doing, self._running = bool(self._tasks), None
        if not self._tasks:
            return
        task, number = self._tasks.popleft(), self._round
        file = self._scratch.new_file("doodle")
        self._scratch.write(task.image, file, partial(self._draw, task, number))

    def _draw(self, task: Task, number: int, file: Path) -> None:
        if number != self._round:
            self._scratch.remove(file)
            return
        request, take = replace(task.request, source=str(file)), partial(self._take, task, number)
        self._running = self._jobs.start(
            request, task.words, Work.PREVIEW, partial(take, file)
        )  # fmt: skip

    def _take(self, task: Task, number: int, file: Path, event: Event) -> None:
        wanted = number == self._round
        if isinstance(event, Previewed) and wanted:
            self.made.emit(task, to_image(event.pixels, None))
        if isinstance(event, TERMINAL):  # a failure costs what nobody has asked for
            self._scratch.remove(file)
            if wanted:
                self._next()
