"""Brings the sketch tool together: page and panel, the drawings, and what comes of them."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage

from studio.core.controls import Value
from studio.core.errors import StudioError
from studio.gui.drawing.raster import warm_up
from studio.gui.shell.window import Window
from studio.gui.sketch.easel import Easel
from studio.gui.sketch.hand import Hand
from studio.gui.sketch.line_import import LineImport, Traced
from studio.gui.sketch.live import Doodle, Live
from studio.gui.sketch.output import Output
from studio.gui.sketch.page import SketchPage
from studio.gui.sketch.tracing import Tracing
from studio.gui.state.background import Background
from studio.gui.state.drawing import Drawing, Setting
from studio.gui.state.loading import open_from_disk
from studio.gui.state.session import Session
from studio.gui.widgets.page import PageTool
from studio.gui.widgets.scratch import Scratch

_MODEL = "sketch"


class SketchCommands(PageTool):
    """Shows the page and keeps the result up with the drawing.

    Attributes:
        live: the way to the engine.
        output: where results go.
    """

    def __init__(self, window: Window, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._page: SketchPage | None = None
        self._hand: Hand | None = None
        self._tracing: Tracing | None = None
        self._easels: dict[str, Easel] = {}
        self._earlier: dict[str, Drawing] = {}  # of the last time; painted when it is first shown
        self._shown = ""  # id of the weights that are drawn for
        # Threads of its own: a large photo that is being opened must not hold up the pen.
        self._background = Background(self)
        self._scratch = Scratch(self._background, self._fail)
        self.live = Live(session.jobs, self._scratch, self)
        self.lines = LineImport(self._background, open_from_disk, self)
        self.output = Output(window, session, self._scratch, lambda: self.easel)
        self.live.shown.connect(self._take_result)
        self.live.failed.connect(self._fail)
        session.page_wanted.connect(self._open_for)
        window.page_changed.connect(self._page_changed)
        window.panel.edited.connect(self._edited)
        window.rail.dropped.connect(lambda model, paths: self._drop(model, paths[0]))
        window.rail.dropped_image.connect(self._drop)

    @property
    def is_open(self) -> bool:
        return self._page is not None and self._window.page is self._page

    @property
    def page(self) -> SketchPage:
        """The page; made when it is first asked for."""
        if self._page is None:
            self._page = self._make_page()
        return self._page

    @property
    def easel(self) -> Easel:
        """What is being drawn."""
        if not self._shown:
            known = [weights for weights, _ in self._choices()]
            last = self._session.preferences.sketch_weights
            self._shown = last if last in known else known[0]
        if self._shown not in self._easels:
            self._easels[self._shown] = self._make_easel(self._shown)
        return self._easels[self._shown]

    @property
    def weights(self) -> str:
        return self.easel.weights.id

    @property
    def drawings(self) -> dict[str, Drawing]:
        """What is drawn, by the weights that it is drawn for."""
        drawn = {weights: easel.sheet.drawing for weights, easel in self._easels.items()}
        return {weights: each for weights, each in (self._earlier | drawn).items() if each}

    def take(self, drawings: Mapping[str, Drawing]) -> None:
        """Brings drawings back; they come before what is drawn already."""
        for weights, drawing in drawings.items():
            easel = self._easels.get(weights)
            if easel is None:
                self._earlier[weights] = drawing
            else:
                easel.sheet.take(easel.sheet.drawing.after(drawing))

    @property
    def next_undo(self) -> str | None:
        return "the picture's lines" if self.lines.on else self.easel.sheet.next_undo

    @property
    def next_redo(self) -> str | None:
        return None if self.lines.on else self.easel.sheet.next_redo

    def undo(self) -> None:
        if self.lines.on:
            self._stop_tracing()
        else:
            self.easel.sheet.undo()

    def redo(self) -> None:
        if not self.lines.on:
            self.easel.sheet.redo()

    def open(self) -> None:
        """Shows the page."""
        self._window.show_page(self.page, "Sketch")
        self.page.paper.setFocus()

    def paste(self) -> None:
        if self._tracing is not None:
            self._tracing.paste()

    def save(self) -> None:
        self.output.ask()

    def choose_weights(self, weights: str) -> None:
        """Draws for other weights, on their own sheet."""
        if weights != self.easel.weights.id:
            self._stop_tracing()
            self.easel.sheet.end()
            self._shown = weights
            self._session.remember(sketch_weights=weights)
            self._show_easel()

    def close(self) -> None:
        self._background.close()
        self._scratch.close()

    def _choices(self) -> list[tuple[str, str]]:
        toolbox = self._session.toolbox
        return toolbox.beside(toolbox.first_of(_MODEL))

    def _open_for(self, model: str) -> None:
        if model == _MODEL:
            self.open()

    def _drop(self, model: str, picture: Path | QImage) -> None:
        if model == _MODEL:
            self.open()
            if self._tracing is not None:
                self._tracing.start(picture)

    def _make_easel(self, weights: str) -> Easel:
        toolbox = self._session.toolbox
        easel = Easel(toolbox.find(weights), toolbox.first_look(weights), self)
        easel.sheet.take(self._earlier.pop(weights, Drawing()))
        easel.sheet.painted.connect(partial(self._painted, easel))
        easel.sheet.changed.connect(partial(self._changed, easel))
        return easel

    def _make_page(self) -> SketchPage:
        page, session = SketchPage(), self._session
        page.dress(self._window.theme)
        page.side.weights.show_weights(self._choices())
        page.side.weights.chosen.connect(self.choose_weights)
        page.use.show_tools(session.toolbox.photo_tools)
        page.tools.undo_wanted.connect(self.undo)
        page.tools.redo_wanted.connect(self.redo)
        page.save.clicked.connect(self.save)
        page.use.wanted.connect(self.output.use_in)
        page.result.held.connect(lambda: self._scratch.lend(page.result, self.easel.subject.noun))
        kept, messages = session.preferences, self._window.messages
        self._hand = Hand(page, lambda: self.easel, kept, session.remember)
        self._tracing = Tracing(page, self.lines, lambda: self.easel, session, messages)
        self._tracing.started.connect(self._sheet_is_away)
        self._tracing.shown.connect(self._show_traced)
        self._tracing.stopped.connect(self._sheet_is_back)
        session.form.show_previews(session.toolbox, self._choices(), page.side.weights)
        self._background.run(warm_up, lambda _: None, self._fail)
        return page

    def _page_changed(self) -> None:
        if self.is_open:
            self._show_easel()
        else:
            self._stop_tracing()

    def _show_easel(self) -> None:
        """Makes page and panel show what is being drawn."""
        easel, page = self.easel, self._page
        if page is None or self._hand is None:
            return
        self._window.status.show_size((easel.side, easel.side))
        page.side.weights.show_chosen(easel.weights.id)
        page.another.setText(f"Another {easel.subject.noun}")
        page.another.setAccessibleName(page.another.text())
        self._changed(easel)
        self._hand.take_up()
        page.paper.show_image(easel.sheet.image)
        self._show_result(easel)
        if not easel.up_to_date:
            self.live.want(easel.doodle())

    def _painted(self, easel: Easel, box: QRect) -> None:
        easel.touch()
        if easel is self.easel and self._page is not None:
            if not self.lines.on:
                self._page.paper.show_image(easel.sheet.image, box)
            self._ask(easel)

    def _ask(self, easel: Easel) -> None:
        """Wants the picture of what is on the sheet, but for a blank one."""
        self.live.want(None if easel.up_to_date else easel.doodle())
        self._show_result(easel)

    def _changed(self, easel: Easel) -> None:
        if easel is self.easel and self._page is not None:
            if self.is_open:
                self._session.form.show(self._session.toolbox, easel.look, {})
            self._page.tools.show_steps(self.next_undo, self.next_redo)
            self.history_changed.emit()

    def _edited(self, name: str, value: Value) -> None:
        if self.is_open:
            easel = self.easel
            label = next(each.label for each in easel.weights.controls if each.name == name)
            easel.sheet.do(Setting(name, value, label))
            if self.lines.traced is not None:
                self._show_traced(self.lines.traced)

    def _take_result(self, doodle: Doodle, image: QImage) -> None:
        easel = self._easels[doodle.request.weights]
        if easel.take(doodle.version, image) and easel is self.easel:
            self._show_result(easel)

    def _show_result(self, easel: Easel) -> None:
        page, noun = self._page, easel.subject.noun
        if page is None:
            return
        blank = easel.sheet.blank
        words = f"The {noun} appears here, and changes with every stroke."
        if not blank or self.lines.on:
            words = f"Drawing the first {noun}…"
        if easel.result.cacheKey() != page.result.image.cacheKey() or easel.result.isNull():
            page.result.show_image(easel.result, words)
        invitation = f"Draw a {noun} here\nor begin with a template, or drop a photo"
        page.paper.invite(invitation if blank and not self.lines.on else "")
        free, has_result = not self.lines.on, not easel.result.isNull()
        page.allow_saving(free and not blank)
        page.clear.setEnabled(free and not blank)
        page.another.setEnabled(free and not blank)
        page.save.setEnabled(free and not blank)
        page.use.setEnabled(free and has_result)

    def _sheet_is_away(self) -> None:
        self._show_result(self.easel)
        self._changed(self.easel)

    def _show_traced(self, traced: Traced) -> None:
        easel = self.easel
        if self._page is not None:
            easel.touch(tracing=True)
            self._page.paper.show_image(traced.image)
            self.live.want(easel.doodle(traced.image))

    def _sheet_is_back(self) -> None:
        easel = self.easel
        if self._page is not None:
            easel.touch()
            self._page.paper.show_image(easel.sheet.image)
            self._ask(easel)
            self._changed(easel)

    def _stop_tracing(self) -> None:
        if self._tracing is not None:
            self._tracing.stop()

    def _fail(self, error: StudioError) -> None:
        self._window.messages.error(error)
