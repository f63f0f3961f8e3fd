"""The hand that draws: the brush, and what it does on the sheet."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QKeySequence, QShortcut

from studio.core.settings import Preferences
from studio.gui.drawing.raster import blank
from studio.gui.sketch.brush import THICKEST, THINNEST, Brush, Tip
from studio.gui.sketch.drawing_board import DrawingBoard
from studio.gui.sketch.page import SketchPage
from studio.gui.sketch.templates import paint_template
from studio.gui.state.drawing import Another, Clear, Point, Surprise, Template


class Hand(QObject):
    """Turns what happens on paper, tools and keys into operations on the sheet.

    Args:
        page: the page.
        board: the one that is shown.
        kept: preferences to begin with.
        remember: keeps preferences by their names.
    """

    def __init__(
        self,
        page: SketchPage,
        board: Callable[[], DrawingBoard],
        kept: Preferences,
        remember: Callable[..., None],
    ) -> None:
        super().__init__(page)
        self._page = page
        self._board = board
        self._remember = remember
        pen, brush, eraser = (
            min(THICKEST, max(THINNEST, width))
            for width in (kept.sketch_pen, kept.sketch_brush, kept.sketch_eraser)
        )
        self._widths = {"sketch_pen": pen, "sketch_brush": brush}
        self.brush = Brush(Tip.PEN, pen, eraser, "", kept.sketch_mirror)
        self._connect()
        self._add_keys()

    def take_up(self) -> None:
        """Draws on another board, in its colour."""
        board = self._board()
        tip = Tip.PEN if self.brush.tip is Tip.FILL and not board.subject.labels else self.brush.tip
        pen = self._widths[self._kind]
        self.set_brush(replace(self.brush, tip=tip, pen=pen, colour=board.colour))

    def set_brush(self, brush: Brush) -> None:
        """Draws with another brush."""
        board = self._board()
        if brush.tip is Tip.FILL and not board.subject.labels:
            return
        self.brush, board.colour = brush, brush.colour
        self._widths[self._kind] = brush.pen
        self._remember(
            **{self._kind: brush.pen}, sketch_eraser=brush.eraser, sketch_mirror=brush.mirrored
        )
        self._page.tools.show_brush(brush, fills=bool(board.subject.labels))
        width = 0 if brush.tip is Tip.FILL else brush.width
        self._page.paper.show_brush(width, axis=brush.mirrored)
        self._page.side.show_palette(board.subject.labels, brush.colour)

    @property
    def _kind(self) -> str:
        """Lines and labels want pens of their own."""
        return "sketch_brush" if self._board().subject.labels else "sketch_pen"

    def _connect(self) -> None:
        page = self._page
        page.tools.tip_chosen.connect(self._choose_tip)
        page.tools.width_chosen.connect(lambda px: self.set_brush(self.brush.of_width(px)))
        page.tools.mirror_chosen.connect(self._mirror)
        page.side.colour_chosen.connect(self._choose_colour)
        page.paper.pressed.connect(self._pressed)
        page.paper.moved.connect(self._moved)
        page.paper.released.connect(self._released)
        page.paper.widened.connect(self._widen)
        page.clear.clicked.connect(self._clear)
        page.another.clicked.connect(self._draw_another)
        page.surprise.clicked.connect(self._surprise)
        page.template_menu.aboutToShow.connect(self._show_templates)
        page.template_menu.picked.connect(self._start_from)

    def _add_keys(self) -> None:
        """Keys that work while the page is shown, wherever the focus is."""
        for keys, act in (
            (("B",), partial(self._choose_tip, Tip.PEN)),
            (("E",), partial(self._choose_tip, Tip.ERASER)),
            (("G",), partial(self._choose_tip, Tip.FILL)),
            (("M",), self._page.tools.mirror.toggle),
            (("[",), partial(self._widen, -1)),
            (("]",), partial(self._widen, 1)),
            (("Ctrl+Backspace", "Ctrl+Delete"), self._page.clear.click),
            (("N",), self._page.another.click),
            (("S",), self._page.surprise.click),
            (("H",), self._page.hold.click),
        ):
            for key in keys:
                shortcut = QShortcut(QKeySequence(key), self._page)
                shortcut.activated.connect(act)

    def _pressed(self, point: Point, erasing: bool) -> None:
        board = self._board()
        if self.brush.tip is Tip.FILL and not erasing:
            board.sheet.do(self.brush.fill(point))
        else:
            board.sheet.begin(self.brush.stroke(point, board.subject, erasing=erasing))

    def _moved(self, point: Point) -> None:
        self._board().sheet.move(point)

    def _released(self) -> None:
        self._board().sheet.end()

    def _choose_tip(self, tip: Tip) -> None:
        self.set_brush(replace(self.brush, tip=tip))

    def _choose_colour(self, colour: str) -> None:
        tip = Tip.PEN if self.brush.tip is Tip.ERASER else self.brush.tip
        self.set_brush(replace(self.brush, tip=tip, colour=colour))

    def _mirror(self, on: bool) -> None:
        self.set_brush(replace(self.brush, mirrored=on))

    def _widen(self, steps: int) -> None:
        self.set_brush(self.brush.wider(steps))

    def _clear(self) -> None:
        self._board().sheet.do(Clear())

    def _draw_another(self) -> None:
        sheet = self._board().sheet
        sheet.do(Another(sheet.drawing.seed + 1))

    def _surprise(self) -> None:
        """Another one each time: no two follow each other that are alike."""
        self._board().sheet.do(Surprise(secrets.randbits(31)))

    def _show_templates(self) -> None:
        subject = self._board().subject
        pictures = [blank(subject.ground) for _ in subject.templates]
        for name, picture in zip(subject.templates, pictures, strict=True):
            paint_template(picture, name, subject)
        self._page.template_menu.show_templates(list(zip(subject.templates, pictures, strict=True)))

    def _start_from(self, name: str) -> None:
        self._board().sheet.do(Template(name))
