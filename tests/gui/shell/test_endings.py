"""What becomes of the window when the program is told to end, or makes a mistake."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QTimer

from studio.core.files.leftovers import TemporaryFolder, named_after
from studio.core.log import logging_to_file
from studio.core.settings import load_preferences
from studio.gui.shell.mistakes import Mistakes
from studio.gui.widgets.folder_field import FolderField

if TYPE_CHECKING:
    from tests.gui.conftest import Studio

_WINDOW = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage
from studio.gui import app as studio_app
from tests.gui.paper_engine import PaperEngine
start = studio_app.start
def started(*args):
    workspace = start(*args)
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(255)
    workspace.incoming.open_image(image)
    workspace.remember(palette="light")
    def look():
        if workspace.photos.document.photos:
            timer.stop()
            print("ready", flush=True)
    timer.timeout.connect(look)
    timer.start(20)
    return workspace
class Idle(PaperEngine):
    def _work(self):
        while self._waiting.get() is not None:
            pass
studio_app._make_engine = Idle
studio_app.start = started
app = studio_app.make_application()
timer = QTimer()
sys.exit(studio_app.run([]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.usefixtures("from_a_terminal")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_that_a_signal_ends_the_window_as_closing_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("STUDIO_CONFIG", str(tmp_path / "config"))
    root = Path(__file__).resolve().parents[3]
    running = subprocess.Popen(
        [sys.executable, "-c", _WINDOW],
        env=os.environ | {"TMPDIR": str(temporary), "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert running.stdout is not None
    assert running.stdout.readline() == b"ready\n", running.communicate()[1].decode()
    assert list(temporary.glob(f"{named_after(running.pid)}*/pasted-1.png"))
    running.send_signal(number)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 128 + number, said
    assert not list(temporary.glob("studio-*"))
    assert load_preferences().palette == "light"
    assert b"Traceback" not in said


def test_that_what_a_killed_window_left_goes_with_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(child, 0)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, alive = tmp_path / f"{named_after(child)}abc", tmp_path / f"{named_after(os.getpid())}abc"
    elsewhere, other = tmp_path / f"studio-00000000-{child}-abc", tmp_path / "studio-photos"
    for folder in (left, alive, elsewhere, other):
        folder.mkdir()
        (folder / "pasted-1.png").write_bytes(b"")
    with TemporaryFolder() as made:
        assert made.path.parent == tmp_path
        assert not left.exists()
    assert all((each / "pasted-1.png").exists() for each in (alive, elsewhere, other))


@pytest.mark.parametrize("where", ["slot", "thread"])
def test_that_a_mistake_of_the_window_goes_to_the_log_and_is_said(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    def mistaken() -> None:
        raise ZeroDivisionError("a mistake")

    log = tmp_path / "log" / "studio.log"
    monkeypatch.setattr("studio.core.log.log_path", lambda: log)
    messages = studio.window.messages
    with logging_to_file(), Mistakes(studio.workspace.messages):
        for _ in range(2):
            if where == "slot":
                QTimer.singleShot(0, mistaken)
            else:
                threading.Thread(target=mistaken).start()
        studio.bot.waitUntil(messages.isVisible, timeout=20_000)
        studio.bot.waitUntil(lambda: log.read_text().count("Traceback") == 2, timeout=20_000)
        studio.settle()
    assert "ZeroDivisionError: a mistake" in log.read_text()
    assert messages.words.text() == (
        f"The window failed (ZeroDivisionError: a mistake). Please report it with {log}."
    )
    assert not messages.more.isVisible(), "the same is said once"


@pytest.mark.parametrize("text", ["/", "//", "~", "~nobody-of-that-name", "~/x", "C:\\", ".", ".."])
def test_that_whatever_is_being_typed_into_a_field_for_a_folder_is_taken(
    studio: Studio, text: str
) -> None:
    studio.window.panel.folder.click()
    for field in studio.window.findChildren(FolderField):
        field.line.setText("")
        for end in range(1, len(text) + 1):
            field.line.setText(text[:end])
        assert field.path is not None
        assert field.path.is_absolute()
