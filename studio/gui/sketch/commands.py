"""Brings the sketch tool together: page and panel, the drawings, and what comes of them."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from studio.core.controls import Value
from studio.core.words.tongue import tr
from studio.gui.drawing.raster import warm_up
from studio.gui.sketch.at_rest import AtRest
from studio.gui.sketch.drawing_board import DrawingBoard
from studio.gui.sketch.hand import Hand
from studio.gui.sketch.line_import import LineImport, Traced
from studio.gui.sketch.live import Doodle, Live
from studio.gui.sketch.output import Output
from studio.gui.sketch.page import SketchPage
from studio.gui.sketch.refining import Refining
from studio.gui.sketch.tracing import Tracing
from studio.gui.state.background import Background
from studio.gui.state.drawing import Drawing, Setting
from studio.gui.state.gesture import Gesture
from studio.gui.state.page_tool import DrawingTool
from studio.gui.state.toolbox import last_or_first
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.previews_of_weights import offer_weights
from studio.gui.widgets.scratch import Scratch

_MODEL = "sketch"


class SketchCommands(DrawingTool):
    """Shows the page and keeps the result up with the drawing.

    Attributes:
        live: the way to the engine.
        at_rest: what it does while the pen rests.
        output: where results go.
    """

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(workspace.place, _MODEL, parent)
        self._workspace = workspace
        self._page: SketchPage | None = None
        self._hand: Hand | None = None
        self._tracing: Tracing | None = None
        self._refining: Refining | None = None
        self._boards: dict[str, DrawingBoard] = {}
        self._earlier: dict[str, Drawing] = {}  # of the last time; painted when it is first shown
        self._shown = ""  # id of the weights that are drawn for
        # Threads of its own: a large photo that is being opened must not hold up the pen.
        self._background = Background(self)
        self._scratch = Scratch(self._background, workspace.messages.error)
        self.live = Live(workspace.jobs, self._scratch, self)
        self.at_rest = AtRest(workspace.jobs, self._scratch, self)
        self.lines = LineImport(self._background, workspace.reading, self)
        self.output = Output(workspace, self._scratch, lambda: self.board, parent)
        self.live.shown.connect(self._take_result)
        self.live.failed.connect(workspace.messages.error)
        self.live.rested.connect(self._rest)
        workspace.library.changed.connect(self._place_changed)
        workspace.place.changed.connect(self._place_changed)
        workspace.dropped.connect(self._drop)

    @property
    def page(self) -> SketchPage:
        """The page; made when it is first asked for."""
        if self._page is None:
            self._page = self._make_page()
        return self._page

    @property
    def board(self) -> DrawingBoard:
        """What is being drawn."""
        if self._shown not in self._workspace.toolbox:
            last = self._workspace.preferences.sketch_weights
            self._shown = last_or_first(self._choices(), last)
        if self._shown not in self._boards:
            self._boards[self._shown] = self._make_board(self._shown)
        return self._boards[self._shown]

    @property
    def weights(self) -> str:
        return self.board.weights.id

    @property
    def drawings(self) -> dict[str, Drawing]:
        """What is drawn, by the weights that it is drawn for."""
        drawn = {weights: board.sheet.drawing for weights, board in self._boards.items()}
        return {weights: each for weights, each in (self._earlier | drawn).items() if each}

    def take(self, drawings: Mapping[str, Drawing]) -> None:
        """Brings drawings back; they come before what is drawn already."""
        for weights, drawing in drawings.items():
            board = self._boards.get(weights)
            if board is None:
                self._earlier[weights] = drawing
            else:
                board.sheet.take(board.sheet.drawing.after(drawing))

    @property
    def next_undo(self) -> str | None:
        return tr("the picture's lines") if self.lines.on else self.board.sheet.next_undo

    @property
    def next_redo(self) -> str | None:
        return None if self.lines.on else self.board.sheet.next_redo

    def undo(self) -> None:
        if self.lines.on:
            self._stop_tracing()
        else:
            self.board.sheet.undo()

    def redo(self) -> None:
        if not self.lines.on:
            self.board.sheet.redo()

    def copy(self) -> None:
        self.output.copy()

    def paste(self) -> None:
        if self._tracing is not None:
            self._tracing.paste()

    def save(self) -> None:
        self.output.ask()

    def choose_weights(self, weights: str) -> None:
        """Draws for other weights, on their own sheet."""
        if weights != self.board.weights.id:
            self._stop_tracing()
            self.at_rest.stir()
            self.board.sheet.end()
            self._shown = weights
            self._workspace.remember(sketch_weights=weights)
            self._show_board()

    def close(self) -> None:
        self._background.close()
        self._scratch.close()

    def _choices(self) -> list[tuple[str, str]]:
        return self._workspace.toolbox.choices(_MODEL)

    def _drop(self, model: str, picture: list[Path] | QImage) -> None:
        if model == _MODEL:
            self.open()
            if self._tracing is not None:
                self._tracing.start(picture if isinstance(picture, QImage) else picture[0])

    def _make_board(self, weights: str) -> DrawingBoard:
        toolbox = self._workspace.toolbox
        look, upscaler = toolbox.first_look(weights), toolbox.upscaler
        board = DrawingBoard(toolbox.find(weights), look, upscaler, self)
        board.sheet.take(self._earlier.pop(weights, Drawing()))
        board.sheet.painted.connect(partial(self._painted, board))
        board.sheet.changed.connect(partial(self._changed, board))
        return board

    def _make_page(self) -> SketchPage:
        page, workspace = SketchPage(), self._workspace
        offer_weights(workspace, self._choices, page.side.weights)
        page.side.weights.chosen.connect(self.choose_weights)
        page.use.show_tools(workspace.toolbox.photo_tools)
        page.tools.undo_wanted.connect(self.undo)
        page.tools.redo_wanted.connect(self.redo)
        page.save.clicked.connect(self.save)
        page.use.wanted.connect(self.output.use_in)
        page.result.held.connect(lambda: self._scratch.lend(page.result, self.board.subject.noun))
        kept = workspace.preferences
        self._hand = Hand(page, lambda: self.board, kept, workspace.remember)
        self._refining = Refining(page, self.at_rest, lambda: self.board)
        self._refining.sharpened.connect(self._show_result)
        self._tracing = Tracing(page, self.lines, lambda: self.board, workspace)
        self._tracing.started.connect(self._sheet_is_away)
        self._tracing.shown.connect(self._show_traced)
        self._tracing.stopped.connect(self._sheet_is_back)
        return page

    def _place_changed(self) -> None:
        if self.is_open:
            self._show_board()
        else:
            self._stop_tracing()
            self.at_rest.stir()

    def _rest(self) -> None:
        if self._refining is not None and self.is_open and not self.lines.on:
            self._refining.rest()

    def _show_board(self) -> None:
        """Makes page and panel show what is being drawn."""
        board, page = self.board, self._page
        if page is None or self._hand is None:
            return
        self._workspace.place.show_size((board.side, board.side))
        page.side.weights.show_chosen(board.weights.id)
        page.another.setText(tr(board.subject.another))
        page.another.setAccessibleName(page.another.text())
        if board.subject.labels:  # there are areas to fill
            self._background.run(warm_up, lambda _: None, self._workspace.messages.error)
        self._changed(board)
        self._hand.take_up()
        page.paper.show_image(board.sheet.image)
        self._show_result(board)
        if not board.up_to_date:
            self.live.want(board.doodle())
        else:
            self._rest()

    def _painted(self, board: DrawingBoard, box: QRect) -> None:
        board.touch()
        self.at_rest.stir()
        if board is self.board and self._page is not None:
            if not self.lines.on:
                self._page.paper.show_image(board.sheet.image, box)
            self._ask(board)

    def _ask(self, board: DrawingBoard) -> None:
        """Wants the picture of what is on the sheet, but for a blank one."""
        self.live.want(None if board.up_to_date else board.doodle())
        self._show_result(board)

    def _changed(self, board: DrawingBoard) -> None:
        if board is self.board and self._page is not None:
            if self.is_open:
                self._workspace.form.show(board.look, self._edit)
            self._page.tools.show_steps(self.next_undo, self.next_redo)
            self._show_refined()
            self.history_changed.emit()

    def _edit(self, name: str, value: Value, _gesture: Gesture) -> None:
        board = self.board
        label = next(each.label for each in board.weights.controls if each.name == name)
        board.sheet.do(Setting(name, value, label))
        if self.lines.traced is not None:
            self._show_traced(self.lines.traced)

    def _take_result(self, doodle: Doodle, image: QImage) -> None:
        board = self._boards[doodle.request.weights]
        if board.take(doodle.version, image) and board is self.board:
            self._show_result(board)

    def _show_result(self, board: DrawingBoard) -> None:
        page, noun = self._page, board.subject.noun
        if page is None:
            return
        blank = board.sheet.blank
        words = tr("The {noun} appears here, and changes with every stroke.", noun=noun)
        if not blank or self.lines.on:
            words = tr("Drawing the first {noun}…", noun=noun)
        if board.result.cacheKey() != page.result.image.cacheKey() or board.result.isNull():
            page.result.show_image(board.result, words)
        invitation = tr(
            "Draw {one} here\nor press “Surprise me”, or drop a photo", one=board.subject.one
        )
        page.paper.invite(invitation if blank and not self.lines.on else "")
        free, has_result = not self.lines.on, not board.result.isNull()
        page.allow_saving(free and not blank)
        page.clear.setEnabled(free and not blank)
        page.another.setEnabled(free and not blank)
        page.hold.setEnabled(free and has_result)
        page.surprise.setEnabled(free)
        page.save.setEnabled(free and not blank)
        page.use.setEnabled(free and has_result)
        self._show_refined()

    def _show_refined(self) -> None:
        if self._refining is not None:
            self._refining.show()

    def _sheet_is_away(self) -> None:
        self._show_result(self.board)
        self._changed(self.board)

    def _show_traced(self, traced: Traced) -> None:
        board = self.board
        if self._page is not None:
            board.touch(tracing=True)
            self._page.paper.show_image(traced.image)
            self.live.want(board.doodle(traced.image))

    def _sheet_is_back(self) -> None:
        board = self.board
        if self._page is not None:
            board.touch()
            self._page.paper.show_image(board.sheet.image)
            self._ask(board)
            self._changed(board)

    def _stop_tracing(self) -> None:
        if self._tracing is not None:
            self._tracing.stop()
