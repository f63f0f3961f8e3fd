"""The bar with which a picture is taken over as lines."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.core.errors import StudioError
from studio.core.files.disk import read_error
from studio.core.words.tongue import tr
from studio.gui.sketch.drawing_board import DrawingBoard
from studio.gui.sketch.line_import import LineImport, Traced
from studio.gui.sketch.page import SketchPage
from studio.gui.state.clipboard import NOTHING, pasted
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.file_dialogs import ask_for_file, picture_filter


class Tracing(QObject):
    """Opens and closes the bar; while it is open, the paper shows the picture's lines.

    Args:
        page: the page.
        lines: finds the lines.
        board: the one that is shown.
        workspace: has preferences and messages.

    Signals:
        started: the sheet makes way for a picture.
        shown: (Traced) lines that are not on the sheet yet.
        stopped: the paper is the sheet's again.
    """

    started = Signal()
    shown = Signal(object)
    stopped = Signal()

    def __init__(
        self,
        page: SketchPage,
        lines: LineImport,
        board: Callable[[], DrawingBoard],
        workspace: Workspace,
    ) -> None:
        super().__init__(page)
        self._page = page
        self._lines = lines
        self._board = board
        self._workspace = workspace
        self._messages = workspace.messages
        page.import_.clicked.connect(self._ask)
        page.dropped.connect(self.start)
        page.dropped_image.connect(self.start)
        page.lines.moved.connect(self._moved)
        page.lines.accepted.connect(self._accept)
        page.lines.rejected.connect(self.stop)
        lines.shown.connect(self._take)
        lines.failed.connect(self._fail)

    @property
    def on(self) -> bool:
        """Whether a picture is being taken over."""
        return self._lines.on

    def start(self, picture: Path | QImage) -> None:
        """Begins with a picture; what is begun stays where it is none."""
        if isinstance(picture, Path) and picture.is_dir():
            self._messages.error(read_error(IsADirectoryError(), picture.name))
            return
        board, threshold = self._board(), self._workspace.preferences.sketch_threshold
        board.sheet.end()
        threshold = min(100, max(0, threshold))
        self._lines.start(picture, board.subject, board.colour, threshold)
        self._page.lines.show_threshold(threshold)
        self._page.lines.use.setEnabled(False)
        self._page.ask_for_lines(True)
        self.started.emit()

    def paste(self) -> None:
        """Begins with the clipboard's picture."""
        found = pasted()
        if found is None:
            self._messages.note(NOTHING)
        else:
            self.start(found if isinstance(found, QImage) else found[0])

    def stop(self) -> None:
        """Goes back to the sheet as it is."""
        if self._lines.on:
            self._lines.stop()
            self._close()

    def _ask(self) -> None:
        folder = self._workspace.preferences.folder
        title = tr("Take a picture's lines")
        ask_for_file(self._page, title, folder, picture_filter(), self._chosen)

    def _chosen(self, path: Path) -> None:
        self._workspace.remember(folder=str(path.parent))
        self.start(path)

    def _moved(self, threshold: int) -> None:
        self._workspace.remember(sketch_threshold=threshold)
        self._lines.move(threshold)

    def _take(self, traced: Traced) -> None:
        self._page.lines.use.setEnabled(True)
        self.shown.emit(traced)

    def _accept(self) -> None:
        traced = self._lines.traced
        if traced is not None:
            self._lines.stop()
            self._board().sheet.do(traced.lines)
            self._close()

    def _close(self) -> None:
        self._page.ask_for_lines(False)
        self.stopped.emit()

    def _fail(self, error: StudioError) -> None:
        self._close()
        self._messages.error(error)
