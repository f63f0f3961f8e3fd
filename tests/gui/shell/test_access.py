"""By keyboard, and for whoever hears the window instead of seeing it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QSlider, QSpinBox, QWidget

from studio.gui.shell.shortcuts_sheet import ShortcutsSheet

if TYPE_CHECKING:
    from collections.abc import Iterator

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


def check(top: QWidget) -> None:
    """Every control has a name; what has a value tells it."""
    nameless, wrong, seen = list[str](), list[str](), 0
    for each in controls(top):
        seen += 1
        widget = each.object()
        what = f"{type(widget).__name__} {widget.objectName()} in {type(widget.parent()).__name__}"
        if not name_of(each).strip():
            nameless.append(what)
        if isinstance(widget, QSlider | QSpinBox):
            value = each.valueInterface()
            if value is None or value.currentValue() != widget.value():
                wrong.append(what)
    assert seen
    assert not nameless, nameless
    assert not wrong, wrong


@pytest.mark.usefixtures("enhance", "sketch", "faces")
def test_that_every_control_of_every_page_has_a_name_and_tells_its_value(
    studio: Studio, photo: Path, other_photo: Path
) -> None:
    check(studio.window)
    studio.open(photo, other_photo)
    check(studio.window)
    for tool in ("enhance", "sketch", "faces", "style"):
        studio.window.rail.button(tool).click()
        check(studio.window)
    studio.rest()
    studio.window.panel.folder_wanted.emit()
    check(studio.window)
    studio.window.actions_.models.trigger()
    check(studio.window)
    studio.window.page_left.emit()
    actions = studio.window.actions_
    for action in (actions.save, actions.settings, actions.shortcuts, actions.about):
        action.trigger()
        dialog = next(d for d in studio.window.findChildren(QDialog) if d.isVisible())
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
    QTest.keyClick(sheet, Qt.Key.Key_F1)
    studio.bot.waitUntil(lambda: studio.window.findChild(ShortcutsSheet) is None)
