"""The pinned faces, each with its share of the mixture."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.core.words.said import Said
from studio.core.words.tongue import tr
from studio.gui.faces.share_row import ShareRow
from studio.gui.state.album import Face, Pin
from studio.gui.theme.icons import icon
from studio.gui.theme.palette import DARK, Theme
from studio.gui.widgets.thumbnail_painter import paint_ring, paint_thumbnail

_THUMBNAIL = 72  # px
_RINGS = 4  # px around it, for the rings of what is looked at and of the focus
_CARD = 152  # px, width of a card


class _Thumbnail(QAbstractButton):
    """A face; a click looks at it."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_THUMBNAIL + 2 * _RINGS, _THUMBNAIL + 2 * _RINGS)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.theme = DARK
        self.image = QImage()
        self.chosen = False

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        square = self.rect().adjusted(_RINGS, _RINGS, -_RINGS, -_RINGS)
        with QPainter(self) as painter:
            paint_thumbnail(painter, square, self.image, "", self.theme)
            if self.chosen:
                paint_ring(painter, square, self.theme.accent, 2)


class _Card(QWidget):
    """One pinned face.

    Args:
        face: what is pinned.
    """

    def __init__(self, face: Face) -> None:
        super().__init__()
        self.face = face
        self.setFixedWidth(_CARD)
        self.picture = _Thumbnail()
        self.picture.setToolTip(tr("{name}: click to see it large", name=face.name))
        self.picture.setAccessibleName(tr("Show {name} large", name=face.name))
        self.unpin = QToolButton()
        self.unpin.setToolTip(tr("Let {name} go", name=face.name))
        self.unpin.setAccessibleName(self.unpin.toolTip())
        self.unpin.setIconSize(QSize(16, 16))
        self.unpin.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.share = ShareRow(face.name)
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addStretch()
        top.addWidget(self.picture)
        top.addWidget(self.unpin, 0, Qt.AlignmentFlag.AlignTop)
        top.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addLayout(top)
        layout.addWidget(self.share)

    def dress(self, theme: Theme) -> None:
        """Gives the card its icons and colours."""
        self.unpin.setIcon(icon("x", theme))
        self.picture.theme = theme


class PinTray(QScrollArea):
    """Cards side by side, or words while there is none.

    Signals:
        chosen: (Face) to be looked at.
        unpinned: (Face).
        shared: (number of the pin, share, Gesture).
    """

    chosen = Signal(object)
    unpinned = Signal(object)
    shared = Signal(int, float, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(_THUMBNAIL + 2 * _RINGS + 70)
        self._theme = DARK
        self.cards: list[_Card] = []
        self._words = QLabel()
        self._words.setObjectName("dim")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setWordWrap(True)
        row = QWidget()
        self._row = QHBoxLayout(row)
        self._row.setContentsMargins(0, 0, 0, 8)
        self._row.setSpacing(16)
        self._row.addStretch()
        self._row.addStretch()
        body = QWidget()
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self._words)
        self._stack.addWidget(row)
        self.setWidget(body)

    def invite(self, plural: Said) -> None:
        """Says what can be pinned."""
        words = tr(
            "Pin {plural} (P, or double click) to mix them, and to make a film from one to the"
            " next.",
            plural=plural,
        )
        self._words.setText(words)
        self.setAccessibleName(tr("Pinned {plural}", plural=plural))

    def show_pins(self, pins: Sequence[Pin], percents: Sequence[int]) -> None:
        """Shows pinned faces with their shares, as set and as they count.

        The cards of those that stay are kept.
        """
        old = {card.face.latent: card for card in self.cards}
        self.cards = [old.pop(pin.face.latent, None) or self._card(pin.face) for pin in pins]
        for card in old.values():
            self._row.removeWidget(card)
            card.hide()
            card.deleteLater()
        shares = zip(self.cards, pins, percents, strict=True)
        for place, (card, pin, percent) in enumerate(shares, 1):
            if self._row.indexOf(card) != place:
                self._row.insertWidget(place, card)
            card.share.show_share(pin.share, percent)
        self._stack.setCurrentIndex(1 if pins else 0)

    def show_images(self, images: Sequence[QImage]) -> None:
        """Gives each face its picture."""
        for card, image in zip(self.cards, images, strict=False):
            card.picture.image = image
            card.picture.update()

    def show_chosen(self, face: Face | None) -> None:
        """Marks the face that is looked at."""
        for card in self.cards:
            card.picture.chosen = face is not None and card.face.latent == face.latent
            card.picture.update()

    def dress(self, theme: Theme) -> None:
        """Gives the cards their icons and colours."""
        self._theme = theme
        for card in self.cards:
            card.dress(theme)

    def _card(self, face: Face) -> _Card:
        card = _Card(face)
        card.dress(self._theme)
        card.picture.clicked.connect(lambda: self.chosen.emit(face))
        card.unpin.clicked.connect(lambda: self.unpinned.emit(face))
        card.share.edited.connect(
            lambda share, gesture: self.shared.emit(self.cards.index(card), share, gesture)
        )
        return card
