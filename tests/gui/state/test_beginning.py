"""What there is to begin with, without a window: files opened last, and sample photos."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from PIL import Image
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from studio.core.catalogue import Catalogue
from studio.core.samples import sample_photo, sample_photos
from studio.core.settings import Preferences
from studio.gui.state.messages import Messages
from studio.gui.state.workspace import Workspace
from tests.gui.paper_engine import PaperEngine


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDIO_CONFIG", str(tmp_path / "config"))


@contextmanager
def begun(
    weights: Path, *recent: Path, find_samples: Callable[[], Iterable[Path]] = sample_photos
) -> Iterator[Workspace]:
    workspace = Workspace(
        Messages(),
        Preferences(recent=tuple(map(str, recent))),
        PaperEngine,
        lambda: Catalogue([weights]),
        find_samples=find_samples,
    )
    yield workspace
    workspace.close()


def photos(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"{number}.png" for number in range(count)]
    for path in paths:
        Image.new("RGB", (8, 8), "red").save(path)
    return paths


def open_all(qtbot: QtBot, workspace: Workspace, paths: Sequence[Path]) -> None:
    with qtbot.waitSignal(workspace.incoming.arrived):
        workspace.open(paths)


def test_that_the_file_opened_last_comes_first_and_each_once(
    qtbot: QtBot, weights: Path, tmp_path: Path
) -> None:
    paths = photos(tmp_path, 14)
    with begun(weights) as workspace:
        open_all(qtbot, workspace, paths[:2])
        open_all(qtbot, workspace, [paths[1]])
        assert workspace.start.recent == (paths[1], paths[0])
        open_all(qtbot, workspace, paths)
        assert workspace.start.recent == tuple(paths[:12])
        kept = workspace.preferences.recent
        workspace.start.forget()
        assert workspace.start.recent == workspace.preferences.recent == ()
    paths[0].unlink()
    with begun(weights, *map(Path, kept)) as workspace:
        qtbot.waitUntil(lambda: bool(workspace.start.samples))
        assert workspace.start.recent == tuple(paths[1:12]), "what is gone is not offered"


def test_that_what_the_person_has_no_file_of_is_not_remembered(
    qtbot: QtBot, weights: Path, tmp_path: Path
) -> None:
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("green"))
    with begun(weights) as workspace:
        qtbot.waitUntil(lambda: bool(workspace.toolbox))
        open_all(qtbot, workspace, [sample_photo("coffee.png")])
        with qtbot.waitSignal(workspace.incoming.arrived):
            workspace.incoming.open_image(image)
        assert workspace.start.recent == ()
        assert workspace.preferences.folder == "", "the next dialog does not begin there"
        for photo in workspace.photos.document.photos:
            assert photo.path.parent not in workspace.photo_saves.proposal(photo).parents


@pytest.mark.skipif(sys.platform != "linux", reason="only there are names that are no text")
def test_that_a_name_that_is_no_text_does_not_spoil_what_is_remembered(
    qtbot: QtBot, weights: Path, tmp_path: Path
) -> None:
    path, odd = photos(tmp_path, 1)[0], tmp_path / "caf\udce9.png"
    odd.hardlink_to(path)
    with begun(weights) as workspace:
        open_all(qtbot, workspace, [odd, path])
        assert workspace.start.recent == (path,)


def test_that_a_file_that_is_opened_while_samples_are_looked_for_stays_remembered(
    qtbot: QtBot, weights: Path, tmp_path: Path
) -> None:
    path, sample = photos(tmp_path, 2)
    opened = Event()

    def find() -> list[Path]:
        opened.wait(20)
        return [sample]

    with begun(weights, find_samples=find) as workspace:
        open_all(qtbot, workspace, [path])
        opened.set()
        qtbot.waitUntil(lambda: workspace.start.samples == (sample,), timeout=20_000)
        assert workspace.start.recent == (path,)
