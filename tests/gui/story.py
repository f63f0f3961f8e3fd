"""What a person does with two photos, told to the state alone: there are no widgets at all.

Run with a folder that has ``weights`` and the photos ``a.png`` and ``b.png``.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication

from studio.core.catalogue import Catalogue
from studio.core.events import BatchFinished, ItemEnded, Planned
from studio.core.requests import Batch, SaveOptions
from studio.core.settings import Preferences
from studio.gui.state.albums import Albums
from studio.gui.state.gesture import NO_GESTURE, Gesture
from studio.gui.state.keeping.keeping import Keeping
from studio.gui.state.messages import Messages
from studio.gui.state.running.batch_runner import BatchRunner
from studio.gui.state.running.batch_state import Phase
from studio.gui.state.workspace import Workspace
from tests.gui.paper_engine import PaperEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

_PATIENCE_S = 60
_MASK = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgAB"
    "SK+kcQAAAABJRU5ErkJggg=="
)


def wait(holds: Callable[[], object]) -> None:
    """Lets everything happen until something holds."""
    end = time.monotonic() + _PATIENCE_S
    while not holds():
        QCoreApplication.processEvents()
        time.sleep(0.005)
        assert time.monotonic() < end


def strengths(workspace: Workspace) -> list[object]:
    """Of the photos' looks."""
    photos = workspace.photos.document.photos
    return [None if each.look is None else each.look.settings["strength"] for each in photos]


@contextmanager
def opened(folder: Path) -> Generator[tuple[Workspace, Keeping]]:
    """With its weights read."""
    catalogue = Catalogue([folder / "weights"])
    workspace = Workspace(Messages(), Preferences(), PaperEngine, lambda: catalogue)
    keeping = Keeping(workspace)
    try:
        wait(lambda: workspace.toolbox and keeping.keeper.own is not None)
        yield workspace, keeping
    finally:
        keeping.close()
        workspace.close()


def first_day(folder: Path, workspace: Workspace) -> None:
    """Two photos, one of them styled, masked and saved."""
    photos, first, second = workspace.photos, folder / "a.png", folder / "b.png"
    workspace.open([first, second])
    wait(lambda: not workspace.screen.shown.after.isNull())
    assert photos.document.shown == first

    drag = Gesture()
    workspace.form.edit("strength", 0.5, drag)
    workspace.form.edit("strength", 0.25, drag)
    assert strengths(workspace) == [0.25, 1.0], "only the one that is shown"
    photos.history.undo()
    assert strengths(workspace) == [1.0, 1.0], "a drag is one step"
    photos.history.redo()

    workspace.form.edit("mask", _MASK, NO_GESTURE)
    photos.show(second)
    photos.show(first)
    request = workspace.screen.request(photos.document.photo)
    assert request is not None
    assert (request.settings["strength"], request.settings["mask"]) == (0.25, _MASK)

    workspace.photo_saves.save(request, folder / "result.png", SaveOptions())
    wait(lambda: not workspace.saves.running)
    said = workspace.messages.shown
    assert said is not None
    assert said.words == f"Saved {folder / 'result.png'}"

    closed = photos.close(first)
    assert closed is not None
    assert [each.path for each in photos.document.photos] == [second]
    photos.reopen(closed)
    assert strengths(workspace) == [0.25, 1.0]
    photos.history.undo()
    assert photos.look is not None
    assert photos.look.settings["mask"] == "", "what could be undone still can be"
    photos.history.redo()


def second_day(folder: Path, workspace: Workspace, keeping: Keeping) -> None:
    """All of it is there again."""
    offers: list[str] = []
    keeping.offered.connect(offers.extend)
    workspace.photos.look_changed.emit(NO_GESTURE)
    assert [offer.partition(",")[0] for offer in offers] == ["Open again: 2 photos"]
    keeping.open(0)
    wait(lambda: workspace.photos.document.photos)
    assert strengths(workspace) == [0.25, 1.0]
    assert workspace.photos.document.shown == folder / "a.png"


def whole_folder(folder: Path, workspace: Workspace) -> None:
    """A batch that waits for a preview, is held, and goes on to its end."""
    engine, results = cast("PaperEngine", workspace.engine), folder / "results"
    runner = BatchRunner(workspace.jobs, workspace.activity, workspace)
    runner.start(Batch("style/gallery", str(folder), str(results)))
    job, _ = engine.batches[0]
    engine.tell(Planned(job, 2, 0, 1, 100, 1000))
    engine.tell(ItemEnded(job, str(folder / "a.png"), str(results / "a.png"), "", 0.5))
    wait(lambda: runner.state.counts() == "1 done · 0 failed · 1 left · 1 other file left alone")

    engine.go.clear()
    workspace.form.edit("strength", 0.75, NO_GESTURE)
    wait(lambda: engine.paused)
    assert runner.state.yielding, "what a person looks at goes first"
    engine.go.set()
    wait(lambda: engine.resumed and not runner.state.yielding)

    runner.pause()
    wait(lambda: runner.state.phase is Phase.PAUSED)
    runner.resume()
    wait(lambda: runner.state.phase is Phase.RUNNING)
    engine.tell(ItemEnded(job, str(folder / "b.png"), "", "no picture", 0.1))
    engine.tell(BatchFinished(job, 1, 0, 1, 1, 2, str(results), "", "style/gallery", "cpu", 0.6))
    wait(lambda: not runner.under_way)
    assert runner.state.headline() == "Done, but for 1 picture that could not be."


def faces(workspace: Workspace) -> None:
    """Three are drawn, two of them mixed; and all of it is taken back."""
    albums = Albums(lambda: workspace.toolbox, lambda: "", workspace)
    albums.lay_out(3)
    first, second, _ = albums.samples
    albums.pin(first)
    albums.pin(second)
    drag = Gesture()
    albums.share(1, 0.5, drag)
    albums.share(1, 0.25, drag)
    assert albums.face.name == "Mixture of 2"
    assert albums.album.percents == [80, 20]
    assert list(albums.kept) == [albums.weights]
    albums.edit("truncation", 0.5, NO_GESTURE)
    for undone in ([80, 20], [50, 50], [100], []):
        albums.history.undo()
        assert albums.album.percents == undone
    assert albums.album.look.settings["truncation"] == 1.0


def main() -> None:
    """Both days, and what has a page of its own."""
    folder = Path(sys.argv[1])
    os.environ["STUDIO_CONFIG"] = str(folder / "config")
    app = QCoreApplication(["story"])
    with opened(folder) as (workspace, _):
        first_day(folder, workspace)
    with opened(folder) as (workspace, keeping):
        second_day(folder, workspace, keeping)
        whole_folder(folder, workspace)
        faces(workspace)
    print([name for name in sys.modules if "QtWidgets" in name])
    del app


if __name__ == "__main__":
    main()
