"""Icons in the theme's colours, and small fonts."""

from PySide6.QtGui import QFont, QIcon

from studio.gui.theme.palette import Theme


def icon(name: str, theme: Theme) -> QIcon:
    """A Phosphor icon that dims when disabled and takes the accent when on."""
    return _lettered(name, theme.text, theme.faint, theme.accent)


def accent_icon(name: str, theme: Theme) -> QIcon:
    """A Phosphor icon for a button filled with the accent."""
    return coloured_icon(name, theme.on_accent)


def coloured_icon(name: str, colour: str) -> QIcon:
    """A Phosphor icon in one colour, #rrggbb."""
    return _lettered(name, colour, colour, colour)


def smaller(font: QFont, factor: float = 0.88) -> QFont:
    """The font at a fraction of its size."""
    small = QFont(font)
    if font.pointSizeF() > 0:
        small.setPointSizeF(font.pointSizeF() * factor)
    else:
        small.setPixelSize(max(1, round(font.pixelSize() * factor)))
    return small


def _lettered(name: str, usual: str, disabled: str, lit: str) -> QIcon:
    from studio.gui.theme.letters import lettered  # not needed before the first paint

    return lettered(name, usual, disabled, lit)
