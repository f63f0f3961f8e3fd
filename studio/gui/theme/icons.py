"""Icons in the theme's colours, and small fonts."""

from PySide6.QtGui import QFont, QIcon

from studio.gui.theme.palette import Theme


def icon(name: str, theme: Theme) -> QIcon:
    """A Phosphor icon that dims when disabled and takes the accent when on.

    The library costs a third of a second to load: never called before the first paint.
    """
    import qtawesome

    return qtawesome.icon(
        f"ph.{name}",
        color=theme.text,
        color_disabled=theme.faint,
        color_on=theme.accent,
        color_on_active=theme.accent,
    )


def accent_icon(name: str, theme: Theme) -> QIcon:
    """A Phosphor icon for a button filled with the accent."""
    import qtawesome

    return qtawesome.icon(f"ph.{name}", color=theme.on_accent)


def coloured_icon(name: str, colour: str) -> QIcon:
    """A Phosphor icon in one colour, #rrggbb."""
    import qtawesome

    return qtawesome.icon(f"ph.{name}", color=colour)


def smaller(font: QFont, factor: float = 0.88) -> QFont:
    """The font at a fraction of its size."""
    small = QFont(font)
    if font.pointSizeF() > 0:
        small.setPointSizeF(font.pointSizeF() * factor)
    else:
        small.setPixelSize(max(1, round(font.pixelSize() * factor)))
    return small
