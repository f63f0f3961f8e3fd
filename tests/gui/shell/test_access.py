"""By keyboard, and for whoever hears the window instead of seeing it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QSlider,
    QSpinBox,
    QWidget,
)

from studio.gui.shell.shortcuts_sheet import ShortcutsSheet
from tests.clips import write_clip
from tests.gui.facing import pin
from tests.gui.sketching import across, draw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from tests.gui.conftest import Studio

_Role = QAccessible.Role
# What a person can do something with, and so must have a name.
_CONTROLS = {
    _Role.Button, _Role.ButtonMenu, _Role.ButtonDropDown, _Role.CheckBox, _Role.RadioButton,
    _Role.ComboBox, _Role.EditableText, _Role.Slider, _Role.SpinBox, _Role.List, _Role.Tree,
    _Role.Table, _Role.ProgressBar,
}  # fmt: skip


def controls(top: QWidget) -> Iterator[QAccessibleInterface]:
    """All that is seen below a widget."""
    below = [QAccessible.queryAccessibleInterface(top)]
    while below:
        each = below.pop()
        widget = each.object()
        if isinstance(widget, QWidget) and widget is not top and not widget.isVisibleTo(top):
            continue
        if each.role() in _CONTROLS or (
            isinstance(widget, QWidget) and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        ):
            yield each
            if each.role() in {_Role.ComboBox, _Role.SpinBox}:
                continue  # what is inside is theirs
        children = [each.child(at) for at in range(each.childCount())]
        below += [child for child in children if child is not None and child.isValid()]


def name_of(each: QAccessibleInterface) -> str:
    """Qt takes a combo box's value for its name; screen readers then look for its label."""
    widget = each.object()
    if not isinstance(widget, QComboBox):
        return each.text(QAccessible.Text.Name)
    labels = each.relations(QAccessible.RelationFlag.Label)
    return widget.accessibleName() or " ".join(
        label.text(QAccessible.Text.Name) for label, _ in labels
    )


def check(top: QWidget) -> set[QWidget]:
    """Every control has a name, tells its value and whether it is on, and Tab may stop at it.

    Returns:
        Those that can be used now, without the ones to which arrow keys go.
    """
    nameless, wrong, wanted = list[str](), list[str](), set[QWidget]()
    for each in controls(top):
        widget = each.object()
        what = f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
        if not name_of(each).strip():
            nameless.append(what)
        if isinstance(widget, QSlider | QSpinBox):
            value = each.valueInterface()
            if value is None or value.currentValue() != widget.value():
                wrong.append(what)
        if isinstance(widget, QAbstractButton) and widget.isCheckable():
            state = each.state()
            wrong += [] if state.checkable and state.checked == widget.isChecked() else [what]
        if isinstance(widget, QAbstractButton) and is_one_of_several(widget):
            continue
        if each.role() is _Role.ProgressBar:
            continue
        if isinstance(widget, QWidget) and widget.isEnabled():
            wrong += [] if widget.focusPolicy() & Qt.FocusPolicy.TabFocus else [what]
            wanted.add(widget)
    assert wanted
    assert not nameless, nameless
    assert not wrong, wrong
    return wanted


def is_one_of_several(button: QAbstractButton) -> bool:
    group = button.group()
    return button.isCheckable() and group is not None and group.exclusive()


def reached(bot: QtBot, top: QWidget) -> set[QWidget]:
    """All that Tab stops at."""
    found = set[QWidget]()
    window = top.window()
    window.activateWindow()
    bot.waitUntil(lambda: QApplication.activeWindow() is window, timeout=20_000)
    for _ in range(500):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if focused is None or focused in found:
            return found
        found.add(focused)
    pytest.fail("Tab does not come back")


@pytest.mark.usefixtures("enhance", "sketch", "faces")
def test_that_every_control_of_every_page_has_a_name_and_tells_its_value(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    window = studio.window
    check(window)
    studio.open(photo, other_photo)
    window.panel.steps.tools.actions()[0].trigger()
    assert check(window) <= reached(studio.bot, window)
    for tool in ("enhance", "sketch", "faces", "style"):
        window.rail.button(tool).click()
        check(window)
    studio.rest()
    window.actions_.brush.trigger()
    check(window)
    window.actions_.brush.trigger()
    window.panel.folder_wanted.emit()
    check(window)
    window.actions_.models.trigger()
    check(window)
    window.page_left.emit()
    studio.workspace.messages.ask("Words.", "Do it", lambda: None)
    check(window)


@pytest.mark.usefixtures("enhance", "sketch", "faces")
def test_that_every_control_of_every_dialog_has_a_name_and_tells_its_value(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    studio.open(photo, other_photo)
    actions, window = studio.window.actions_, studio.window
    dialogs = [
        actions.save, actions.save_all, actions.settings, actions.shortcuts, actions.about
    ]  # fmt: skip
    for action in dialogs:
        action.trigger()
        dialog = next(d for d in window.findChildren(QDialog) if d.isVisible())
        assert check(dialog) <= reached(studio.bot, dialog)
        dialog.reject()
        studio.bot.waitUntil(lambda dialog=dialog: not dialog.isVisible())


@pytest.mark.usefixtures("enhance", "sketch", "faces")
def test_that_every_control_of_videos_faces_and_drawings_has_a_name(
    studio: Studio, tmp_path: Path
) -> None:
    window = studio.window
    times = tuple(range(0, 90_000, 3600))
    studio.workspace.open([write_clip(tmp_path / "clip.mp4", times=times, size=(160, 120))])
    studio.bot.waitUntil(window.scrubber.play.isEnabled, timeout=20_000)
    check(window)
    pin(studio, 3, 5)
    check(window)
    for tool in ("faces", "sketch"):
        window.rail.button(tool).click()
        if tool == "sketch":
            draw(studio.commands.sketch.page, *across(200))
            studio.bot.waitUntil(window.actions_.save.isEnabled, timeout=20_000)
        window.actions_.save.trigger()
        dialog = next(d for d in window.findChildren(QDialog) if d.isVisible())
        check(dialog)
        dialog.reject()
        studio.bot.waitUntil(lambda dialog=dialog: not dialog.isVisible())


def test_that_the_sheet_of_shortcuts_tells_of_every_action_that_has_a_key(studio: Studio) -> None:
    actions = studio.window.actions_
    assert {QKeySequence("F1"), QKeySequence("?")} <= set(actions.shortcuts.shortcuts())
    actions.shortcuts.trigger()
    sheet = studio.window.findChild(ShortcutsSheet)
    assert sheet is not None
    told = [label.text() for label in sheet.findChildren(QLabel)]
    keyed = [action for action in actions.all() if action.shortcuts()]
    for action in keyed:
        assert told.count(action.text().rstrip("…")) == 1, action.text()
        keys = {key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts()}
        first = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        assert any(first in (said := set(words.split("   "))) and said <= keys for words in told)
    assert "Space   \\" in told, "of what shows the original while it is held"
    QTest.keyClick(sheet, Qt.Key.Key_F1)
    studio.bot.waitUntil(lambda: studio.window.findChild(ShortcutsSheet) is None)
