"""Saving what is open, each photo and video as it looks now."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths

from studio.core.requests import Apply, SaveOptions, Video
from studio.core.videos import is_video
from studio.gui.state.tools import tool_of

if TYPE_CHECKING:
    from studio.gui.state.photo.document import Photo
    from studio.gui.state.workspace import Workspace


class PhotoSaves(QObject):
    """Names the files and hands requests to the saves."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._workspace = workspace

    def ready(self) -> list[tuple[Photo, Apply]]:
        """What is open, and how it should look now."""
        photos, screen = self._workspace.photos.document.photos, self._workspace.screen
        asked = ((photo, screen.request(photo)) for photo in photos)
        return [(photo, request) for photo, request in asked if request is not None]

    def proposal(self, photo: Photo) -> Path:
        """A free name for a result."""
        return self._workspace.saves.free_name(*self._name(photo))

    def save(self, request: Apply, path: Path, options: SaveOptions) -> None:
        """Saves a photo, or a video."""
        saved = replace(request, output=str(path), save=options)
        damping = self._workspace.preferences.damping / 100
        video = is_video(Path(saved.source))
        self._workspace.saves.start(_for_video(saved, damping) if video else saved)

    def save_all(self, folder: Path, wanted: list[tuple[Photo, Apply]] | None = None) -> None:
        """Saves photos and videos, each with its own look and a new name.

        Args:
            folder: of the results.
            wanted: what to save; all that is open, if it is left out.
        """
        options = SaveOptions(quality=self._workspace.preferences.quality)
        for photo, request in self.ready() if wanted is None else wanted:
            _, stem, suffix = self._name(photo)
            path = self._workspace.saves.free_name(folder, stem, suffix)
            self.save(request, path, options)

    def _name(self, photo: Photo) -> tuple[Path, str, str]:
        """Folder, stem and suffix to propose for a result."""
        kept, toolbox = self._workspace.preferences, self._workspace.toolbox
        folder = Path(kept.save_folder) if kept.save_folder else photo.path.parent
        if self._workspace.incoming.is_pasted(photo.path) and not kept.save_folder:
            pictures = QStandardPaths.StandardLocation.PicturesLocation
            folder = Path(QStandardPaths.writableLocation(pictures))
        model = "" if photo.look is None else toolbox.find(photo.look.weights).weights.tool
        made = tool_of(model).made if model else "result"
        suffix = kept.video_format if is_video(photo.path) else kept.save_format
        return folder, f"{photo.path.stem}-{made}", suffix


def _for_video(request: Apply, damping: float) -> Video:
    """The same for all frames of a video."""
    return Video(
        request.weights, request.source, request.output, request.sha256, request.settings,
        request.seed, request.device, request.tile, damping, request.preview_side, request.save,
    )  # fmt: skip
