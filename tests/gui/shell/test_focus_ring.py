"""What has the focus is seen after a key, and not after a click."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QToolButton, QWidget

from studio.gui.theme.palette import DARK, LIGHT, Theme

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio

LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def ring(top: QWidget) -> QRect:
    """Where it is in a window; empty: nowhere."""
    found = [each for each in top.findChildren(QWidget, "focus-ring") if each.isVisible()]
    assert len(found) <= 1
    return found[0].geometry() if found else QRect()


def press(top: QWidget, key: Qt.Key) -> None:
    """As the platform does it: to the window, which finds the widget."""
    handle = top.windowHandle()
    assert handle is not None
    QTest.keyClick(handle, key)


def place(widget: QWidget) -> QRect:
    return QRect(widget.mapTo(widget.window(), QPoint()), widget.size())


def activate(top: QWidget) -> None:
    top.activateWindow()
    assert QTest.qWaitForWindowActive(top)


def click(top: QWidget, spot: QPoint) -> None:
    handle = top.windowHandle()
    assert handle is not None
    QTest.mouseClick(handle, LEFT, NO_KEY, spot)


def test_that_a_ring_goes_with_the_focus_after_a_key_until_the_next_click(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    window = studio.window
    activate(window)
    window.canvas.setFocus()
    assert ring(window).isEmpty()
    seen: list[QRect] = []
    for _ in range(3):
        press(window, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        seen.append(ring(window))
        assert seen[-1].intersects(place(focused))
        accent = window.grab().toImage().pixelColor(seen[-1].center().x(), seen[-1].top())
        assert accent.name() == window.theme.accent
    assert len({each.center().toTuple() for each in seen}) == 3
    click(window, place(window.canvas).center())
    assert ring(window).isEmpty()
    press(window, Qt.Key.Key_Tab)
    assert not ring(window).isEmpty()


def test_that_in_a_list_it_lies_around_the_item_that_a_key_has_come_to(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    window = studio.window
    activate(window)
    (gallery,) = (row.gallery for row in window.panel.gallery_rows().values())
    gallery.setFocus()
    gallery.setCurrentRow(0)
    for row in (1, 2):
        press(window, Qt.Key.Key_Right)
        studio.bot.wait(1)
        assert gallery.currentRow() == row
        item = gallery.visualItemRect(gallery.item(row)).center()
        assert ring(window).contains(gallery.viewport().mapTo(window, item))


def test_that_a_dialog_has_its_own(studio: Studio) -> None:
    window = studio.window
    activate(window)
    press(window, Qt.Key.Key_Tab)
    assert not ring(window).isEmpty()
    window.actions_.settings.trigger()
    dialog = next(each for each in window.findChildren(QDialog) if each.isVisible())
    activate(dialog)
    press(dialog, Qt.Key.Key_Tab)
    assert not ring(dialog).isEmpty()
    dialog.reject()
    studio.bot.waitUntil(lambda: not dialog.isVisible())


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG 2.2 defines it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return sum(share * x for share, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_that_words_can_be_read_in_both_themes(theme: Theme) -> None:
    plain = product((theme.text, theme.dim), (theme.ground, theme.bar, theme.panel, theme.raised))
    coloured = product((theme.accent, theme.error), (theme.bar, theme.panel, theme.raised))
    for words, behind in (*plain, *coloured, (theme.on_accent, theme.accent)):
        assert contrast(words, behind) >= 4.5, (words, behind)


def test_that_a_choice_closed_by_a_click_elsewhere_looks_as_one_the_mouse_is_not_over(
    studio: Studio, photo: Path
) -> None:
    studio.open(photo)
    activate(studio.window)
    box = studio.window.panel.weights
    at_rest = box.grab().toImage()
    QCursor.setPos(box.mapToGlobal(box.rect().center()))
    box.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)  # as the platform's mouse would
    assert box.grab().toImage() != at_rest
    box.showPopup()
    QTest.qWait(300)
    QCursor.setPos(studio.window.canvas.mapToGlobal(QPoint(9, 9)))
    box.view().window().close()
    studio.bot.waitUntil(lambda: box.grab().toImage() == at_rest, timeout=5000)


def point_at(widget: QWidget) -> None:
    """Moves the mouse to the middle of a widget, as the platform tells it."""
    spot = widget.rect().center()
    QCursor.setPos(widget.mapToGlobal(spot))
    handle = widget.window().windowHandle()
    assert handle is not None
    QTest.mouseMove(handle, widget.mapTo(widget.window(), spot))


def menu_buttons(top: QWidget) -> list[QPushButton | QToolButton]:
    """Those that are seen and can be used."""
    found = [*top.findChildren(QPushButton), *top.findChildren(QToolButton)]
    return [each for each in found if each.isVisible() and each.isEnabled() and each.menu()]


@pytest.mark.parametrize("tool", ["style", "sketch"])
@pytest.mark.usefixtures("enhance", "sketch")
def test_that_a_button_whose_menu_was_closed_looks_as_one_the_mouse_is_not_over(
    studio: Studio, photo: Path, tool: str
) -> None:
    window = studio.window
    studio.open(photo)
    activate(window)
    window.rail.button(tool).click()
    buttons = menu_buttons(window)
    assert len(buttons) > 1
    for button in buttons:
        point_at(window.status)
        at_rest = button.grab().toImage()
        point_at(button)
        lit = button.grab().toImage()
        assert lit != at_rest
        for over, looks in ((button, lit), (window.status, at_rest)):
            button.menu().popup(window.mapToGlobal(window.rect().center()))
            button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse)  # as a desktop leaves it
            QCursor.setPos(over.mapToGlobal(over.rect().center()))
            press(button.menu(), Qt.Key.Key_Escape)
            assert button.grab().toImage() == looks
