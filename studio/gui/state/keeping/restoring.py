"""From what was kept to what can be opened again: all that comes from the file is checked here."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from studio.core.controls import Mask, Settings, Value
from studio.core.errors import StudioError
from studio.core.values.masks import is_content
from studio.core.words.said import say
from studio.core.words.tongue import tr
from studio.gui.state.album import Album
from studio.gui.state.drawing import Drawing, Operation, Setting
from studio.gui.state.keeping.folder import Folder
from studio.gui.state.keeping.kept import Kept, KeptPhoto, OldLook
from studio.gui.state.look import Look
from studio.gui.state.photo.clips import Marks
from studio.gui.state.photo.document import Photo
from studio.gui.state.stack import Stack
from studio.gui.state.toolbox import Toolbox

_FARTHEST = 1e4  # of a number of a latent, from 0


@dataclass(frozen=True)
class Restored:
    """What is there again.

    Attributes:
        photos: with their stacks.
        shown: the one that was shown, or the first.
        others: looks in other tools, by photo and model.
        marks: which parts of videos are wanted.
        saved: files in which photos are saved as they look, by photo.
        drawings, albums: by weights.
        lost: what is not there, in words.
        missing: photos of it that may be there another time, as on a disk that is not plugged in.
    """

    photos: tuple[Photo, ...]
    shown: Path | None
    others: Mapping[tuple[Path | None, str], Look]
    marks: Mapping[Path, Marks]
    saved: Mapping[Path, Path]
    drawings: Mapping[str, Drawing]
    albums: Mapping[str, Album]
    lost: str
    missing: tuple[KeptPhoto, ...]


def restore(kept: Kept, source: Folder, own: Folder, toolbox: Toolbox) -> Restored:
    """Checks what was kept, and copies the pictures kept with it; off the window's thread.

    Args:
        kept: read from `source`.
        source: the folder of the window that has gone.
        own: the folder of this window.
        toolbox: the weights of today.

    Raises:
        StudioError: a picture cannot be copied.
    """
    check = _Check(toolbox)
    found: dict[int, Photo] = {}
    others: dict[tuple[Path | None, str], Look] = {}
    marks: dict[Path, Marks] = {}
    saved: dict[Path, Path] = {}
    for place, each in enumerate(kept.photos):
        path = _path(each, source, own)
        if path is not None:
            found[place] = Photo(path, check.stack(each))
            if each.saved and found[place].stack == each.stack and _is_file(each.result):
                saved[path] = each.result
            if each.marks.end is None or each.marks.begin < each.marks.end:
                marks[path] = each.marks
            for look in filter(None, map(check.look, each.others)):
                others[path, toolbox.find(look.weights).weights.model] = look
    photos = tuple(found.values())
    first = photos[0] if photos else None
    shown = first if kept.shown is None else found.get(kept.shown, first)
    gone = [each for place, each in enumerate(kept.photos) if place not in found]
    missing = tuple(each for each in gone if each.path.is_absolute())
    photos_gone = tr(
        "{gone} of {count} photo",
        "{gone} of {count} photos",
        gone=len(gone),
        count=len(kept.photos),
    )
    lost = tr(" and ").join(filter(None, (photos_gone if gone else "", check.lost_masks)))
    return Restored(
        photos, None if shown is None else shown.path, others, marks, saved,
        check.drawings(kept.drawings), check.albums(kept.albums), lost, missing,
    )  # fmt: skip


class _Check:
    """Leaves out what does not fit the weights.

    Attributes:
        masks: how many could not be found.
    """

    def __init__(self, toolbox: Toolbox) -> None:
        self._toolbox = toolbox
        self.masks = 0

    @property
    def lost_masks(self) -> str:
        """How many, in words."""
        return tr("a mask", "{count} masks", count=self.masks) if self.masks else ""

    def stack(self, photo: KeptPhoto) -> Stack | None:
        """The steps as far as they fit; None where none of their weights are there."""
        kept = photo.stack or _of_version_1(photo.look, self._toolbox)
        if kept is None:
            return None
        looks = [(step, self.look(step.look)) for step in kept.steps]
        steps = tuple(replace(step, look=look) for step, look in looks if look is not None)
        if not steps:
            return None
        stack = Stack(steps).choosing(kept.chosen)
        return stack if stack.active else stack.with_look(stack.look)

    def look(self, look: Look) -> Look | None:
        """The look as far as it fits; None where its weights are not there."""
        if look.weights not in self._toolbox:
            return None
        return self._toolbox.fitting(look.weights, self._sound(look))

    def drawings(self, kept: Mapping[str, Drawing]) -> dict[str, Drawing]:
        """The drawings for weights that are there."""
        return {
            weights: Drawing(self._fit(weights, each.done), self._fit(weights, each.undone))
            for weights, each in kept.items()
            if self._is_of("sketch", weights)
        }

    def albums(self, kept: Mapping[str, Album]) -> dict[str, Album]:
        """The albums of weights that are there, with faces of these weights."""
        found: dict[str, Album] = {}
        for weights, album in kept.items():
            if self._is_of("faces", weights):
                look = self._toolbox.fitting(weights, album.look.settings)
                size = self._toolbox.find(weights).weights.latent
                pins = tuple(p for p in album.pins if _is_latent(p.face.latent, size))
                found[weights] = replace(album, look=look, pins=pins)
        return found

    def _is_of(self, model: str, weights: str) -> bool:
        toolbox = self._toolbox
        return weights in toolbox and toolbox.find(weights).weights.model == model

    def _fit(self, weights: str, operations: tuple[Operation, ...]) -> tuple[Operation, ...]:
        fits = self._toolbox.fitting
        return tuple(
            each
            for each in operations
            if not isinstance(each, Setting)
            or fits(weights, {each.name: each.value}).settings.get(each.name) == each.value
        )

    def _sound(self, look: Look) -> Settings:
        """The settings without masks that are not there."""
        sound: dict[str, Value] = dict(look.settings)
        for control in self._toolbox.controls(look.weights):
            mask = str(sound.get(control.name, ""))
            if isinstance(control, Mask) and mask and not _is_mask(mask):
                sound[control.name] = ""
                self.masks += 1
        return sound


def _of_version_1(look: OldLook | None, toolbox: Toolbox) -> Stack | None:
    if look is None:
        return None
    first = Look(look.weights, look.settings)
    return Stack.of(first, *(toolbox.first_look(weights) for weights in look.then))


def _path(photo: KeptPhoto, source: Folder, own: Folder) -> Path | None:
    """Where a photo is now; None where it is not there."""
    path = photo.path
    if not _is_file(path):
        return None
    if path.parent != source.path:
        return path
    try:
        return own.adopt(path)
    except OSError as error:
        raise StudioError(
            say("{name} cannot be kept ({why})", name=path.name, why=error.strerror)
        ) from error


def _is_file(path: Path) -> bool:
    try:
        return path.is_absolute() and path.is_file()
    except (OSError, ValueError):  # a name that no file can have
        return False


def _is_mask(value: str) -> bool:
    if not is_content(value):
        return _is_file(Path(value))
    from studio.core.values.mask_pictures import (
        open_mask,  # not by the window's thread: it loads slowly
    )

    try:
        open_mask(value)
    except StudioError:
        return False
    return True


def _is_latent(latent: tuple[float, ...], size: int) -> bool:
    return len(latent) == size and all(abs(number) <= _FARTHEST for number in latent)
