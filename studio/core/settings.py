"""What the window remembers from one day to the next."""

import json
import os
from collections.abc import Container, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import platformdirs

from studio.core.errors import StudioError
from studio.core.formats.disk import write_error, write_whole


@dataclass(frozen=True)
class Preferences:
    """What a person chose, apart from any picture.

    Attributes:
        geometry: of the window, Qt's own bytes in base64; empty before the first closing.
        folder: where pictures were last opened.
        save_folder: where a picture was last saved; empty: beside the photo.
        save_format: suffix without its dot, such as ``jpg``.
        quality: of JPEG, WebP, AVIF and HEIC, 1 to 100.
        palette: ``system``, ``dark`` or ``light``.
        filmstrip: whether it is unfolded.
        batch_source, batch_output: folders of the last batch.
        batch_recursive: whether subfolders were done too.
        batch_format: ``keep``, or a suffix without its dot.
        batch_quality: as `quality`, of the results of a batch.
        batch_metadata: whether EXIF and XMP were kept.
        sketch_weights: that were drawn for last, such as ``sketch/cats``; empty: the first.
        sketch_pen, sketch_brush, sketch_eraser: widths in px of the paper: for lines, for the
            colours of labels, and for rubbing out.
        sketch_mirror: whether it was drawn on both sides at once.
        sketch_threshold: of a picture's lines, 0 to 100.
        sketch_saves: ``result``, ``doodle`` or ``both``.
        video_format: as `save_format`, of videos.
        damping: of flicker in videos, in percent.
        faces_weights: whose faces were shown last, such as ``faces/portraits``; empty: the first.
        faces_count: how many samples are shown at once.
        faces_saves: ``face``, ``grid``, ``film`` or ``numbers``.
        film_seconds: from one pinned face to the next.
        film_loop: whether a film goes back to its first face.
        mask_brush: width of the brush in px of the mask.
        mask_folder: where a mask was last chosen; empty: where pictures were last opened.
    """

    geometry: str = ""
    folder: str = ""
    save_folder: str = ""
    save_format: str = "jpg"
    quality: int = 92
    palette: str = "system"
    filmstrip: bool = True
    batch_source: str = ""
    batch_output: str = ""
    batch_recursive: bool = True
    batch_format: str = "keep"
    batch_quality: int = 92
    batch_metadata: bool = True
    sketch_weights: str = ""
    sketch_pen: int = 6
    sketch_brush: int = 24
    sketch_eraser: int = 36
    sketch_mirror: bool = False
    sketch_threshold: int = 40
    sketch_saves: str = "result"
    video_format: str = "mp4"
    damping: int = 60
    faces_weights: str = ""
    faces_count: int = 25
    faces_saves: str = "face"
    film_seconds: float = 2.0
    film_loop: bool = True
    mask_brush: int = 60
    mask_folder: str = ""


_QUALITIES = range(1, 101)
_ALLOWED: Mapping[str, Container[object]] = {
    "quality": _QUALITIES, "batch_quality": _QUALITIES, "palette": ("system", "dark", "light")
}  # fmt: skip


def preferences_path() -> Path:
    """The file; in the folder ``$STUDIO_CONFIG`` if that is set."""
    folder = os.environ.get("STUDIO_CONFIG")
    return (Path(folder) if folder else platformdirs.user_config_path("studio")) / "window.json"


def load_preferences() -> Preferences:
    """Reads the file; what is missing or damaged in it has its default."""
    try:
        found: Any = json.loads(preferences_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return Preferences()
    if not isinstance(found, dict):
        return Preferences()
    kept = {
        field.name: found[field.name]
        for field in fields(Preferences)
        if type(value := found.get(field.name)) is type(field.default)
        and value in _ALLOWED.get(field.name, (value,))
    }
    return Preferences(**kept)


def save_preferences(preferences: Preferences) -> None:
    """Writes the file whole or not at all: that it cannot be written must not stop anybody."""
    with suppress(StudioError):
        write_text(preferences_path(), json.dumps(asdict(preferences), indent=1))


def write_text(path: Path, text: str) -> None:
    """Writes a text file whole or not at all; makes its folder.

    Raises:
        StudioError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(error, str(path)) from error
    write_whole(path, text.encode(), overwrite=True)
