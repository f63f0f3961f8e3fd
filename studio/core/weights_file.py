"""One weights file, known by its header, which is checked: anybody may have made the file."""

import hashlib
import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta, Struct
from safetensors import SafetensorError, safe_open

from studio.core.checked import fitted, parse, regular_file
from studio.core.controls import Choice, Control, Mask, Painting, Slider, Switch
from studio.core.drawings.labels import Label
from studio.core.errors import StudioError
from studio.core.words.said import say

_KINDS: dict[str, type[Control]] = {
    "slider": Slider, "switch": Switch, "choice": Choice, "mask": Mask, "painting": Painting
}  # fmt: skip
# A header that claims more than this is a damaged file, not a large one.
_LONGEST_HEADER = 4 << 20
_Words = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f-\x9f]{0,4000}$")]  # for a terminal too
_Side = Annotated[int, Meta(ge=0, le=4096)]
_NEEDED = ("model", "title", "licence", "controls", "hyperparameters", "training", "metrics")
_JSON = {"hyperparameters", "training", "metrics", "local", "gradual", "scale", "latent"}


class _Header(Struct):
    """What stands under ``studio.*``, as in `Weights`."""

    model: Annotated[str, Meta(pattern=r"^[\w-]{1,60}(\.[\w-]{1,60})?$")]
    title: _Words
    licence: _Words
    controls: str
    hyperparameters: dict[str, Any]
    training: dict[str, Any]
    metrics: dict[str, Any]
    local: bool = False
    gradual: bool = False
    scale: Annotated[int, Meta(ge=1, le=8)] = 1
    latent: Annotated[int, Meta(ge=0, le=4096)] = 0


class _Known(Struct):
    """Hyperparameters that the fronts look at; all others are for the model."""

    side: _Side = 0
    palette: Annotated[tuple[Label, ...], Meta(max_length=256)] = ()


class _Trained(Struct):
    """What the fronts and a further training look at."""

    steps: Annotated[int, Meta(ge=0)] = 0
    hours: Annotated[float, Meta(ge=0, le=1e9)] = 0.0
    hardware: _Words = ""
    command: _Words = ""
    data: dict[str, str] = {}
    subject: _Words = ""
    history: list[dict[str, Any]] = []


@dataclass(frozen=True)
class Weights:
    """One weights file.

    Attributes:
        id: ``tool/name``, such as ``style/gallery``.
        path: the file.
        model: id of the tool, the first half of `id`.
        spec: id of the ModelSpec that can load it.
        title: for people.
        licence: the grade and the notice that goes with the training data.
        controls: what a person may set.
        local: whether a result's pixel depends on the picture near it and on measured levels only,
            so that a part can be shown as it will be saved.
        gradual: whether it comes closer to its result step by step, for minutes.
        scale: how many times as wide and high as the picture the result is.
        latent: numbers that a picture is made of; 0: the model takes a picture.
        side: of its pictures in px, where they have one size; else 0.
        palette: the colours of the label maps that it draws after; the first is the background.
        hyperparameters: arguments of the ModelSpec's ``build``.
        training: data sets, steps, hours, hardware, command, commit; history: how it came to be.
        metrics: the measured figures.
    """

    id: str
    path: Path
    model: str
    spec: str
    title: str
    licence: str
    controls: tuple[Control, ...]
    hyperparameters: Mapping[str, Any]
    training: Mapping[str, Any]
    metrics: Mapping[str, Any]
    local: bool = False
    gradual: bool = False
    scale: int = 1
    latent: int = 0
    side: int = 0
    palette: tuple[Label, ...] = ()

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self.path.stat().st_size

    @property
    def sha256(self) -> str:
        """Hash of the file, in hexadecimal."""
        stat = self.path.stat()
        return _sha256(self.path, stat.st_mtime_ns, stat.st_size)

    @property
    def learned_from(self) -> str:
        """What its licence says that it was trained on; empty: nothing."""
        said = self.licence.partition("trained on ")[2].partition(";")[0]
        return said.replace(" and on ", " and ")

    @property
    def preview(self) -> Path:
        """A picture of what the model does; may be missing."""
        return self.path.with_suffix(".webp")

    def thumbnail(self, option: str) -> Path:
        """A square picture of what one option of a choice does; may be missing."""
        return self.path.with_suffix("") / f"{option}.webp"


@lru_cache(maxsize=256)
def _sha256(path: Path, _modified: int, _size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def controls_to_json(controls: tuple[Control, ...]) -> str:
    """The text under ``studio.controls`` of a weights file."""
    kinds = {cls: kind for kind, cls in _KINDS.items()}
    return json.dumps([{"kind": kinds[type(c)], **asdict(c)} for c in controls])


def controls_from_json(text: str, name: str = "this") -> tuple[Control, ...]:
    """Reads what `controls_to_json` wrote.

    Raises:
        StudioError: these are no controls, or not such as can be shown and set.
    """
    controls: list[Control] = []
    for each in fitted(parse(text, name), list[dict[str, Any]], name):
        kind = _KINDS.get(str(each.get("kind")))
        if kind is None:
            raise StudioError(
                say("{name} is of no known kind", name=name), "a newer studio may know it"
            )
        control = fitted(each, kind, name)
        control.check(control.default)
        controls.append(control)
    if len({control.name for control in controls}) < len(controls):
        raise StudioError(say("{name} comes twice", name=name))
    return tuple(controls)


def _metadata(path: Path) -> dict[str, str]:
    """The string metadata of a safetensors file.

    Raises:
        StudioError: the file is missing, unreadable or no safetensors file.
    """
    try:
        regular_file(path)
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
        if length <= _LONGEST_HEADER:
            with safe_open(path, "np") as found:
                return found.metadata() or {}
    except FileNotFoundError:
        raise StudioError(
            say("there is no weights file {path}", path=path), "`studio models` lists what there is"
        ) from None
    except OSError as error:
        raise StudioError(
            say("{path} cannot be read: {why}", path=path, why=error.strerror)
        ) from None
    except (struct.error, ValueError, SafetensorError):
        pass
    raise StudioError(say("{path} is no weights file", path=path), "it may be damaged; get it anew")


def read_weights(path: Path) -> Weights:
    """Reads one file's header, anew where the file has changed.

    Raises:
        StudioError: it is no weights file of the studio, or its header does not fit.
    """
    try:
        stat = path.stat()
    except OSError:
        return _read(path, 0, 0)  # which says why
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=256)
def _read(path: Path, _modified: int, _size: int) -> Weights:
    metadata = _metadata(path)
    if not metadata.keys() >= {f"studio.{name}" for name in _NEEDED}:
        raise StudioError(
            say("{path} was not made by this studio", path=path),
            "only weights that a studio has written can be used",
        )
    try:
        fields = {
            name: parse(text, name) if name in _JSON else text
            for key, text in metadata.items()
            if (name := key.removeprefix("studio."))
        }
        said = fitted(fields, _Header, say("a field"))
        known = fitted(said.hyperparameters, _Known, say("a hyperparameter"))
        fitted(said.training, _Trained, "training")
        controls = controls_from_json(said.controls, say("a control"))
    except StudioError as error:
        raise misfit(path, error.message) from None
    model = said.model.partition(".")[0]
    return Weights(
        id=f"{model}/{path.stem}",
        path=path,
        model=model,
        spec=said.model,
        title=said.title,
        licence=said.licence,
        controls=controls,
        hyperparameters=said.hyperparameters,
        training=said.training,
        metrics=said.metrics,
        local=said.local,
        gradual=said.gradual,
        scale=said.scale,
        latent=said.latent,
        side=known.side,
        palette=known.palette,
    )


def misfit(path: Path, why: str) -> StudioError:
    """What is said of a header with a value out of place."""
    return StudioError(
        say("the header of {path} does not fit ({why})", path=path, why=why),
        "it may be damaged, or from another version of the studio; get it anew",
    )
