"""Saving what is open, each photo and video as it looks now."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal

from studio.core.requests import Apply, Codec, Generate, SaveOptions, Video
from studio.core.settings import Preferences
from studio.core.steps import Step
from studio.core.videos import is_video
from studio.gui.state.library import Library
from studio.gui.state.photo.clips import Clips, Marks
from studio.gui.state.photo.document import Photo
from studio.gui.state.photo.incoming import Incoming
from studio.gui.state.photo.photos import Photos
from studio.gui.state.photo.screen import Screen
from studio.gui.state.running.saves import Saves


@dataclass(frozen=True)
class Frames:
    """How those of a video are written, as in `Video`."""

    side: int | None = None
    codec: Codec = "auto"


@dataclass(frozen=True)
class Manner:
    """How several are saved.

    Attributes:
        options: of all of them.
        suffix, video_suffix: of pictures and of videos, without a dot.
        frames: of videos.
        names_tool: whether a name ends with what was made of the photo.
    """

    options: SaveOptions
    suffix: str
    video_suffix: str
    frames: Frames = Frames()
    names_tool: bool = True


@dataclass(frozen=True)
class _Saved:
    """How a photo looked, or a part of a video, when it was saved, and where."""

    steps: tuple[Step, ...]
    part: Marks
    file: Path


class PhotoSaves(QObject):
    """Names the files, hands requests to the saves, and knows what is saved.

    Args:
        photos: what is open.
        screen: knows what makes them look as they should.
        clips: knows which part of a video is wanted.
        saves: writes the files.
        incoming: knows which of them lie in no folder of the person's.
        library: the weights.
        preferences: as they are now.

    Signals:
        changed: one more is saved.
    """

    changed = Signal()

    def __init__(
        self,
        photos: Photos,
        screen: Screen,
        clips: Clips,
        saves: Saves,
        incoming: Incoming,
        library: Library,
        preferences: Callable[[], Preferences],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._photos, self._screen, self._saves, self._clips = photos, screen, saves, clips
        self._incoming, self._library, self._preferences = incoming, library, preferences
        self._saved: dict[Path, _Saved] = {}
        saves.written.connect(self._note)

    def file(self, photo: Photo) -> Path | None:
        """Where a photo or a video is saved as it looks now; None: nowhere, as far as is known."""
        saved = self._saved.get(photo.path)
        return None if saved is None or saved != self._as_now(photo, saved.file) else saved.file

    def recall(self, photo: Photo, file: Path) -> None:
        """Knows of an earlier window that a photo is saved as it looks now."""
        self._saved[photo.path] = self._as_now(photo, file)
        self.changed.emit()

    def _as_now(self, photo: Photo, file: Path) -> "_Saved":
        steps = () if photo.stack is None else self._library.toolbox.steps(photo.stack)
        return _Saved(steps, self._clips.marks(photo.path), file)

    def ready(self) -> list[tuple[Photo, Apply]]:
        """What is open, and how it should look now: what was not shown yet, as it would be."""
        known, opened = self._photos, self._photos.document.photos
        photos = [each if known.was_shown(each) else known.as_shown(each) for each in opened]
        asked = ((photo, self._screen.request(photo)) for photo in photos)
        return [(photo, request) for photo, request in asked if request is not None]

    def proposal(self, photo: Photo, *, frame: bool = False) -> Path:
        """A free name for a result, or of a video for one frame."""
        folder, stem, suffix = self._name(photo)
        if frame:
            stem, suffix = f"{stem}-frame", self._preferences().save_format
        return self._saves.free_name(folder, stem, suffix)

    def save(
        self, request: Apply, path: Path, options: SaveOptions, frames: Frames = Frames()
    ) -> None:
        """Saves a photo, a video, or of a video the frame that is shown, as the name says.

        Args:
            request: what to save.
            path: where to.
            options: how.
            frames: of a video.
        """
        saved = replace(request, output=str(path), save=options)
        damping = self._preferences().damping / 100
        video = is_video(Path(saved.source)) and is_video(path)
        marks = self._clips.marks(Path(saved.source))
        self._saves.start(_for_video(saved, damping, marks, frames) if video else saved)

    def save_all(
        self,
        folder: Path,
        wanted: list[tuple[Photo, Apply]] | None = None,
        manner: Manner | None = None,
    ) -> None:
        """Saves photos and videos, each with its own look and a new name.

        Args:
            folder: of the results.
            wanted: what to save; all that is open, if it is left out.
            manner: how; as it was done last, if it is left out.
        """
        kept = self._preferences()
        how = manner or Manner(kept.save_options(), kept.save_format, kept.video_format)
        for photo, request in self.ready() if wanted is None else wanted:
            stem = self.stem(photo) if how.names_tool else photo.path.stem
            suffix = how.video_suffix if is_video(photo.path) else how.suffix
            self.save(request, self._saves.free_name(folder, stem, suffix), how.options, how.frames)

    def stem(self, photo: Photo) -> str:
        """To propose as the name of a result, such as ``cat-styled``."""
        made = "result" if photo.stack is None else self._library.toolbox.made(photo.stack)
        return f"{photo.path.stem}-{made}"

    def _note(self, request: Apply | Generate | Video) -> None:
        of_frame = isinstance(request, Apply) and request.seconds is not None
        if not isinstance(request, Generate) and not of_frame:
            part = Marks(request.begin, request.end) if isinstance(request, Video) else Marks()
            self._saved[Path(request.source)] = _Saved(request.steps, part, Path(request.output))
            self.changed.emit()

    def _name(self, photo: Photo) -> tuple[Path, str, str]:
        """Folder, stem and suffix to propose for a result."""
        kept = self._preferences()
        folder = Path(kept.save_folder) if kept.save_folder else photo.path.parent
        if self._incoming.is_ours(photo.path) and not kept.save_folder:
            pictures = QStandardPaths.StandardLocation.PicturesLocation
            folder = Path(QStandardPaths.writableLocation(pictures))
        suffix = kept.video_format if is_video(photo.path) else kept.save_format
        return folder, self.stem(photo), suffix


def _for_video(request: Apply, damping: float, part: Marks, frames: Frames) -> Video:
    """The same for all frames of a part of a video."""
    return Video(
        request.weights, request.source, request.output, request.sha256, request.settings,
        request.seed, request.device, request.tile, damping, request.preview_side, request.save,
        request.then, part.begin, part.end, frames.side, frames.codec,
    )  # fmt: skip
