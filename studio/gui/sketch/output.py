"""What becomes of a sketch: saved, dragged away, or used in another tool."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from studio.core.requests import Apply, SaveOptions
from studio.gui.drawing.pixels import picture_of
from studio.gui.sketch.drawing_board import DrawingBoard
from studio.gui.sketch.live import Doodle
from studio.gui.sketch.save_sketch import SaveSketch, Which
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.handing_on import hand_on, lay_on_clipboard
from studio.gui.widgets.save_dialog import folder_of_new
from studio.gui.widgets.scratch import Scratch


class Output(QObject):
    """Takes the board's sheet and result out of the tool.

    Args:
        workspace: saves results, and opens them in other tools.
        scratch: the folder for drawings that wait to be saved.
        board: the one that is shown.
        parent: of the dialog.
    """

    def __init__(
        self,
        workspace: Workspace,
        scratch: Scratch,
        board: Callable[[], DrawingBoard],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._parent, self._workspace = parent, workspace
        self._scratch = scratch
        self._board = board

    def ask(self) -> None:
        """Asks where to save, and saves."""
        board, kept = self._board(), self._workspace.preferences
        doodle = board.doodle()
        folder = folder_of_new(kept.save_folder)
        proposal = self._workspace.saves.free_name(folder, board.subject.noun, kept.save_format)
        has_result = not board.result.isNull()
        offered = [what for what in Which if has_result or what is Which.DOODLE]
        remembered = kept.sketch_saves
        what = Which(remembered) if remembered in {each.value for each in Which} else Which.RESULT
        dialog = SaveSketch(proposal, kept.save_options(), offered, what, self._parent)
        dialog.ask(
            self._workspace.originals(), self._workspace.saves.files,
            lambda: self._accepted(dialog, board, doodle),
        )  # fmt: skip

    def use_in(self, model: str) -> None:
        """Opens the result in another tool, as large as it can be."""
        noun = self._board().subject.noun
        self._hand_on(lambda image: self._workspace.open_in(model, image, noun))

    def copy(self) -> None:
        """Copies the result, as large as it can be."""
        self._hand_on(partial(lay_on_clipboard, self._workspace))

    def _hand_on(self, give: Callable[[QImage], object]) -> None:
        board = self._board()
        if board.sharp and board.up_to_date:
            give(board.result)
            return
        doodle, noun = board.doodle(), board.subject.noun

        def start(source: Path) -> None:
            request = replace(board.large(doodle.request), source=str(source))
            hand_on(self._workspace, request, give, noun, lambda: self._scratch.remove(source))

        self._scratch.write(doodle.image, self._scratch.new_file("used"), start)

    def _accepted(self, dialog: SaveSketch, board: DrawingBoard, doodle: Doodle) -> None:
        choice = dialog.choice()
        options = choice.options
        self._workspace.remember_save(options, choice.suffix)
        self._workspace.remember(sketch_saves=dialog.chosen.value)
        drawing, result = dialog.doodle_path(), dialog.result_path()
        if drawing is not None:
            self._save_drawing(doodle, drawing, options)
        if result is not None:
            self._save_result(board, doodle, result, options)

    def _save_drawing(self, doodle: Doodle, path: Path, options: SaveOptions) -> None:
        """Saves what was on the paper."""
        self._workspace.background.run(
            partial(_save_image, doodle.image, path, options),
            self._saved,
            self._workspace.messages.error,
        )

    def _save_result(
        self, board: DrawingBoard, doodle: Doodle, path: Path, options: SaveOptions
    ) -> None:
        """Saves what is made of it, as it will look when the last stroke has its effect."""
        self._scratch.write(
            doodle.image,
            self._scratch.new_file("saved"),
            lambda source: self._start(
                replace(
                    board.large(doodle.request), source=str(source), output=str(path), save=options
                ),
                source,
            ),
        )

    def _start(self, request: Apply, source: Path) -> None:
        self._workspace.saves.start(request, lambda: self._scratch.remove(source))

    def _saved(self, path: Path) -> None:
        self._workspace.remember_folder(path.parent)
        self._workspace.messages.saved(path)


def _save_image(image: QImage, path: Path, options: SaveOptions) -> Path:
    from studio.core.picture_files import save_picture

    save_picture(picture_of(image), path, options)
    return path
