"""Brings the faces tool together: page and panel, samples, the large face and the pinned ones."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtGui import QImage, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from studio.core.errors import StudioError
from studio.core.words.tongue import tr
from studio.gui.faces.opening import Opening
from studio.gui.faces.output import FacesOutput
from studio.gui.faces.page import COUNTS, FacesPage
from studio.gui.faces.requests import FaceRequests
from studio.gui.faces.subjects import Subject, subject_of
from studio.gui.faces.walking import Walking
from studio.gui.state.album import Album, Face
from studio.gui.state.albums import Albums
from studio.gui.state.background import Background
from studio.gui.state.page_tool import AlbumTool
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.previews_of_weights import offer_weights
from studio.gui.widgets.scratch import Scratch

_MODEL = "faces"


class FacesCommands(AlbumTool):
    """Shows the page and keeps it up with what is wanted.

    Attributes:
        requests: makes the pictures.
        output: where faces go.
    """

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(workspace.place, _MODEL, parent)
        self._workspace = workspace
        self._page: FacesPage | None = None
        self._walking: Walking | None = None
        self._albums = Albums(
            lambda: workspace.toolbox, lambda: workspace.preferences.faces_weights, self
        )
        self._background = Background(self)
        self._scratch = Scratch(self._background, self._fail)
        self._opening = Opening(self._albums, self._background, self)
        self.requests = FaceRequests(workspace, self)
        self.output = FacesOutput(
            workspace, self.requests, lambda: self.album, lambda: self.face,
            lambda: self.subject, parent,
        )  # fmt: skip
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
    def playing(self) -> bool:
        """Whether the walk through the pinned faces is seen."""
        return self._walking is not None and self._walking.player.on

    @property
    def subject(self) -> Subject:
        """What is shown is called so."""
        return subject_of(self._workspace.toolbox.find(self.weights).weights)

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

    def copy(self) -> None:
        self._hold()
        self.output.copy(self.page.large.image)

    def paste(self) -> None:
        self._workspace.messages.note(
            tr("Faces are made of numbers: open or drop a file of those.")
        )

    def save(self) -> None:
        self._hold()
        self.output.ask()

    def choose_weights(self, weights: str) -> None:
        """Shows the faces of other weights."""
        if weights != self._albums.weights:
            self._end_walk()
            self._workspace.remember(faces_weights=weights)
            self._albums.show(weights)

    def look_at(self, face: Face | None) -> None:
        """Shows a face large; None: the mixture of the pinned ones."""
        self._end_walk()
        self._albums.look_at(face)
        self._show_marks()
        self._ask_face()

    def pin(self, face: Face) -> None:
        """Keeps a face, or lets it go if it is kept."""
        self._albums.pin(face)

    def close(self) -> None:
        self._end_walk()
        self._background.close()
        self._scratch.close()

    def _connect(self) -> None:
        self._albums.changed.connect(self._place_changed)
        self._albums.history.changed.connect(self.history_changed)
        self.requests.face_shown.connect(self._take_face)
        self.requests.failed.connect(self._fail)
        self._opening.opened.connect(self._take_opened)
        self._opening.failed.connect(self._fail)
        self._workspace.library.changed.connect(self._place_changed)
        self._workspace.place.changed.connect(self._place_changed)
        self._workspace.dropped.connect(self._drop)

    def _drop(self, model: str, picture: list[Path] | QImage) -> None:
        if model == _MODEL:
            self.open()
            self._opening.take_dropped(picture)

    def _make_page(self) -> FacesPage:
        page, workspace = FacesPage(), self._workspace
        offer_weights(workspace, lambda: self._albums.choices, page.weights)
        page.weights.chosen.connect(self.choose_weights)
        page.use.show_tools(workspace.toolbox.photo_tools)
        kept = workspace.preferences.faces_count
        page.count.setCurrentIndex(page.count.findData(kept if kept in COUNTS else 25))
        page.count.currentIndexChanged.connect(self._choose_count)
        page.seed.valueChanged.connect(lambda seed: self._albums.begin_at(seed, tr("Number")))
        page.others.clicked.connect(self._show_others)
        page.open.clicked.connect(self._ask_for_file)
        page.dropped.connect(self._opening.open)
        page.grid.chosen.connect(lambda row: self.look_at(self._albums.samples[row]))
        page.grid.pinned.connect(lambda row: self.pin(self._albums.samples[row]))
        page.pin.clicked.connect(self._pin_shown)
        page.mixture.clicked.connect(lambda: self.look_at(None))
        page.save.clicked.connect(self.save)
        page.use.wanted.connect(self._use_in)
        page.large.held.connect(lambda: self._scratch.lend(page.large, self.subject.noun))
        page.pins.chosen.connect(self.look_at)
        page.pins.unpinned.connect(self.pin)
        page.pins.shared.connect(self._albums.share)
        self.requests.pins_shown.connect(page.pins.show_images)
        self.requests.samples_shown.connect(page.grid.show_images)
        page.allow_saving(True)
        self._walking = Walking(page, self.requests, lambda: self.album)
        self._walking.began.connect(self._show_marks)
        self._walking.shown.connect(self._show_frame)
        self._walking.paused.connect(self._look_along)
        self._walking.lost.connect(self._look_again)
        for key, button in (
            ("N", page.others), ("P", page.pin), ("X", page.mixture), ("Ctrl+Return", page.play),
        ):  # fmt: skip
            QShortcut(QKeySequence(key), page).activated.connect(button.click)
        return page

    def _place_changed(self) -> None:
        if self.is_open:
            self._show_album()
        else:
            self._end_walk()

    def _choose_count(self) -> None:
        self._workspace.remember(faces_count=self.page.count.currentData())
        self._show_album()

    def _show_others(self) -> None:
        count = self.page.count.currentData()
        seed = self.album.seed + count
        words = tr("Other {plural}", plural=self.subject.plural)
        self._albums.begin_at(seed if seed <= self.page.seed.maximum() else 0, words)

    def _show_album(self) -> None:
        """Makes page and panel show the album, and asks for what is new."""
        album, page = self.album, self.page
        self._albums.lay_out(page.count.currentData())
        samples = self._albums.samples
        self._workspace.form.show(album.look, self._albums.edit)
        page.weights.show_chosen(self._albums.weights)
        page.speak_of(self.subject)
        page.seed.blockSignals(True)
        page.seed.setValue(album.seed)
        page.seed.blockSignals(False)
        page.grid.show_names([face.name for face in samples])
        page.pins.show_pins(album.pins, album.percents)
        self._show_marks()
        self._ask_face()
        self.requests.want_others(album, samples)
        if self._walking is not None:
            self._walking.follow()

    def _show_marks(self) -> None:
        album, page, face = self.album, self.page, self.face
        page.grid.show_marks(
            [each.latent == face.latent for each in self._albums.samples],
            [album.is_pinned(each) for each in self._albums.samples],
        )
        page.pins.show_chosen(face)
        playing = tr("From one to the next of {count}", count=len(album.pins))
        page.name.setText(playing if page.play.isChecked() else face.name)
        pinned = album.is_pinned(face)
        page.pin.setText(tr("Let go") if pinned else tr("Pin"))
        page.pin.setAccessibleName(page.pin.text())
        page.mixture.setEnabled(album.mixture is not None)
        page.play.setEnabled(len(album.pins) > 1)
        if not page.play.isEnabled():
            self._end_walk()
        side = self.requests.side(album)
        self._workspace.place.show_size((side, side))

    def _ask_face(self) -> None:
        if not self.page.play.isChecked():
            self.requests.want_face(self.album, self.face)

    def _show_frame(self, image: QImage) -> None:
        self.requests.forget_face()
        self.page.large.show_image(image, "")

    def _take_face(self, image: QImage) -> None:
        if not self.playing:
            self.page.large.show_image(image, "")

    def _pin_shown(self) -> None:
        self._hold()
        self.pin(self.face)

    def _use_in(self, model: str) -> None:
        self._hold()
        self.output.use_in(model, self.page.large.image)

    def _hold(self) -> None:
        if self._walking is not None:
            self._walking.hold()

    def _look_along(self, face: Face) -> None:
        """Shows the face that the walk has come to."""
        self._albums.look_at(face)
        self._look_again()

    def _look_again(self) -> None:
        self._show_marks()
        self._ask_face()

    def _end_walk(self) -> None:
        if self._walking is not None:
            self._walking.end()

    def _ask_for_file(self) -> None:
        folder = self._workspace.preferences.save_folder
        self._opening.ask(self.page, self.subject.plural, folder)

    def _take_opened(self, path: Path, weights: str, opened: Album) -> None:
        self.choose_weights(weights)
        self._albums.look_at(opened.pins[0].face)
        album = replace(self.album, look=opened.look, pins=opened.pins, source=str(path))
        self._albums.do(album, tr("Open"))

    def _fail(self, error: StudioError) -> None:
        self._workspace.messages.error(error)
