"""What becomes of faces: saved, dragged away, or used in another tool."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from studio.core.requests import Generate
from studio.core.words.tongue import tr
from studio.gui.faces.player import FPS
from studio.gui.faces.requests import FaceRequests
from studio.gui.faces.save_faces import SaveFaces, What
from studio.gui.faces.subjects import Subject
from studio.gui.state.album import Album, Face
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.handing_on import hand_on, lay_on_clipboard
from studio.gui.widgets.save_dialog import folder_of_new


@dataclass(frozen=True)
class _Shown:
    """What was shown when the dialog was opened: an album, so many samples of it, and a face."""

    album: Album
    count: int
    face: Face


class FacesOutput(QObject):
    """Takes what is shown out of the tool.

    Args:
        workspace: saves, and opens faces in other tools.
        requests: knows what to ask of the engine.
        album: what is shown.
        face: the one that is looked at.
        subject: what these are called.
        parent: of the dialog.
    """

    def __init__(
        self,
        workspace: Workspace,
        requests: FaceRequests,
        album: Callable[[], Album],
        face: Callable[[], Face],
        subject: Callable[[], Subject],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._parent, self._workspace = parent, workspace
        self._album = album
        self._face, self._subject = face, subject
        self._requests = requests

    def ask(self) -> None:
        """Asks what to save and where, and saves."""
        kept = self._workspace.preferences
        album, face = self._album(), self._face()
        shown = _Shown(album, kept.faces_count, face)
        folder = folder_of_new(kept.save_folder)
        pinned, plural = len(album.pins), self._subject().plural
        words = {What.FACE: face.name, What.GRID: tr("All {count} as a grid", count=shown.count)}
        if pinned > 1:
            words[What.FILM] = tr(
                "A film through the {pinned} pinned {plural}", pinned=pinned, plural=plural
            )
        words[What.NUMBERS] = (
            tr("The {pinned} pinned {plural}, as numbers", pinned=pinned, plural=plural)
            if pinned
            else tr("{name}, as numbers", name=face.name)
        )
        remembered = kept.faces_saves
        what = What(remembered) if remembered in {each.value for each in What} else What.FACE
        proposal = self._workspace.saves.free_name(folder, self._subject().noun, kept.save_format)
        dialog = SaveFaces(proposal, kept, words, what, self._parent)
        dialog.setWindowTitle(tr("Save {plural}", plural=plural))
        originals = [*self._workspace.originals(), *([Path(album.source)] if album.source else [])]
        dialog.ask(originals, self._workspace.saves.files, lambda: self._accepted(dialog, shown))

    def use_in(self, model: str, image: QImage) -> None:
        """Opens the face that is looked at in another tool; see `_hand_on`."""
        noun = self._subject().noun
        self._hand_on(image, lambda large: self._workspace.open_in(model, large, noun))

    def copy(self, image: QImage) -> None:
        """Copies the face that is looked at; see `_hand_on`."""
        self._hand_on(image, partial(lay_on_clipboard, self._workspace))

    def _hand_on(self, image: QImage, give: Callable[[QImage], object]) -> None:
        """Hands the face that is looked at on, as large as it can be.

        Args:
            image: what is shown, which may not be that large yet.
            give: takes the large one.
        """
        album = self._album()
        large = self._requests.large(album)
        if image.width() >= self._requests.side(album) and not self._requests.busy:
            give(image)
        else:
            request = replace(large, latents=(self._face().latent,))
            hand_on(self._workspace, request, give, self._subject().noun)

    def _accepted(self, dialog: SaveFaces, shown: _Shown) -> None:
        choice, what = dialog.choice(), dialog.chosen
        pictures = what in (What.FACE, What.GRID)
        self._workspace.remember_save(choice.options, choice.suffix if pictures else "")
        self._workspace.remember(faces_saves=what.value)
        if what is What.FILM:
            self._workspace.remember(
                film_seconds=dialog.seconds.value(), film_loop=dialog.loop.isChecked()
            )
        make = self._requests.large if what is What.FACE else self._requests.small  # many take long
        request = replace(make(shown.album), output=str(choice.path), save=choice.options)
        if what is What.FILM:
            request = replace(request, zoom=self._requests.zoom(shown.album))
        self._workspace.saves.start(_with_faces(request, dialog, shown))


def _with_faces(request: Generate, dialog: SaveFaces, shown: _Shown) -> Generate:
    """Asks for what was chosen in the dialog."""
    pinned = shown.album.pinned
    match dialog.chosen:
        case What.FACE:
            return replace(request, latents=(shown.face.latent,))
        case What.GRID:
            seed = shown.album.seed
            return replace(request, count=shown.count, seed=seed, columns=0, padding=2)
        case What.FILM:
            loop = dialog.loop.isChecked()
            parts = len(pinned) - (0 if loop else 1)
            frames = max(2, round(dialog.seconds.value() * FPS * parts))
            return replace(request, latents=pinned, frames=frames, fps=FPS, loop=loop)
        case What.NUMBERS:
            return replace(request, latents=pinned or (shown.face.latent,))
