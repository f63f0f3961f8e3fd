"""Tells the desktop of long work: how far it is, and that it is over."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from studio.core.words.tongue import tr
from studio.gui.state.running.job_list import JobList, ListedJob, Standing

if TYPE_CHECKING:
    from PySide6.QtDBus import QDBusConnection

_LONG = 20.0  # seconds, work that one does not wait for before the screen
_SHOWN_MS = 15_000


class Announcing(QObject):
    """Hears of jobs; says nothing of those whose end the person sees in the window.

    Args:
        jobs: what is asked for.
        window: whose work it is.
        notify: shows a title and words on the desktop.
        show_progress: shows how far work is, 0 to 1, on the taskbar; None: nothing long runs.
    """

    def __init__(
        self,
        jobs: JobList,
        window: QWidget,
        notify: Callable[[str, str], None] | None = None,
        show_progress: Callable[[float | None], None] | None = None,
    ) -> None:
        super().__init__(window)
        self._jobs, self._window = jobs, window
        self._notify = notify or _Notifying(window)
        self._show_progress = show_progress or show_on_taskbar
        self._shown: float | None = None
        jobs.progressed.connect(self._progressed)
        jobs.ended.connect(self._ended)
        jobs.changed.connect(self._progressed)

    def _progressed(self) -> None:
        """The mean of what is long, in whole hundredths."""
        far = [p.fraction for job in self._jobs.under_way if (p := job.progress) and _is_long(job)]
        mean = round(sum(far) / len(far), 2) if far else None
        if mean != self._shown:
            self._shown = mean
            self._show_progress(mean)

    def _ended(self, job: ListedJob) -> None:
        if job.seconds < _LONG or job.standing is Standing.CANCELLED:
            return
        if not self._window.isActiveWindow():
            QApplication.alert(self._window)
            self._notify(f"{job.words}: {tr(job.standing.value).lower()}", job.said)


def _is_long(job: ListedJob) -> bool:
    left = job.progress.seconds_left if job.progress is not None else None
    return left is not None and job.ran + left >= _LONG


def show_on_taskbar(fraction: float | None) -> None:
    """On Linux, by the signal that docks of GNOME, KDE and Unity listen to; elsewhere nothing."""
    if (bus := _bus()) is None:
        return
    from PySide6.QtDBus import QDBusMessage

    name = QApplication.desktopFileName()
    message = QDBusMessage.createSignal(
        f"/com/canonical/unity/launcherentry/{abs(hash(name))}",
        "com.canonical.Unity.LauncherEntry",
        "Update",
    )
    shown = {"progress": float(fraction or 0.0), "progress-visible": fraction is not None}
    message.setArguments([f"application://{name}.desktop", shown])
    bus.send(message)


def notify_by_portal(title: str, words: str) -> None:
    """On Linux, where there need not be a tray, as in GNOME; elsewhere nothing."""
    if (bus := _bus()) is None:
        return
    from PySide6.QtDBus import QDBusMessage

    message = QDBusMessage.createMethodCall(
        "org.freedesktop.portal.Desktop",
        "/org/freedesktop/portal/desktop",
        "org.freedesktop.portal.Notification",
        "AddNotification",
    )
    message.setArguments([QApplication.desktopFileName(), {"title": title, "body": words}])
    bus.send(message)


def _bus() -> "QDBusConnection | None":
    """The desktop's own, for messages that wait for no answer."""
    if sys.platform != "linux":
        return None
    from PySide6.QtDBus import QDBusConnection

    bus = QDBusConnection.sessionBus()
    return bus if bus.isConnected() else None


class _Notifying:
    """Through an icon in the tray, which is there only as long as it has something to say.

    A desktop without a tray is told by its portal.
    """

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._tray: QSystemTrayIcon | None = None

    def __call__(self, title: str, words: str) -> None:
        if not QSystemTrayIcon.isSystemTrayAvailable() or not QSystemTrayIcon.supportsMessages():
            notify_by_portal(title, words)
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._window.windowIcon(), self._window)
            self._tray.messageClicked.connect(self._show_window)
        tray = self._tray
        tray.show()
        tray.showMessage(title, words, self._window.windowIcon(), _SHOWN_MS)
        QTimer.singleShot(_SHOWN_MS, tray.hide)

    def _show_window(self) -> None:
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.activateWindow()
