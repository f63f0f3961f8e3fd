"""Brings the faces tool together: page and panel, samples, the large face and the pinned ones."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from studio.core.errors import StudioError
from studio.core.latents import LatentsFile, read_latents
from studio.gui.faces.output import NOUN, FacesOutput
from studio.gui.faces.page import COUNTS, FacesPage
from studio.gui.faces.player import Player
from studio.gui.faces.requests import FaceRequests
from studio.gui.state.album import Album, Face
from studio.gui.state.albums import Albums
from studio.gui.state.background import Background
from studio.gui.state.page_tool import AlbumTool
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.file_dialogs import ask_for_file
from studio.gui.widgets.previews_of_weights import show_previews
from studio.gui.widgets.scratch import Scratch

_MODEL = "faces"


class FacesCommands(AlbumTool):
    """Shows the page and keeps it up with what is wanted.

    Attributes:
        requests: makes the pictures.
        output: where faces go.
        player: plays the walk through the pinned faces.
    """

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(workspace.place, _MODEL, parent)
        self._workspace = workspace
        self._page: FacesPage | None = None
        self._albums = Albums(
            lambda: workspace.toolbox, lambda: workspace.preferences.faces_weights, self
        )
        self._background = Background(self)
        self._scratch = Scratch(self._background, self._fail)
        self.requests = FaceRequests(workspace, self)
        self.player = Player(self)
        self.output = FacesOutput(
            workspace, self.requests, lambda: self.album, lambda: self.face, parent
        )
        self._connect()

    @property
    def page(self) -> FacesPage:
        """The page; made when it is first asked for."""
        if self._page is None:
            self._page = self._make_page()
        return self._page

    @property
    def album(self) -> Album:
        """What is shown."""
        return self._albums.album

    @property
    def albums(self) -> dict[str, Album]:
        return self._albums.kept

    def take(self, albums: Mapping[str, Album]) -> None:
        self._albums.bring_back(albums)

    @property
    def face(self) -> Face:
        """The one that is looked at."""
        return self._albums.face

    @property
    def weights(self) -> str:
        return self._albums.weights

    @property
    def next_undo(self) -> str | None:
        return self._albums.history.next_undo

    @property
    def next_redo(self) -> str | None:
        return self._albums.history.next_redo

    def undo(self) -> None:
        self._albums.history.undo()

    def redo(self) -> None:
        self._albums.history.redo()

    def paste(self) -> None:
        self._workspace.messages.note("Faces are made of numbers: open or drop a file of those.")

    def save(self) -> None:
        self.output.ask()

    def choose_weights(self, weights: str) -> None:
        """Shows the faces of other weights."""
        if weights != self._albums.weights:
            self._stop_playing()
            self._workspace.remember(faces_weights=weights)
            self._albums.show(weights)

    def open_file(self, path: Path) -> None:
        """Pins the faces of a file of latents."""
        take = partial(self._take_file, path)
        self._background.run(partial(read_latents, path), take, self._fail)

    def look_at(self, face: Face | None) -> None:
        """Shows a face large; None: the mixture of the pinned ones."""
        self._stop_playing()
        self._albums.look_at(face)
        self._show_marks()
        self._ask_face()

    def pin(self, face: Face) -> None:
        """Keeps a face, or lets it go if it is kept."""
        self._albums.pin(face)

    def close(self) -> None:
        self.player.stop()
        self._background.close()
        self._scratch.close()

    def _connect(self) -> None:
        self._albums.changed.connect(self._place_changed)
        self._albums.history.changed.connect(self.history_changed)
        self.player.moved.connect(self._show_frame)
        self.requests.face_shown.connect(self._take_face)
        self.requests.walk_shown.connect(self._take_walk)
        self.requests.walk_lost.connect(self._stop_playing)
        self.requests.failed.connect(self._fail)
        self._workspace.place.changed.connect(self._place_changed)
        self._workspace.dropped.connect(self._drop)

    def _drop(self, model: str, picture: list[Path] | QImage) -> None:
        if model != _MODEL:
            return
        if isinstance(picture, QImage) or picture[0].suffix.lower() != ".json":
            self._fail(StudioError("faces are made of numbers, not of photos", "drop a .json file"))
        else:
            self.open()
            self.open_file(picture[0])

    def _make_page(self) -> FacesPage:
        page, workspace = FacesPage(), self._workspace
        page.weights.show_weights(self._albums.choices)
        page.weights.chosen.connect(self.choose_weights)
        page.use.show_tools(workspace.toolbox.photo_tools)
        kept = workspace.preferences.faces_count
        page.count.setCurrentIndex(page.count.findData(kept if kept in COUNTS else 25))
        page.count.currentIndexChanged.connect(self._choose_count)
        page.seed.valueChanged.connect(lambda seed: self._albums.begin_at(seed, "Number"))
        page.others.clicked.connect(self._show_others)
        page.open.clicked.connect(self._ask_for_file)
        page.dropped.connect(self.open_file)
        page.grid.chosen.connect(lambda row: self.look_at(self._albums.samples[row]))
        page.grid.pinned.connect(lambda row: self.pin(self._albums.samples[row]))
        page.pin.clicked.connect(lambda: self.pin(self.face))
        page.mixture.clicked.connect(lambda: self.look_at(None))
        page.play.toggled.connect(self._play)
        page.save.clicked.connect(self.save)
        page.use.wanted.connect(lambda model: self.output.use_in(model, page.large.image))
        page.large.held.connect(lambda: self._scratch.lend(page.large, NOUN))
        page.pins.chosen.connect(self.look_at)
        page.pins.unpinned.connect(self.pin)
        page.pins.shared.connect(self._albums.share)
        self.requests.pins_shown.connect(page.pins.show_images)
        self.requests.samples_shown.connect(page.grid.show_images)
        page.allow_saving(True)
        for key, button in (
            ("N", page.others), ("P", page.pin), ("X", page.mixture), ("Ctrl+Return", page.play),
        ):  # fmt: skip
            QShortcut(QKeySequence(key), page).activated.connect(button.click)
        show_previews(workspace, self._albums.choices, page.weights)
        return page

    def _place_changed(self) -> None:
        if self.is_open:
            self._show_album()
        else:
            self._stop_playing()

    def _choose_count(self) -> None:
        self._workspace.remember(faces_count=self.page.count.currentData())
        self._show_album()

    def _show_others(self) -> None:
        count = self.page.count.currentData()
        seed = self.album.seed + count
        self._albums.begin_at(seed if seed <= self.page.seed.maximum() else 0, "Other faces")

    def _show_album(self) -> None:
        """Makes page and panel show the album, and asks for what is new."""
        album, page = self.album, self.page
        self._albums.history.show(self._albums.weights)
        self._albums.lay_out(page.count.currentData())
        samples = self._albums.samples
        self._workspace.form.show(album.look, self._albums.edit)
        page.weights.show_chosen(self._albums.weights)
        page.seed.blockSignals(True)
        page.seed.setValue(album.seed)
        page.seed.blockSignals(False)
        page.grid.show_names([face.name for face in samples])
        page.pins.show_pins(album.pins)
        self._show_marks()
        self._ask_face()
        self.requests.want_others(album, samples)
        if page.play.isChecked():
            self.requests.want_walk(self.album)

    def _show_marks(self) -> None:
        album, page, face = self.album, self.page, self.face
        page.grid.show_marks(
            [each.latent == face.latent for each in self._albums.samples],
            [album.is_pinned(each) for each in self._albums.samples],
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
        side = self.requests.side(album)
        self._workspace.place.show_size((side, side))

    def _ask_face(self) -> None:
        if not self.page.play.isChecked():
            self.requests.want_face(self.album, self.face)

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
            self.requests.want_walk(self.album)
        else:
            self.requests.stop_walk()
            self.player.stop()
            self._show_marks()
            self._ask_face()

    def _stop_playing(self) -> None:
        if self._page is not None:
            self._page.play.setChecked(False)

    def _ask_for_file(self) -> None:
        folder = self._workspace.preferences.save_folder
        filter_ = "Faces as numbers (*.json)"
        ask_for_file(self.page, "Open faces", folder, filter_, self.open_file)

    def _take_file(self, path: Path, file: LatentsFile) -> None:
        try:
            fitting = self._albums.fitting(file)
        except StudioError as error:
            self._fail(error)
            return
        self.choose_weights(file.weights)
        self._albums.look_at(fitting.pins[0].face)
        album = replace(self.album, look=fitting.look, pins=fitting.pins, source=str(path))
        self._albums.do(album, "Open")

    def _fail(self, error: StudioError) -> None:
        self._workspace.messages.error(error)
