"""Brings the faces tool together: page and panel, samples, the large face and the pinned ones."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtGui import QImage, QKeySequence, QShortcut

from studio.core.controls import Value
from studio.core.errors import StudioError
from studio.core.latents import LatentsFile, read_latents
from studio.gui.faces.darkroom import Darkroom
from studio.gui.faces.output import NOUN, FacesOutput
from studio.gui.faces.page import COUNTS, FacesPage
from studio.gui.faces.player import Player
from studio.gui.shell.window import Window
from studio.gui.state.album import Album, Face, Pin
from studio.gui.state.background import Background
from studio.gui.state.history import History
from studio.gui.state.session import Session
from studio.gui.widgets.file_dialogs import ask_for_file
from studio.gui.widgets.page import PageTool
from studio.gui.widgets.scratch import Scratch

_MODEL = "faces"
_MOST = 64  # faces that are pinned when a file is opened


class FacesCommands(PageTool):
    """Shows the page and keeps it up with what is wanted.

    Attributes:
        darkroom: makes the pictures.
        output: where faces go.
        player: plays the walk through the pinned faces.
    """

    def __init__(self, window: Window, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._page: FacesPage | None = None
        self._albums: dict[str, Album] = {}
        self._shown = ""  # id of the weights
        self._samples: list[Face] = []
        self._face: Face | None = None  # that is looked at; None: the mixture, or the first sample
        self._gesture = 0
        self._source: object = None  # of the gesture
        self._history: History[str, Album] = History(self)
        self._background = Background(self)
        self._scratch = Scratch(self._background, self._fail)
        self.darkroom = Darkroom(session, self)
        self.player = Player(self)
        self.output = FacesOutput(
            window, session, self.darkroom, lambda: self.album, lambda: self.face
        )
        self._connect()

    @property
    def is_open(self) -> bool:
        return self._page is not None and self._window.page is self._page

    @property
    def page(self) -> FacesPage:
        """The page; made when it is first asked for."""
        if self._page is None:
            self._page = self._make_page()
        return self._page

    @property
    def album(self) -> Album:
        """What is shown."""
        if not self._shown:
            known = [weights for weights, _ in self._choices()]
            last = self._session.preferences.faces_weights
            self._shown = last if last in known else known[0]
        if self._shown not in self._albums:
            self._albums[self._shown] = Album(self._session.toolbox.first_look(self._shown))
        return self._albums[self._shown]

    @property
    def albums(self) -> dict[str, Album]:
        """Those with pinned faces, by their weights."""
        return {weights: album for weights, album in self._albums.items() if album.pins}

    def take(self, albums: Mapping[str, Album]) -> None:
        """Brings albums back; of those that are in use, the pinned faces."""
        for weights, album in albums.items():
            mine = self._albums.get(weights)
            self._albums[weights] = album if mine is None else mine.with_pins(album.pins)
        if self.is_open:
            self._show_album()

    @property
    def face(self) -> Face:
        """The one that is looked at."""
        return self._face or self.album.mixture or self._samples[0]

    @property
    def weights(self) -> str:
        return self.album.look.weights

    @property
    def next_undo(self) -> str | None:
        return self._history.next_undo

    @property
    def next_redo(self) -> str | None:
        return self._history.next_redo

    def undo(self) -> None:
        self._history.undo()

    def redo(self) -> None:
        self._history.redo()

    def open(self) -> None:
        """Shows the page."""
        self._window.show_page(self.page, "Faces")
        self.page.grid.setFocus()

    def paste(self) -> None:
        self._window.messages.note("Faces are made of numbers: open or drop a file of those.")

    def save(self) -> None:
        self.output.ask()

    def choose_weights(self, weights: str) -> None:
        """Shows the faces of other weights."""
        if weights != self.album.look.weights:
            self._stop_playing()
            self._shown, self._face = weights, None
            self._session.remember(faces_weights=weights)
            self._show_album()

    def open_file(self, path: Path) -> None:
        """Pins the faces of a file of latents."""
        take = partial(self._take_file, path)
        self._background.run(partial(read_latents, path), take, self._fail)

    def look_at(self, face: Face | None) -> None:
        """Shows a face large; None: the mixture of the pinned ones."""
        self._stop_playing()
        self._face = face
        self._show_marks()
        self._ask_face()

    def pin(self, face: Face) -> None:
        """Keeps a face, or lets it go if it is kept."""
        album = self.album
        if album.is_pinned(face):
            self._do(album.without(face), "Let go")
        else:
            self._do(album.pinning(face), "Pin")

    def close(self) -> None:
        self.player.stop()
        self._background.close()
        self._scratch.close()

    def _connect(self) -> None:
        session, window = self._session, self._window
        self._history.wanted.connect(self._take_album)
        self._history.changed.connect(self.history_changed)
        self.player.moved.connect(self._show_frame)
        self.darkroom.face_shown.connect(self._take_face)
        self.darkroom.walk_shown.connect(self._take_walk)
        self.darkroom.walk_lost.connect(self._stop_playing)
        self.darkroom.failed.connect(self._fail)
        session.page_wanted.connect(self._open_for)
        window.page_changed.connect(self._page_changed)
        window.panel.edited.connect(self._edited)
        window.rail.dropped.connect(self._dropped_on_rail)
        window.rail.dropped_image.connect(lambda model, _: self._refuse(model))

    def _choices(self) -> list[tuple[str, str]]:
        """(id, title) of the weights, the largest first."""
        toolbox = self._session.toolbox
        choices = toolbox.beside(toolbox.first_of(_MODEL))
        return sorted(choices, key=lambda c: toolbox.find(c[0]).weights.size, reverse=True)

    def _open_for(self, model: str) -> None:
        if model == _MODEL:
            self.open()

    def _dropped_on_rail(self, model: str, paths: list[Path]) -> None:
        if model == _MODEL and paths[0].suffix.lower() == ".json":
            self.open()
            self.open_file(paths[0])
        else:
            self._refuse(model)

    def _refuse(self, model: str) -> None:
        if model == _MODEL:
            self._fail(StudioError("faces are made of numbers, not of photos", "drop a .json file"))

    def _make_page(self) -> FacesPage:
        page, session = FacesPage(), self._session
        page.dress(self._window.theme)
        page.weights.show_weights(self._choices())
        page.weights.chosen.connect(self.choose_weights)
        page.use.show_tools(session.toolbox.photo_tools)
        kept = session.preferences.faces_count
        page.count.setCurrentIndex(page.count.findData(kept if kept in COUNTS else 25))
        page.count.currentIndexChanged.connect(self._choose_count)
        page.seed.valueChanged.connect(lambda seed: self._begin_at(seed, "Number"))
        page.others.clicked.connect(self._show_others)
        page.open.clicked.connect(self._ask_for_file)
        page.dropped.connect(self.open_file)
        page.grid.chosen.connect(lambda row: self.look_at(self._samples[row]))
        page.grid.pinned.connect(lambda row: self.pin(self._samples[row]))
        page.pin.clicked.connect(lambda: self.pin(self.face))
        page.mixture.clicked.connect(lambda: self.look_at(None))
        page.play.toggled.connect(self._play)
        page.save.clicked.connect(self.save)
        page.use.wanted.connect(lambda model: self.output.use_in(model, page.large.image))
        page.large.held.connect(lambda: self._scratch.lend(page.large, NOUN))
        page.pins.chosen.connect(self.look_at)
        page.pins.unpinned.connect(self.pin)
        page.pins.shared.connect(self._share)
        self.darkroom.pins_shown.connect(page.pins.show_images)
        self.darkroom.samples_shown.connect(page.grid.show_images)
        page.allow_saving(True)
        for key, button in (
            ("N", page.others), ("P", page.pin), ("X", page.mixture), ("Ctrl+Return", page.play),
        ):  # fmt: skip
            QShortcut(QKeySequence(key), page).activated.connect(button.click)
        session.form.show_previews(session.toolbox, self._choices(), page.weights)
        return page

    def _page_changed(self) -> None:
        if self.is_open:
            self._show_album()
        else:
            self._stop_playing()

    def _choose_count(self) -> None:
        self._session.remember(faces_count=self.page.count.currentData())
        self._show_album()

    def _show_others(self) -> None:
        count = self.page.count.currentData()
        seed = self.album.seed + count
        self._begin_at(seed if seed <= self.page.seed.maximum() else 0, "Other faces")

    def _begin_at(self, seed: int, words: str) -> None:
        self._do(replace(self.album, seed=seed), words)

    def _share(self, index: int, share: float, going_on: bool) -> None:
        self._face = None  # a share is heard in the mixture
        if not going_on or self._source != "share":
            self._gesture += 1
        self._source = "share"
        self._do(self.album.sharing(index, share), "Share", self._gesture)

    def _edited(self, name: str, value: Value, gesture: int) -> None:
        album = self.album if self.is_open else None
        if album is None or album.look.settings.get(name) == value:
            return
        if self._source != gesture:
            self._gesture += 1
        self._source = gesture
        controls = self._session.toolbox.controls(album.look.weights)
        label = next(control.label for control in controls if control.name == name)
        look = album.look.with_setting(name, value)
        self._do(replace(album, look=look), label, self._gesture)

    def _do(self, album: Album, words: str, gesture: int = -1) -> None:
        """Changes the album; one step of undo."""
        before = self.album
        if album != before:
            if gesture < 0:
                self._source = None
            self._history.change(self._shown, before, album, gesture, words)

    def _take_album(self, weights: str, album: Album) -> None:
        self._albums[weights] = album
        if self.is_open and weights == self._shown:
            self._show_album()

    def _show_album(self) -> None:
        """Makes page and panel show the album, and asks for what is new."""
        album, page = self.album, self.page
        self._history.show(self._shown)
        latent = self._session.toolbox.find(self._shown).weights.latent
        samples = album.samples(page.count.currentData(), latent)
        if self._face in self._samples and self._face not in samples:
            place = self._samples.index(self._face)
            self._face = samples[place] if place < len(samples) else self._face
        self._samples = samples
        self._session.form.show(self._session.toolbox, album.look, {})
        page.weights.show_chosen(self._shown)
        page.seed.blockSignals(True)
        page.seed.setValue(album.seed)
        page.seed.blockSignals(False)
        page.grid.show_names([face.name for face in samples])
        page.pins.show_pins(album.pins)
        self._show_marks()
        self._ask_face()
        self.darkroom.want_others(album, samples)
        if page.play.isChecked():
            self.darkroom.want_walk(self.album)

    def _show_marks(self) -> None:
        album, page, face = self.album, self.page, self.face
        page.grid.show_marks(
            [each.latent == face.latent for each in self._samples],
            [album.is_pinned(each) for each in self._samples],
        )
        page.pins.show_chosen(face)
        page.name.setText(face.name)
        pinned = album.is_pinned(face)
        page.pin.setText("Let go" if pinned else "Pin")
        page.pin.setAccessibleName(page.pin.text())
        page.mixture.setEnabled(album.mixture is not None)
        page.play.setEnabled(len(album.pins) > 1)
        if not page.play.isEnabled():
            page.play.setChecked(False)
        side = self.darkroom.side(album)
        self._window.status.show_size((side, side))

    def _ask_face(self) -> None:
        if not self.page.play.isChecked():
            self.darkroom.want_face(self.album, self.face)

    def _take_face(self, image: QImage) -> None:
        if not self.player.on:
            self.page.large.show_image(image, "")

    def _take_walk(self, images: list[QImage]) -> None:
        if self.page.play.isChecked():
            self.player.play(images)

    def _show_frame(self, image: QImage) -> None:
        self.page.large.show_image(image, "")

    def _play(self, on: bool) -> None:
        if on:
            self.page.name.setText(f"From face to face through {len(self.album.pins)}")
            self.darkroom.want_walk(self.album)
        else:
            self.darkroom.stop_walk()
            self.player.stop()
            self._show_marks()
            self._ask_face()

    def _stop_playing(self) -> None:
        if self._page is not None:
            self._page.play.setChecked(False)

    def _ask_for_file(self) -> None:
        folder = self._session.preferences.save_folder
        filter_ = "Faces as numbers (*.json)"
        ask_for_file(self.page, "Open faces", folder, filter_, self.open_file)

    def _take_file(self, path: Path, file: LatentsFile) -> None:
        known = {weights for weights, _ in self._choices()}
        if file.weights not in known:
            words = f"these faces are of {file.weights}, which is not here"
            self._fail(StudioError(words, "put its weights file among the others"))
            return
        size = self._session.toolbox.find(file.weights).weights.latent
        if any(len(row) != size for row in file.latents):
            words = f"these faces are not of the {file.weights} that is here"
            self._fail(StudioError(words, f"its own have {size} numbers each"))
            return
        self.choose_weights(file.weights)
        rows = list(dict.fromkeys(file.latents))[:_MOST]
        pins = tuple(Pin(Face(row, f"Face {number}")) for number, row in enumerate(rows, 1))
        look = self._session.toolbox.fitting(file.weights, file.settings)
        self._face = pins[0].face
        self._do(replace(self.album, look=look, pins=pins, source=str(path)), "Open")

    def _fail(self, error: StudioError) -> None:
        self._window.messages.error(error)
