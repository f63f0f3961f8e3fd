"""Brings the brush for masks together: bar, pad, and the look that a painted mask is part of."""

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QObject, QRect
from PySide6.QtGui import QImage, QImageWriter, QKeySequence, QShortcut

from studio.core.controls import Mask
from studio.core.masks import LONGEST, from_png, is_content, to_png
from studio.gui.mask.brush import MaskBrush, Tip
from studio.gui.mask.pad import MaskPad
from studio.gui.mask.sheet import MaskSheet
from studio.gui.shell.window import Window
from studio.gui.state.background import Background
from studio.gui.state.drawing import Point
from studio.gui.state.loading import open_for_screen, open_from_disk
from studio.gui.state.session import Session
from studio.gui.widgets.file_dialogs import ask_for_file, picture_filter

_QUICK = 80  # Qt's "quality" of a PNG: 7 ms, where its best takes 10 to 100


@dataclass(frozen=True)
class _Base:
    """What a sheet is of: the photo, its mask (control and value), an untouched one's level."""

    photo: Path | None = None
    control: str = ""
    mask: str = ""
    neutral: float = 1.0


class MaskCommands(QObject):
    """Paints masks. Each stroke makes a new look, so that undo goes back to the last one.

    Attributes:
        pad: over the canvas.
        brush: in use.
    """

    def __init__(self, window: Window, session: Session) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        # Threads of its own: a large photo that is being opened must not hold up the brush.
        self._background = Background(self)
        self.pad = MaskPad(window.canvas)
        self.brush = MaskBrush().of_width(session.preferences.mask_brush)
        self._sheet: MaskSheet | None = None
        self._shown = _Base()
        self._connect()

    @property
    def is_on(self) -> bool:
        """Whether a mask is being painted."""
        return self._window.actions_.brush.isChecked()

    def close(self) -> None:
        """Ends the threads."""
        self._background.close()

    def _connect(self) -> None:
        window, session, bar, pad = self._window, self._session, self._window.mask_bar, self.pad
        window.actions_.brush.toggled.connect(self._turn)
        for changed in (session.look_changed, session.document_changed, window.page_changed):
            changed.connect(self._follow)
        for answered in (session.previews.shown, session.previews.failed):
            answered.connect(self._lift)
        window.panel.mask_wanted.connect(self._ask_for_file)
        bar.tip_chosen.connect(lambda tip: self._take(replace(self.brush, tip=tip)))
        bar.width_chosen.connect(lambda px: self._take(self.brush.of_width(px)))
        bar.cleared.connect(lambda: self._use("", "Clear mask"))
        bar.left.connect(lambda: window.actions_.brush.setChecked(False))
        pad.pressed.connect(self._begin)
        pad.moved.connect(self._move)
        pad.released.connect(self._end)
        pad.widened.connect(self._widen)
        for key, steps in (("[", -1), ("]", 1)):
            QShortcut(QKeySequence(key), pad).activated.connect(partial(self._widen, steps))

    @property
    def _control(self) -> Mask | None:
        """The mask of the weights in use."""
        look = self._session.look
        controls = () if look is None else self._session.toolbox.controls(look.weights)
        return next((control for control in controls if isinstance(control, Mask)), None)

    @property
    def _wanted(self) -> _Base:
        """What should be painted on."""
        look, control = self._session.look, self._control
        photo = self._session.document.shown
        if look is None or control is None:
            return _Base(photo)
        return _Base(photo, control.name, str(look.settings[control.name]), control.neutral)

    @property
    def _finds(self) -> bool:
        """Whether the model finds a mask of its own."""
        return self._shown.neutral < 1

    def _turn(self, on: bool) -> None:
        self._end()
        self._window.mask_bar.setVisible(on)
        self._shown, self._sheet = _Base(), None
        if on:
            self.pad.lie()
            self._follow()
            tip = Tip.CHANGE if self._finds or self._shown.mask else Tip.KEEP  # it is changed
            self._take(replace(self.brush, tip=tip))
        else:
            self.pad.hide()

    def _follow(self) -> None:
        """Paints on the mask of the photo that is shown now."""
        has_mask, wanted = self._control is not None, self._wanted
        if wanted.photo != self._shown.photo:
            self._end()
        action = self._window.actions_.brush
        usable = has_mask and wanted.photo is not None and self._window.page is None
        self._window.top_bar.brush.setVisible(has_mask)
        action.setEnabled(usable)
        if not usable:
            action.setChecked(False)
        if not self.is_on or wanted == self._shown or self._drawing:
            return
        self._shown, self._sheet = wanted, None
        self.pad.lift_veil()
        self._take(self.brush)
        self._window.mask_bar.clear.setEnabled(bool(wanted.mask))
        if is_content(wanted.mask):
            self._lay_out(wanted, QImage.fromData(to_png(wanted.mask)))
        elif wanted.mask:
            self._background.run(
                partial(open_for_screen, Path(wanted.mask), LONGEST, open_from_disk),
                lambda opened: self._lay_out(wanted, opened.image),
                self._window.messages.error,
            )

    @property
    def _drawing(self) -> bool:
        return self._sheet is not None and self._sheet.drawing_now

    def _lay_out(self, wanted: _Base, image: QImage) -> None:
        size = self._session.size()
        if wanted == self._shown and self._sheet is None and size is not None:
            self._sheet = MaskSheet(size, wanted.neutral, image)

    def _take(self, brush: MaskBrush) -> None:
        if brush.tip is Tip.RESET and not self._finds:
            brush = replace(brush, tip=Tip.KEEP)
        self.brush = brush
        self._session.remember(mask_brush=brush.width)
        self._window.mask_bar.show_brush(brush, finds=self._finds)
        self.pad.show_width(brush.width)

    def _widen(self, steps: int) -> None:
        self._take(self.brush.wider(steps))

    def _begin(self, point: Point, erasing: bool) -> None:
        if self._sheet is None and not self._shown.mask:
            self._lay_out(self._shown, QImage())
        sheet = self._sheet  # None: photo or mask are still being read
        if sheet is not None:
            stroke = self.brush.stroke(point, self._shown.neutral, erasing=erasing)
            self._veil(sheet, sheet.begin(stroke))

    def _move(self, point: Point) -> None:
        if self._sheet is not None:
            self._veil(self._sheet, self._sheet.move(point))

    def _end(self) -> None:
        sheet, shown = self._sheet, self._shown
        if sheet is None or not sheet.drawing_now:
            return
        self._veil(sheet, sheet.end())
        self._shown = replace(shown, mask=_value(sheet.image))
        photo = self._session.document.find(shown.photo)  # not always the one that is shown now
        if photo is not None and photo.look is not None and shown.control in photo.look.settings:
            look = photo.look.with_setting(shown.control, self._shown.mask)
            self._session.history.change(photo.path, photo.look, look, -1, "Brush stroke")
        self._window.mask_bar.clear.setEnabled(True)

    def _ask_for_file(self) -> None:
        kept = self._session.preferences
        folder = kept.mask_folder or kept.folder
        ask_for_file(self._window, "Choose a mask", folder, picture_filter(), self._chosen)

    def _chosen(self, path: Path) -> None:
        self._session.remember(mask_folder=str(path.parent))
        self._use(str(path), "Mask")

    def _use(self, mask: str, words: str) -> None:
        """Gives the photo a mask; one step of undo."""
        look, control = self._session.look, self._control
        if look is not None and control is not None:
            self._session.change_look(look.with_setting(control.name, mask), words)
            self._window.mask_bar.clear.setEnabled(bool(mask))

    def _veil(self, sheet: MaskSheet, box: QRect) -> None:
        if not box.isEmpty():
            size = (sheet.image.width(), sheet.image.height())
            self.pad.veil(size, sheet.tint(box, self._window.theme.accent), box)

    def _lift(self) -> None:
        if not self._drawing:
            self.pad.lift_veil()


def _value(image: QImage) -> str:
    """A painted mask, as the value of its control."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, b"png")
    writer.setQuality(_QUICK)
    writer.write(image.convertToFormat(QImage.Format.Format_Grayscale8))
    return from_png(bytes(buffer.data().data()))
