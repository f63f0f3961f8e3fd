"""Finds letters that lead to two places, in all that is seen of the window."""

from collections import defaultdict

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget


def doubled_mnemonics() -> list[str]:
    """The texts of labels and buttons of one window that share a letter of Alt."""
    texts = defaultdict[tuple[QWidget, str], list[str]](list)
    for widget in QApplication.allWidgets():
        if widget.isVisible() and isinstance(widget, QLabel | QAbstractButton):
            key = QKeySequence.mnemonic(widget.text()).toString()
            texts[widget.window(), key].append(widget.text())
    return [f"{key}: {same}" for (_, key), same in texts.items() if key and len(same) > 1]
