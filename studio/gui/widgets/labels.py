"""Words in bold."""

from PySide6.QtWidgets import QLabel


def bold_label(words: str) -> QLabel:
    """The title of a part of the panel."""
    label = QLabel(words)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label
