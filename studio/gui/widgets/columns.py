"""Widgets edge to edge: below each other, and around a middle."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

_TOP, _RAIL, _PANEL, _BELOW = 48, 64, 320, 32  # px: heights of bars, widths of what is beside


def column(*widgets: QWidget) -> QVBoxLayout:
    """A layout without gaps."""
    layout = QVBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        layout.addWidget(widget)
    return layout


class Places(QWidget):
    """The window's areas: a middle, and places in the colours of what will be made for them."""

    def __init__(self, middle: QWidget) -> None:
        super().__init__()
        self._kept = [QFrame() for _ in range(4)]
        top, rail, panel, below = self._kept
        for place, name in zip(
            self._kept, ("top-bar", "rail", "panel", "status-line"), strict=True
        ):
            place.setObjectName(name)
        rail.setFixedWidth(_RAIL)
        _fix(top, panel, below)
        across = QHBoxLayout()
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(rail)
        across.addWidget(middle, 1)
        across.addWidget(panel)
        self._whole = column(top)
        self._whole.addLayout(across, 1)
        self._whole.addWidget(below)
        self.setLayout(self._whole)

    def fill(self, top: QWidget, rail: QWidget, panel: QWidget, below: QWidget) -> None:
        """Puts each where it belongs; the rail is as wide as its words."""
        _fix(top, panel, below)
        for place, widget in zip(self._kept, (top, rail, panel, below), strict=True):
            self._whole.replaceWidget(place, widget)
            place.deleteLater()


def _fix(top: QWidget, panel: QWidget, below: QWidget) -> None:
    top.setFixedHeight(_TOP)
    panel.setFixedWidth(_PANEL)
    below.setFixedHeight(_BELOW)
