"""Refines a result while the pen rests: sharp, in other colours, and what of it is held."""

import secrets
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.core.words.tongue import tr
from studio.gui.sketch.at_rest import AtRest, Task
from studio.gui.sketch.drawing_board import DrawingBoard
from studio.gui.sketch.page import SketchPage
from studio.gui.state.drawing import Another, Hold, LetGo, Return

_OTHERS = 8  # pictures of the same drawing at once
_MOST_HELD = 8  # that are shown, the newest
_BITS = 48  # of a held result's number
_SHARP, _OTHER, _HELD = "sharp", "other", "held"


class Refining(QObject):
    """The part of the panel with small pictures, and the sharp result.

    Args:
        page: has both.
        at_rest: makes the pictures.
        board: the one that is shown.

    Signals:
        sharpened: (DrawingBoard) its result is sharp now.
    """

    sharpened = Signal(object)

    def __init__(
        self, page: SketchPage, at_rest: AtRest, board: Callable[[], DrawingBoard]
    ) -> None:
        super().__init__(page)
        self._page, self._at_rest, self._board = page, at_rest, board
        self._first = 0  # seed of the first picture of the same drawing
        self._seed = 0  # that was shown last
        self._shown: object = None
        at_rest.made.connect(self._take)
        page.hold.clicked.connect(self._hold)
        side = page.side
        side.others.picked.connect(self._pick)
        side.next.clicked.connect(self._turn)
        side.held.picked.connect(lambda number: self._board().sheet.do(Return(number)))
        side.held.let_go.connect(lambda number: self._board().sheet.do(LetGo(number)))

    def show(self) -> None:
        """Shows what there is of the board."""
        board, side = self._board(), self._page.side
        noun, seed = board.subject.noun, board.sheet.drawing.seed
        if seed != self._seed:  # else a person may have turned to others
            self._seed, self._first = seed, seed - seed % _OTHERS
        held = board.sheet.drawing.held[-_MOST_HELD:]
        pictures = [image.cacheKey() for image in (*board.others.values(), *board.held.values())]
        blank = board.result.isNull()
        shown = board, seed, self._first, held, pictures, blank
        if shown == self._shown:  # as at most moves of the pen
            return
        self._shown = shown
        seeds = range(self._first, self._first + _OTHERS)
        name = tr(noun).capitalize()
        names = {
            each: tr("{noun} No. {number} of this drawing", noun=name, number=each + 1)
            for each in seeds
        }
        others = tr("Other {plural}", plural=board.subject.plural)
        side.show_others(others, names, board.others, seed, shown=not blank)
        words = dict.fromkeys(held, tr("Return to this {noun} and its drawing", noun=noun))
        side.show_held(words, board.held)

    def rest(self) -> None:
        """The pen rests, and the result is that of what is drawn."""
        board = self._board()
        tasks: list[Task] = []
        if board.up_to_date and not board.sheet.blank:
            tasks += self._sharp(board) + self._others(board)
        self._at_rest.want(tasks + self._held(board))

    def stir(self) -> None:
        """The pen moves."""
        self._at_rest.stir()

    def _sharp(self, board: DrawingBoard) -> list[Task]:
        if board.sharp or board.upscaler is None:
            return []
        words = tr("Sharpening the {noun}", noun=board.subject.noun)
        doodle = board.doodle()
        return [Task((_SHARP, doodle.version), doodle.image, board.large(doodle.request), words)]

    def _others(self, board: DrawingBoard) -> list[Task]:
        doodle, words = board.doodle(), tr("Drawing other {plural}", plural=board.subject.plural)
        board.keep_others()
        return [
            Task((_OTHER, seed), doodle.image, replace(doodle.request, seed=seed), words)
            for seed in range(self._first, self._first + _OTHERS)
            if not board.has_other(seed)
        ]

    def _held(self, board: DrawingBoard) -> list[Task]:
        """Those of an earlier time, of which there is no picture yet."""
        missing = [each for each in board.sheet.drawing.held if each not in board.held]
        return [
            Task((_HELD, each), *board.when_held(each), tr("Drawing what is held"))
            for each in missing[-_MOST_HELD:]
        ]

    def _take(self, task: Task, image: QImage) -> None:
        board = self._board()
        match task.key:
            case (str(kind), int(version)) if kind == _SHARP:
                if board.sharpen(version, image):
                    self.sharpened.emit(board)
            case (str(kind), int(seed)) if kind == _OTHER:
                board.others[seed] = image
                board.fresh.add(seed)
            case (str(kind), int(number)) if kind == _HELD:
                board.held[number] = image
            case _:
                pass
        self.show()

    def _hold(self) -> None:
        board = self._board()
        number = secrets.randbits(_BITS)
        if board.up_to_date:  # else its picture is made at rest
            board.held[number] = board.result
        board.sheet.do(Hold(number))
        self.show()

    def _pick(self, seed: int) -> None:
        sheet = self._board().sheet
        if seed != sheet.drawing.seed:
            self._seed = seed  # these stay where they are
            sheet.do(Another(seed))

    def _turn(self) -> None:
        self._first += _OTHERS
        self._board().forget_others()
        self.show()
        self.rest()
