"""Stopping work: at once while little is lost, after a question later."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from studio.core.handle import Handle
from studio.core.requests import JobId
from studio.core.words.tongue import tr
from studio.gui.state.messages import Messages
from studio.gui.state.running.activity import Activity
from studio.gui.state.wording import duration

_MUCH_S = 60.0


class Stopping(QObject):
    """Asks in the bar before work is stopped that has run for more than a minute.

    Args:
        activity: knows what runs, and for how long.
        messages: asks.
    """

    def __init__(
        self, activity: Activity, messages: Messages, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._activity, self._messages = activity, messages
        activity.over.connect(lambda job: messages.settle(_question(job)))

    def stop(self, job: Handle, stop: Callable[[], None]) -> None:
        """Calls `stop`, or asks whether to."""
        seconds = self._activity.seconds(job)
        if seconds < _MUCH_S:
            stop()
            return

        def agreed() -> None:
            self._messages.settle(_question(job.id))
            stop()

        words = tr(
            "“{words}” has run for {time}. Stop it?",
            words=self._activity.words(job),
            time=duration(seconds),
        )
        self._messages.ask(words, tr("Stop"), agreed, about=_question(job.id))


def _question(job: JobId) -> tuple[str, JobId]:
    return "stop", job
