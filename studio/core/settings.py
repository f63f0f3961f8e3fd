"""What the window remembers from one day to the next."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints

from msgspec import Meta

from studio.core.checked import fitted, read_json
from studio.core.errors import StudioError
from studio.core.files.configuration import preferences_path
from studio.core.files.disk import write_error, write_whole
from studio.core.machine import Machine
from studio.core.requests import SaveOptions
from studio.core.words.said import say

SCHEMA = 1
"""Of the file; to be raised where an older studio would misread it."""
_DAMAGED, _NEWER = "damaged", "newer"  # ends of names of files that were put aside

_Text = Annotated[str, Meta(max_length=1 << 16)]
_Percent = Annotated[int, Meta(ge=1, le=100)]
_Share = Annotated[int, Meta(ge=0, le=100)]
_Width = Annotated[int, Meta(ge=1, le=4096)]


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
        language: of the window, such as ``de``; ``system``: the system's.
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
        mask_softness: of its edge, in per cent of its radius.
        mask_overlay: opacity of what shows a mask over the picture, in per cent.
        mask_folder: where a mask was last chosen; empty: where pictures were last opened.
        paintings: files of the paintings that were used last, the latest first.
        painting_folder: where a painting was last chosen; empty: where pictures were last opened.
        recent: files of the photos and videos that were opened last, the latest first.
        save_metadata: whether the photo's EXIF and XMP are kept.
        save_deep: whether pictures have 16 bits a channel where the format can.
        save_recorded: whether a file says how it was made.
        save_remembers: whether the save dialog begins with what was chosen last.
        device: that the work is done on; ``auto``: the fastest.
        full_precision: see `Machine`.
        memory_gb: that the engine takes at most; 0: as much as there is.
    """

    geometry: _Text = ""
    folder: _Text = ""
    save_folder: _Text = ""
    save_format: _Text = "jpg"
    quality: _Percent = 92
    palette: Literal["system", "dark", "light"] = "system"
    language: Annotated[str, Meta(max_length=20)] = "system"
    filmstrip: bool = True
    batch_source: _Text = ""
    batch_output: _Text = ""
    batch_recursive: bool = True
    batch_format: _Text = "keep"
    batch_quality: _Percent = 92
    batch_metadata: bool = True
    sketch_weights: _Text = ""
    sketch_pen: _Width = 6
    sketch_brush: _Width = 24
    sketch_eraser: _Width = 36
    sketch_mirror: bool = False
    sketch_threshold: _Share = 40
    sketch_saves: _Text = "result"
    video_format: _Text = "mp4"
    damping: _Share = 60
    faces_weights: _Text = ""
    faces_count: Annotated[int, Meta(ge=1, le=400)] = 25
    faces_saves: _Text = "face"
    film_seconds: Annotated[float, Meta(gt=0, le=600)] = 2.0
    film_loop: bool = True
    mask_brush: _Width = 60
    mask_softness: _Share = 0
    mask_overlay: _Share = 55
    mask_folder: _Text = ""
    paintings: Annotated[tuple[_Text, ...], Meta(max_length=100)] = ()
    painting_folder: _Text = ""
    recent: Annotated[tuple[_Text, ...], Meta(max_length=100)] = ()
    save_metadata: bool = True
    save_deep: bool = False
    save_recorded: bool = True
    save_remembers: bool = True
    device: _Text = "auto"
    full_precision: bool = False
    memory_gb: Annotated[int, Meta(ge=0, le=1 << 14)] = 0

    def machine(self) -> Machine:
        """What is left to the engine."""
        return Machine(self.device, self.full_precision, self.memory_gb << 30)

    def save_options(self) -> SaveOptions:
        """What a picture is saved with, if nothing else is chosen."""
        return SaveOptions(
            self.quality,
            metadata=self.save_metadata,
            deep=self.save_deep,
            recorded=self.save_recorded,
        )


def load_preferences(tell: Callable[[StudioError], None] = lambda _: None) -> Preferences:
    """Reads the file; what is missing or damaged in it has its default.

    Args:
        tell: receives what is wrong with the file.
    """
    path = preferences_path()
    preferences, _, amiss = _read(path)
    if amiss:
        words = (
            say(
                "the settings in {path} are from a newer studio; usual ones are used in their"
                " place",
                path=path,
            )
            if amiss == _NEWER
            else say(
                "the settings in {path} could not all be read; usual ones are used in their place",
                path=path,
            )
        )
        tell(StudioError(words, say("the file is kept as {name}", name=aside(path, amiss).name)))
    return preferences


def save_preferences(preferences: Preferences) -> None:
    """Writes the file whole or not at all: that it cannot be written must not stop anybody.

    What is unknown here and of the same schema stays. A file that is damaged, or of a newer schema,
    is put aside first.
    """
    path = preferences_path()
    _, said, amiss = _read(path)
    with suppress(StudioError, OSError):
        if amiss:
            path.replace(aside(path, amiss))
        fields = {**said, "schema": SCHEMA, **asdict(preferences)}
        write_text(path, json.dumps(fields, indent=1))


def _read(path: Path) -> tuple[Preferences, dict[str, Any], str]:
    """The preferences, all that stands in the file, and whether it is to be put aside: as what."""
    try:
        found = fitted(read_json(path), dict[str, Any], str(path))
        schema = fitted(found.get("schema", SCHEMA), int, "schema")
    except StudioError:
        return Preferences(), {}, _DAMAGED if path.exists() else ""
    if schema > SCHEMA:
        return Preferences(), {}, _NEWER
    kept, amiss = dict[str, Any](), ""
    for name, kind in get_type_hints(Preferences, include_extras=True).items():
        if name in found:
            try:
                kept[name] = fitted(found[name], kind, name)
            except StudioError:
                amiss = _DAMAGED
    return Preferences(**kept), found, amiss


def aside(path: Path, amiss: str) -> Path:
    """Another name for a file, that none has."""
    names = (f"{path.name}.{amiss}{number}" for number in ("", *map(str, range(2, 1000))))
    return next((free for name in names if not (free := path.with_name(name)).exists()), path)


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
