"""The albums of faces, one for each weights, and which of them is shown; each has its own undo."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from studio.core.controls import Value
from studio.core.errors import StudioError
from studio.core.latents import LatentsFile
from studio.core.words.said import say
from studio.core.words.tongue import tr
from studio.gui.state.album import Album, Face, Pin
from studio.gui.state.gesture import NO_GESTURE, Gesture
from studio.gui.state.history import History
from studio.gui.state.toolbox import Toolbox, last_or_first

_MOST = 64  # faces that are pinned when a file is opened


class Albums(QObject):
    """Every change is a step of undo; those of one drag are one step.

    Args:
        toolbox: the weights.
        last: id of the weights that were shown the last time.

    Attributes:
        history: what can be undone of the album that is shown.
        samples: that are shown of it.

    Signals:
        changed: the album that is shown is another.
    """

    changed = Signal()

    def __init__(
        self, toolbox: Callable[[], Toolbox], last: Callable[[], str], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._toolbox, self._last = toolbox, last
        self._albums: dict[str, Album] = {}
        self._shown = ""  # id of the weights
        self.samples: list[Face] = []
        self._face: Face | None = None  # that is looked at; None: the mixture, or the first sample
        self.history: History[str, Album] = History(self)
        self.history.wanted.connect(self._take)

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(id, title) of the weights, the largest first."""
        toolbox = self._toolbox()
        return sorted(
            toolbox.choices("faces"), key=lambda c: toolbox.find(c[0]).weights.size, reverse=True
        )

    @property
    def weights(self) -> str:
        """Id of the weights whose faces are shown."""
        if self._shown not in self._toolbox():
            self._turn_to(last_or_first(self.choices, self._last()))
        return self._shown

    @property
    def album(self) -> Album:
        """What is shown."""
        if self.weights not in self._albums:
            self._albums[self.weights] = Album(self._toolbox().first_look(self.weights))
        return self._albums[self.weights]

    @property
    def latent(self) -> int:
        """How many numbers a face has."""
        return self._toolbox().find(self.weights).weights.latent

    @property
    def face(self) -> Face:
        """The one that is looked at."""
        return self._face or self.album.mixture or self.samples[0]

    def look_at(self, face: Face | None) -> None:
        """Turns to a face; None: to the mixture of the pinned ones."""
        self._face = face

    def lay_out(self, count: int) -> None:
        """Shows so many samples; one that is looked at stands for the one in its place then."""
        samples = self.album.samples(count, self.latent)
        if self._face in self.samples and self._face not in samples:
            place = self.samples.index(self._face)
            self._face = samples[place] if place < len(samples) else self._face
        self.samples = samples

    @property
    def kept(self) -> dict[str, Album]:
        """Those with pinned faces, by their weights."""
        return {weights: album for weights, album in self._albums.items() if album.pins}

    def bring_back(self, albums: Mapping[str, Album]) -> None:
        """Brings albums back; of those that are in use, the pinned faces."""
        for weights, album in albums.items():
            mine = self._albums.get(weights)
            self._albums[weights] = album if mine is None else mine.with_pins(album.pins)
        self.changed.emit()

    def show(self, weights: str) -> None:
        """Turns to the album of other weights."""
        self._turn_to(weights)
        self.changed.emit()

    def pin(self, face: Face) -> None:
        """Keeps a face, or lets it go if it is kept."""
        album = self.album
        if album.is_pinned(face):
            self.do(album.without(face), tr("Let go"))
        else:
            self.do(album.pinning(face), tr("Pin"))

    def begin_at(self, seed: int, words: str) -> None:
        """Shows the samples from a number on."""
        self.do(replace(self.album, seed=seed), words)

    def share(self, index: int, share: float, gesture: Gesture) -> None:
        """Gives a pinned face another share of the mixture, which is looked at then."""
        self._face = None
        self.do(self.album.sharing(index, share), tr("Share"), gesture)

    def edit(self, name: str, value: Value, gesture: Gesture) -> None:
        """Moves a control of the faces."""
        album = self.album
        if album.look.settings.get(name) == value:
            return
        controls = self._toolbox().controls(album.look.weights)
        label = next(control.label for control in controls if control.name == name)
        look = album.look.with_setting(name, value)
        self.do(replace(album, look=look), label, gesture)

    def do(self, album: Album, words: str, gesture: Gesture = NO_GESTURE) -> None:
        """Changes the album that is shown."""
        before = self.album
        if album == before:
            return
        self.history.record(self.weights, before, album, gesture, words)
        self._take(self.weights, album)

    def fitting(self, file: LatentsFile) -> Album:
        """The faces of a file, pinned, with its settings as far as they fit.

        Raises:
            StudioError: they are of weights that are not here, or of others of that name.
        """
        if file.weights not in {weights for weights, _ in self.choices}:
            words = say("these faces are of {weights}, which is not here", weights=file.weights)
            raise StudioError(words, "put its weights file among the others")
        size = self._toolbox().find(file.weights).weights.latent
        if any(len(row) != size for row in file.latents):
            words = say("these faces are not of the {weights} that is here", weights=file.weights)
            raise StudioError(words, say("its own have {size} numbers each", size=size))
        rows = list(dict.fromkeys(file.latents))[:_MOST]
        pins = tuple(
            Pin(Face(row, tr("Opened {number}", number=number)))
            for number, row in enumerate(rows, 1)
        )
        return Album(self._toolbox().fitting(file.weights, file.settings), pins=pins)

    def _turn_to(self, weights: str) -> None:
        self._shown, self._face = weights, None
        self.history.show(weights)

    def _take(self, weights: str, album: Album) -> None:
        self._albums[weights] = album
        if weights == self._shown:
            self.changed.emit()
