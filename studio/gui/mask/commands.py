"""Brings the brush for masks together: bar, pad, and the look that a painted mask is part of."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QRect, Signal
from PySide6.QtGui import QAction, QImage, QKeySequence, QShortcut

from studio.core.controls import Mask
from studio.core.values.masks import LONGEST, is_content, to_png
from studio.core.words.tongue import tr
from studio.gui.mask.bar import MaskBar
from studio.gui.mask.brush import MaskBrush, Tip
from studio.gui.mask.pad import MaskPad
from studio.gui.mask.sheet import MaskSheet
from studio.gui.state.drawing import Point
from studio.gui.state.photo.loading import ScreenCopy
from studio.gui.state.place import PICTURE
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.file_dialogs import ask_for_file, picture_filter
from studio.gui.widgets.picture.canvas import Canvas


@dataclass(frozen=True)
class _Base:
    """What a sheet is of: the photo, its mask (control and value), an untouched one's level."""

    photo: Path | None = None
    control: str = ""
    mask: str = ""
    neutral: float = 1.0


class MaskCommands(QObject):
    """Paints masks. Each stroke makes a new look, so that undo goes back to the last one.

    Args:
        workspace: has the look.
        canvas: to paint over.
        bar: shows the brush.
        action: takes it up and puts it away.

    Attributes:
        pad: over the canvas.
        brush: in use.

    Signals:
        offered: (whether the weights in use take a mask).
    """

    offered = Signal(bool)

    def __init__(
        self,
        workspace: Workspace,
        canvas: Canvas,
        bar: MaskBar,
        action: QAction,
        overlay: QAction,
    ) -> None:
        super().__init__(canvas)
        self._workspace, self._canvas, self._bar, self._action = workspace, canvas, bar, action
        self._overlay = overlay
        self.pad = MaskPad(canvas)
        kept = workspace.preferences
        self.brush = MaskBrush(softness=kept.mask_softness).of_width(kept.mask_brush)
        self._sheet: MaskSheet | None = None
        self._shown = self._painted = _Base()
        self._connect()

    @property
    def is_on(self) -> bool:
        """Whether a mask is being painted."""
        return self._action.isChecked()

    def _connect(self) -> None:
        workspace, bar, pad = self._workspace, self._bar, self.pad
        photos, previews = workspace.photos, workspace.previews
        self._action.toggled.connect(self._take_up)
        self._overlay.toggled.connect(lambda: self._turn(self.is_on))
        for changed in (photos.look_changed, photos.document_changed, workspace.place.changed):
            changed.connect(self._follow)
        for answered in (previews.shown, previews.failed):
            answered.connect(self._lift)
        bar.tip_chosen.connect(lambda tip: self._take(replace(self.brush, tip=tip)))
        bar.width_chosen.connect(lambda px: self._take(self.brush.of_width(px)))
        bar.softness_chosen.connect(lambda share: self._take(replace(self.brush, softness=share)))
        bar.overlay_chosen.connect(self._show_overlay)
        bar.filled.connect(self._fill)
        bar.inverted.connect(lambda: self._change_all(MaskSheet.invert, tr("Invert mask")))
        bar.cleared.connect(lambda: self._use("", tr("Clear mask")))
        bar.left.connect(lambda: self._action.setChecked(False))
        pad.pressed.connect(self._begin)
        pad.moved.connect(self._move)
        pad.released.connect(self._end)
        pad.widened.connect(self._widen)
        for key, steps in (("[", -1), ("]", 1)):
            QShortcut(QKeySequence(key), pad).activated.connect(partial(self._widen, steps))

    @property
    def _control(self) -> Mask | None:
        """The mask of the weights in use."""
        look = self._workspace.photos.look
        controls = () if look is None else self._workspace.library.controls(look.weights)
        return next((control for control in controls if isinstance(control, Mask)), None)

    @property
    def _wanted(self) -> _Base:
        """What should be painted on."""
        look, control = self._workspace.photos.look, self._control
        photo = self._workspace.photos.document.shown
        if look is None or control is None:
            return _Base(photo)
        return _Base(photo, control.name, str(look.settings[control.name]), control.neutral)

    @property
    def _finds(self) -> bool:
        """Whether the model finds a mask of its own."""
        return self._shown.neutral < 1

    def _take_up(self, on: bool) -> None:
        self._turn(on)
        if not on:
            return
        before, self._painted = self._painted, replace(self._shown, mask="")
        if before != self._painted:  # else it has the tip with which it was put away
            tip = Tip.CHANGE if self._finds or self._shown.mask else Tip.KEEP  # it is changed
            self._take(replace(self.brush, tip=tip))

    def _turn(self, on: bool) -> None:
        self._end()
        self._bar.setVisible(on)
        self._shown, self._sheet = _Base(), None
        self.pad.lift_veil()
        if on or self._overlay.isChecked():
            self.pad.lie(painting=on)
            self._follow()
        else:
            self.pad.hide()

    def _follow(self) -> None:
        """Paints on the mask of the photo that is shown now."""
        has_mask, wanted = self._control is not None, self._wanted
        if wanted.photo != self._shown.photo:
            self._end()
        seen = wanted.photo is not None and self._workspace.place.page == PICTURE
        usable = has_mask and seen
        self.offered.emit(has_mask)
        self._action.setEnabled(usable)
        self._overlay.setEnabled(usable)
        if not usable:
            self._action.setChecked(False)
            self.pad.lift_veil()
        if (
            not (self.is_on or (self._overlay.isChecked() and usable))
            or wanted == self._shown
            or self._drawing
        ):
            return
        self._shown, self._sheet = wanted, None
        self.pad.lift_veil()
        self._take(self.brush)
        self._bar.clear.setEnabled(bool(wanted.mask))
        if is_content(wanted.mask):
            self._lay_out(wanted, QImage.fromData(to_png(wanted.mask)))
        elif wanted.mask:
            self._workspace.reading.picture(
                Path(wanted.mask),
                LONGEST,
                lambda opened: self._lay_out(wanted, opened.image),
                self._workspace.messages.error,
            )

    @property
    def _drawing(self) -> bool:
        return self._sheet is not None and self._sheet.drawing_now

    def _lay_out(self, wanted: _Base, image: QImage) -> None:
        size = self._workspace.screen.size
        if wanted == self._shown and self._sheet is None and size is not None:
            self._sheet = MaskSheet(size, wanted.neutral, image)
            if self._overlay.isChecked() and wanted.mask:
                self._veil_all()

    def _take(self, brush: MaskBrush) -> None:
        if brush.tip is Tip.RESET and not self._finds:
            brush = replace(brush, tip=Tip.KEEP)
        self.brush = brush
        self._workspace.remember(mask_brush=brush.width, mask_softness=brush.softness)
        self._bar.show_brush(brush, finds=self._finds)
        self._bar.show_overlay(self._workspace.preferences.mask_overlay)
        self.pad.show_width(brush.width)

    def _widen(self, steps: int) -> None:
        self._take(self.brush.wider(steps))

    def _ready_sheet(self) -> MaskSheet | None:
        """What to paint on; None: photo or mask are still being read."""
        if self._sheet is None and not self._shown.mask:
            self._lay_out(self._shown, QImage())
        return self._sheet

    def _begin(self, point: Point, erasing: bool) -> None:
        sheet = self._ready_sheet()
        if sheet is not None:
            stroke = self.brush.stroke(point, self._shown.neutral, erasing=erasing)
            self._veil(sheet, sheet.begin(stroke, self.brush.softness / 100))

    def _move(self, point: Point) -> None:
        if self._sheet is not None:
            self._veil(self._sheet, self._sheet.move(point))

    def _end(self) -> None:
        sheet = self._sheet
        if sheet is not None and sheet.drawing_now:
            self._veil(sheet, sheet.end())
            self._keep(sheet, tr("Brush stroke"))

    def _fill(self) -> None:
        """Does to the whole picture what the brush does to a place."""
        level = self.brush.level(self._shown.neutral)
        self._change_all(lambda sheet: sheet.fill(level), tr("Fill mask"))

    def _change_all(self, change: Callable[[MaskSheet], None], words: str) -> None:
        self._end()
        sheet = self._ready_sheet()
        if sheet is not None:
            change(sheet)
            self._veil(sheet, sheet.image.rect())
            self._keep(sheet, words)

    def _show_overlay(self, share: int) -> None:
        """Shows the whole mask with another opacity, until its next change is painted."""
        self._workspace.remember(mask_overlay=share)
        self._veil_all()

    def _veil_all(self) -> None:
        sheet = self._ready_sheet()
        if sheet is not None:
            self._veil(sheet, sheet.image.rect())

    def _keep(self, sheet: MaskSheet, words: str) -> None:
        """Makes the sheet the mask of the photo that it was laid out for; one step of undo."""
        shown = self._shown
        self._shown = replace(shown, mask=sheet.value)
        photo = self._workspace.photos.document.find(shown.photo)  # perhaps not shown any more
        if photo is not None and photo.look is not None and shown.control in photo.look.settings:
            look = photo.look.with_setting(shown.control, self._shown.mask)
            self._workspace.photos.change(photo, look, words)
        self._bar.clear.setEnabled(True)

    def ask_for_file(self) -> None:
        """Asks for a picture to be the mask."""
        kept = self._workspace.preferences
        folder = kept.mask_folder or kept.folder
        ask_for_file(self._canvas, tr("Choose a mask"), folder, picture_filter(), self._chosen)

    def _chosen(self, path: Path) -> None:
        """Takes a file that is a picture, unless the person has turned to something else."""
        self._workspace.remember(mask_folder=str(path.parent))
        wanted = self._wanted

        def take(_: ScreenCopy) -> None:
            if (wanted.photo, wanted.control) == (self._wanted.photo, self._wanted.control):
                self._use(str(path), tr("Mask"))

        self._workspace.reading.picture(path, LONGEST, take, self._workspace.messages.error)

    def _use(self, mask: str, words: str) -> None:
        """Gives the photo a mask; one step of undo."""
        look, control = self._workspace.photos.look, self._control
        if look is not None and control is not None:
            self._workspace.photos.change_look(look.with_setting(control.name, mask), words)
            self._bar.clear.setEnabled(bool(mask))

    def _veil(self, sheet: MaskSheet, box: QRect) -> None:
        if not box.isEmpty():
            size = (sheet.image.width(), sheet.image.height())
            opacity = self._workspace.preferences.mask_overlay / 100
            self.pad.veil(size, sheet.tint(box, self._bar.accent, opacity), box)

    def _lift(self) -> None:
        if self._drawing:
            return
        if not self._overlay.isChecked():
            self.pad.lift_veil()
        elif self._sheet is None:  # the photo's size was not known before
            self._shown = _Base()
            self._follow()
