"""Saving what is open: the photo or the video that is shown, or all of them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtWidgets import QFileDialog

from studio.core.requests import Apply, SaveOptions, Video
from studio.core.videos import is_video
from studio.gui.photo.save_video import SaveVideo
from studio.gui.shell.window import Window
from studio.gui.state.document import Photo
from studio.gui.state.session import Session
from studio.gui.state.tools import TOOLS
from studio.gui.widgets.save_dialog import SaveDialog


class SaveCommands(QObject):
    """Asks where to, and hands requests to the session's saves."""

    def __init__(self, window: Window, session: Session) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        window.actions_.save_all.triggered.connect(self.ask_all)
        session.look_changed.connect(self._allow)
        session.document_changed.connect(self._allow)
        window.page_changed.connect(self._allow)

    def save(self) -> None:
        """Asks where to save what is shown, and saves."""
        photo, kept = self._session.document.photo, self._session.preferences
        request = self._session.request(photo)
        if photo is None or request is None:
            return
        proposal = self._session.saves.free_name(*self._name(photo))
        size = self._session.size()
        if is_video(photo.path):
            dialog: SaveDialog = SaveVideo(proposal, kept.quality, kept.damping, size, self._window)
        else:
            dialog = SaveDialog(proposal, kept.quality, size, self._window)
        dialog.ask(
            self._session.originals(), self._session.saves.files,
            lambda: self._accepted(dialog, request),
        )  # fmt: skip

    def ask_all(self) -> None:
        """Asks for a folder, and saves all that is open into it."""
        kept, wanted = self._session.preferences, self._ready()
        dialog = QFileDialog(self._window, "Save all into a folder", kept.save_folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda folder: self._save_into(Path(folder), wanted))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def save_all(self, folder: Path) -> None:
        """Saves every photo and video that is open, each with its own look and a new name."""
        self._save_into(folder, self._ready())

    def _save_into(self, folder: Path, wanted: Sequence[tuple[Photo, Apply]]) -> None:
        options = SaveOptions(quality=self._session.preferences.quality)
        for photo, request in wanted:
            _, stem, suffix = self._name(photo)
            self._start(request, self._session.saves.free_name(folder, stem, suffix), options)

    def _ready(self) -> list[tuple[Photo, Apply]]:
        """What is open, and how it should look now."""
        asked = ((photo, self._session.request(photo)) for photo in self._session.document.photos)
        return [(photo, request) for photo, request in asked if request is not None]

    def _accepted(self, dialog: SaveDialog, request: Apply) -> None:
        choice = dialog.choice()
        suffix = choice.path.suffix.lstrip(".").lower()
        self._session.remember(quality=choice.quality)
        if isinstance(dialog, SaveVideo):
            self._session.remember(video_format=suffix, damping=dialog.damping.value())
        else:
            self._session.remember(save_format=suffix)
        options = SaveOptions(quality=choice.quality, overwrite=choice.overwrite)
        self._start(request, choice.path, options)

    def _start(self, request: Apply, path: Path, options: SaveOptions) -> None:
        saved = replace(request, output=str(path), save=options)
        damping = self._session.preferences.damping / 100
        self._session.saves.start(_video(saved, damping) if is_video(Path(saved.source)) else saved)

    def _name(self, photo: Photo) -> tuple[Path, str, str]:
        """Folder, stem and suffix to propose for a result."""
        kept, toolbox = self._session.preferences, self._session.toolbox
        folder = Path(kept.save_folder) if kept.save_folder else photo.path.parent
        if self._session.intake.is_pasted(photo.path) and not kept.save_folder:
            pictures = QStandardPaths.StandardLocation.PicturesLocation
            folder = Path(QStandardPaths.writableLocation(pictures))
        model = "" if photo.look is None else toolbox.find(photo.look.weights).weights.model
        made = next((tool.made for tool in TOOLS if tool.model == model), "result")
        suffix = kept.video_format if is_video(photo.path) else kept.save_format
        return folder, f"{photo.path.stem}-{made}", suffix

    def _allow(self) -> None:
        several = self._window.page is None and len(self._ready()) > 1
        self._window.actions_.save_all.setEnabled(several)


def _video(request: Apply, damping: float) -> Video:
    """The same for all frames of a video."""
    return Video(
        request.weights, request.source, request.output, request.sha256, request.settings,
        request.seed, request.device, request.tile, damping, request.preview_side, request.save,
    )  # fmt: skip
