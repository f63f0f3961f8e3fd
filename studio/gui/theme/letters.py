"""Icons that are letters of a font; loaded after the first paint, which shows none."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

_HEIGHT = 0.875  # of the letters, to that of the icon
_copies: list[QIconEngine] = []


class _Letter(QIconEngine):
    """An icon that is a letter of a font: sharp at every scale.

    Args:
        letter: the letter.
        usual, disabled, lit: its colours, #rrggbb; lit it is when on, or under the pointer.
    """

    def __init__(self, letter: str, usual: str, disabled: str, lit: str) -> None:
        super().__init__()
        self._letter, self._usual, self._disabled, self._lit = letter, usual, disabled, lit

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        calm = mode is QIcon.Mode.Normal and state is QIcon.State.Off
        colour = self._usual if calm else self._lit
        font = QFont(_phosphor()[0])
        font.setPixelSize(max(1, round(rect.height() * _HEIGHT)))
        painter.save()
        painter.setFont(font)
        painter.setPen(self._disabled if mode is QIcon.Mode.Disabled else colour)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._letter)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        copy = _Letter(self._letter, self._usual, self._disabled, self._lit)
        _copies.append(copy)  # Qt keeps it, but PySide does not know that
        return copy


def lettered(name: str, usual: str, disabled: str, lit: str) -> QIcon:
    """A Phosphor icon in colours, #rrggbb."""
    return QIcon(_Letter(chr(int(_phosphor()[1][name], 16)), usual, disabled, lit))


@cache
def _phosphor() -> tuple[str, dict[str, str]]:
    """The font's family, and the number of each icon's letter.

    Both are files of qtawesome; to import it takes a third of a second.
    """
    found = find_spec("qtawesome")
    places = (found and found.submodule_search_locations) or []
    fonts = Path(places[0]) / "fonts"
    (font,), (letters,) = fonts.glob("phosphor-*.ttf"), fonts.glob("phosphor-charmap-*.json")
    number = QFontDatabase.addApplicationFont(str(font))
    return QFontDatabase.applicationFontFamilies(number)[0], json.loads(letters.read_text())
