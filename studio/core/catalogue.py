"""The weights files on disk, known by their headers alone: no tensor is read, no torch needed."""

import hashlib
import json
import os
import struct
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import platformdirs

from studio.core.controls import Choice, Control, Mask, Option, Slider, Switch
from studio.core.errors import StudioError

_KINDS: dict[str, type[Control]] = {
    "slider": Slider, "switch": Switch, "choice": Choice, "mask": Mask
}  # fmt: skip
# A header that claims more than this is a damaged file, not a large one.
_LONGEST_HEADER = 8 << 20


@dataclass(frozen=True)
class Weights:
    """One weights file.

    Attributes:
        id: ``model/name``, such as ``style/gallery``.
        path: the file.
        model: id of the ModelSpec that can load it.
        title: for people.
        licence: the grade and the notice that goes with the training data.
        controls: what a person may set.
        local: whether a result's pixel depends on the picture near it and on measured levels only,
            so that a part can be shown as it will be saved.
        scale: how many times as wide and high as the picture the result is.
        latent: numbers that a picture is made of; 0: the model takes a picture.
        hyperparameters: arguments of the ModelSpec's ``build``.
        training: data sets, steps, hours, hardware, command, commit.
        metrics: the measured figures.
    """

    id: str
    path: Path
    model: str
    title: str
    licence: str
    controls: tuple[Control, ...]
    hyperparameters: Mapping[str, Any]
    training: Mapping[str, Any]
    metrics: Mapping[str, Any]
    local: bool = False
    scale: int = 1
    latent: int = 0

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
    def preview(self) -> Path:
        """A picture of what the model does; may be missing."""
        return self.path.with_suffix(".webp")

    def thumbnail(self, option: str) -> Path:
        """A square picture of what one option of a choice does; may be missing."""
        return self.path.with_suffix("") / f"{option}.webp"


def check_takes_pictures(weights: Weights) -> None:
    """Raises StudioError, which names the right command, where weights generate."""
    if weights.latent:
        raise StudioError(
            f"{weights.id} generates pictures and takes none",
            f"studio generate {weights.id} -o grid.png",
        )


def check_generates(weights: Weights) -> None:
    """Raises StudioError, which names the right command, where weights take a picture."""
    if not weights.latent:
        raise StudioError(
            f"{weights.id} does not generate: it takes a picture",
            f"studio apply {weights.id} IN -o OUT",
        )


@lru_cache(maxsize=256)
def _sha256(path: Path, _modified: int, _size: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def controls_to_json(controls: tuple[Control, ...]) -> str:
    """The text under ``studio.controls`` of a weights file."""
    kinds = {cls: kind for kind, cls in _KINDS.items()}
    return json.dumps([{"kind": kinds[type(c)], **asdict(c)} for c in controls])


def controls_from_json(text: str) -> tuple[Control, ...]:
    """Reads what `controls_to_json` wrote."""
    controls: list[Control] = []
    for fields in json.loads(text):
        kind = fields.pop("kind")
        if "options" in fields:
            fields["options"] = tuple(Option(**option) for option in fields["options"])
        controls.append(_KINDS[kind](**fields))
    return tuple(controls)


def read_header(path: Path) -> dict[str, str]:
    """The string metadata of a safetensors file.

    Raises:
        StudioError: the file is missing, unreadable or no safetensors file.
    """
    try:
        with path.open("rb") as file:
            length = struct.unpack("<Q", file.read(8))[0]
            header = json.loads(file.read(min(length, _LONGEST_HEADER)))
            return dict(header.get("__metadata__", {}))
    except FileNotFoundError:
        raise StudioError(
            f"there is no weights file {path}", "`studio models` lists what there is"
        ) from None
    except OSError as error:
        raise StudioError(f"{path} cannot be read: {error.strerror}") from None
    except (struct.error, ValueError, TypeError, AttributeError):
        raise StudioError(f"{path} is no weights file", "it may be damaged; get it anew") from None


def read_weights(path: Path) -> Weights:
    """Reads one file's header.

    Raises:
        StudioError: it is no weights file of the studio.
    """
    header = read_header(path)
    try:
        return Weights(
            id=f"{header['studio.model']}/{path.stem}",
            path=path,
            model=header["studio.model"],
            title=header["studio.title"],
            licence=header["studio.licence"],
            controls=controls_from_json(header["studio.controls"]),
            hyperparameters=json.loads(header["studio.hyperparameters"]),
            training=json.loads(header["studio.training"]),
            metrics=json.loads(header["studio.metrics"]),
            local=json.loads(header.get("studio.local", "false")),
            scale=json.loads(header.get("studio.scale", "1")),
            latent=json.loads(header.get("studio.latent", "0")),
        )
    except (KeyError, TypeError, ValueError):
        raise StudioError(
            f"{path} was not made by this studio", "foreign weights need an import first"
        ) from None


def weights_folders() -> list[Path]:
    """Where weights are looked for: the user's own, ``$STUDIO_WEIGHTS``, then those that ship."""
    package = Path(__file__).resolve().parents[1]
    shipped = package / "weights" if (package / "weights").is_dir() else package.parent / "weights"
    own = platformdirs.user_data_path("studio") / "weights"
    return [*dict.fromkeys([own, own_weights(), shipped])]


def own_weights() -> Path:
    """Where a person's new weights go: ``$STUDIO_WEIGHTS``, or the platform's user-data folder."""
    extra = os.environ.get("STUDIO_WEIGHTS")
    return Path(extra) if extra else platformdirs.user_data_path("studio") / "weights"


class Catalogue:
    """All weights that can be found; of two with one id, the user's own goes first."""

    def __init__(self, folders: list[Path] | None = None) -> None:
        self._folders = weights_folders() if folders is None else folders

    def __iter__(self) -> Iterator[Weights]:
        seen: set[str] = set()
        for folder in self._folders:
            for path in sorted([*folder.glob("*.safetensors"), *folder.glob("*/*.safetensors")]):
                try:
                    weights = read_weights(path)
                except StudioError:
                    continue  # one damaged file must not hide the others; naming it says why
                if weights.id not in seen:
                    seen.add(weights.id)
                    yield weights

    def find(self, wanted: str) -> Weights:
        """The weights of an id or of a file.

        Raises:
            StudioError: there are none.
        """
        for weights in self:
            if weights.id == wanted:
                return weights
        path = Path(wanted)
        if path.suffix == ".safetensors" or path.is_file():
            return read_weights(path)
        for folder in self._folders:
            path = folder / f"{wanted}.safetensors"
            if path.exists():
                return read_weights(path)  # it has that id and cannot be read: say why
        known = ", ".join(weights.id for weights in self) or "none"
        raise StudioError(f"there are no weights {wanted!r}", f"known: {known}")
