"""Asks where to save what is open."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.core.requests import Apply, SaveOptions
from studio.core.videos import is_video
from studio.gui.photo.save_video import SaveVideo
from studio.gui.state.workspace import Workspace
from studio.gui.widgets.save_dialog import SaveDialog


class Saving(QObject):
    """The photo or the video that is shown, or all of them.

    Args:
        workspace: has the photos.
        parent: of the dialogs.

    Signals:
        several_changed: (whether there are several to save).
    """

    several_changed = Signal(bool)

    def __init__(self, workspace: Workspace, parent: QWidget) -> None:
        super().__init__(parent)
        self._workspace, self._parent = workspace, parent
        self._photo_saves = workspace.photo_saves
        photos, place = workspace.photos, workspace.place
        for changed in (photos.look_changed, photos.document_changed, place.changed):
            changed.connect(self._count)

    def save(self) -> None:
        """Asks where to save what is shown, and saves."""
        photo, kept = self._workspace.photos.document.photo, self._workspace.preferences
        request = self._workspace.screen.request(photo)
        if photo is None or request is None:
            return
        proposal, size = self._photo_saves.proposal(photo), self._workspace.screen.size
        if is_video(photo.path):
            dialog: SaveDialog = SaveVideo(proposal, kept.quality, kept.damping, size, self._parent)
        else:
            dialog = SaveDialog(proposal, kept.quality, size, self._parent)
        dialog.ask(
            self._workspace.originals(), self._workspace.saves.files,
            lambda: self._accepted(dialog, request),
        )  # fmt: skip

    def save_frame(self) -> None:
        """Asks where to save the frame of the video that is shown, as a picture."""
        photo, kept = self._workspace.photos.document.photo, self._workspace.preferences
        request = self._workspace.screen.request(photo)
        if photo is None or request is None:
            return
        proposal = self._photo_saves.proposal(photo, frame=True)
        dialog = SaveDialog(proposal, kept.quality, self._workspace.screen.size, self._parent)
        dialog.setWindowTitle("Save frame")
        dialog.ask(
            self._workspace.originals(), self._workspace.saves.files,
            lambda: self._accepted(dialog, request),
        )  # fmt: skip

    def ask_all(self) -> None:
        """Asks for a folder, and saves all that is open into it."""
        folder, wanted = self._workspace.preferences.save_folder, self._photo_saves.ready()
        dialog = QFileDialog(self._parent, "Save all into a folder", folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda name: self._photo_saves.save_all(Path(name), wanted))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _accepted(self, dialog: SaveDialog, request: Apply) -> None:
        choice = dialog.choice()
        suffix = choice.path.suffix.lstrip(".").lower()
        self._workspace.remember(quality=choice.quality)
        if isinstance(dialog, SaveVideo):
            self._workspace.remember(video_format=suffix, damping=dialog.damping.value())
        else:
            self._workspace.remember(save_format=suffix)
        options = SaveOptions(quality=choice.quality, overwrite=choice.overwrite)
        self._photo_saves.save(request, choice.path, options)

    def _count(self) -> None:
        several = self._workspace.place.page == "" and len(self._photo_saves.ready()) > 1
        self.several_changed.emit(several)
