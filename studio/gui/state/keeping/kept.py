"""What is kept of a window, as the values of a file."""

import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from studio.core.checked import fitted, read_json
from studio.core.controls import Settings
from studio.core.errors import StudioError
from studio.core.words.said import say
from studio.core.words.tongue import tr
from studio.gui.state.album import Album
from studio.gui.state.drawing import Drawing
from studio.gui.state.look import Look
from studio.gui.state.photo.clips import Marks
from studio.gui.state.stack import Stack

VERSION = 2
_LARGEST = 256 << 20  # bytes


class OldLook(Struct, frozen=True):
    """What version 1 had of a photo: one look, and the ids of weights that followed it."""

    weights: str
    settings: Settings
    then: tuple[str, ...] = ()


_Name = Annotated[bytes, Meta(max_length=1 << 16)]


class KeptPhoto(Struct, frozen=True, omit_defaults=True):
    """One opened photo.

    Attributes:
        name: its path as the system has it, which need not be text.
        stack: None where the weights were not known yet.
        others: how it looked in the tools that are not shown.
        marks: of a video, which part of it is wanted.
        saved: the name of the file in which it is saved as it looks; empty: there is none.
        look: of version 1, in the place of a stack.
    """

    name: Annotated[bytes, Meta(min_length=1, max_length=1 << 16)]
    stack: Stack | None = None
    others: tuple[Look, ...] = ()
    marks: Marks = Marks()
    saved: _Name = b""
    look: OldLook | None = None

    @property
    def path(self) -> Path:
        """The file."""
        return Path(os.fsdecode(self.name))

    @property
    def result(self) -> Path:
        """The file of `saved`."""
        return Path(os.fsdecode(self.saved))


class Kept(Struct, frozen=True):
    """A window.

    Attributes:
        at: when.
        ended: the window was closed, and did not die.
        photos: in the order of the filmstrip.
        shown: place of the one that is shown; None: none is.
        page: that took the place of the photo: ``sketch``, ``faces``, ``batch``, or empty.
        drawings: by the weights that are drawn for.
        albums: by the weights whose faces they are.
        weights: of the tool whose page that is.
    """

    at: datetime
    ended: bool = False
    photos: tuple[KeptPhoto, ...] = ()
    shown: Annotated[int, Meta(ge=0)] | None = None
    page: str = ""
    drawings: Mapping[str, Drawing] = {}
    albums: Mapping[str, Album] = {}
    weights: str = ""
    version: Annotated[int, Meta(ge=1)] = VERSION

    def __bool__(self) -> bool:
        return bool(self.photos or self.drawings or self.albums)

    @property
    def words(self) -> str:
        """Such as ``3 photos and 1 drawing``."""
        photos, drawings = len(self.photos), len(self.drawings)
        faces = sum(len(each.pins) for each in self.albums.values())
        parts = [tr("{count} photo", "{count} photos", count=photos)] if photos else []
        parts += [tr("{count} drawing", "{count} drawings", count=drawings)] if drawings else []
        parts += [tr("{count} face", "{count} faces", count=faces)] if faces else []
        return tr(" and ").join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)


def name_of(path: Path) -> bytes:
    """What `KeptPhoto.path` comes from."""
    return os.fsencode(path)


def storable(look: Look) -> Look:
    """The look with text alone: a mask's file whose name is none cannot be found again."""
    texts = {n: v for n, v in look.settings.items() if isinstance(v, str)}
    plain = {name: text.encode("utf-8", "replace").decode() for name, text in texts.items()}
    return look if plain == texts else replace(look, settings={**look.settings, **plain})


class NewerError(StudioError):
    """The file is of a newer version of the program."""


class _Head(Struct):
    version: int


def to_bytes(kept: Kept) -> bytes:
    """What `read` reads."""
    return msgspec.json.encode(kept)


def read(path: Path) -> Kept:
    """Reads what was kept.

    Raises:
        NewerError: by a version of the program that is newer than this one.
        StudioError: it cannot be read, or is damaged: of another form, type or range.
    """
    found = read_json(path, largest=_LARGEST)
    if fitted(found, _Head, str(path)).version > VERSION:
        words = say("what was open the last time was kept by a newer studio")
        raise NewerError(words, "open it with that one")
    return fitted(found, Kept, str(path))
