"""The weights files on disk, known by their headers alone: no tensor is read, no torch needed."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from glob import escape
from pathlib import Path, PurePath

import platformdirs

from studio.core.errors import StudioError
from studio.core.weights_file import Weights, read_weights
from studio.core.words.said import say


def check_takes_pictures(weights: Weights) -> None:
    """Raises StudioError, which names the right command, where weights generate."""
    if weights.latent:
        raise StudioError(
            say("{id} generates pictures and takes none", id=weights.id),
            f"studio generate {weights.id} -o grid.png",
        )


def check_generates(weights: Weights) -> None:
    """Raises StudioError, which names the right command, where weights take a picture."""
    if not weights.latent:
        raise StudioError(
            say("{id} does not generate: it takes a picture", id=weights.id),
            f"studio apply {weights.id} IN -o OUT",
        )


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


@dataclass(frozen=True)
class Unusable:
    """A file among the weights that is none, or is damaged.

    Attributes:
        path: the file.
        error: why.
    """

    path: Path
    error: StudioError


class Catalogue:
    """All weights that can be found; of two with one id, the user's own goes first."""

    def __init__(self, folders: list[Path] | None = None) -> None:
        self._folders = weights_folders() if folders is None else folders

    def __iter__(self) -> Iterator[Weights]:
        return (each for each in self.scan() if isinstance(each, Weights))

    def scan(self, name: str = "*") -> Iterator[Weights | Unusable]:
        """The weights, and the files that hide none of them by being damaged.

        Args:
            name: a pattern of their files' names, which are the second halves of their ids.
        """
        seen: set[str] = set()
        file = f"{name}.safetensors"
        for folder in self._folders:
            for path in sorted([*folder.glob(file), *folder.glob(f"*/{file}")]):
                try:
                    weights = read_weights(path)
                except StudioError as error:
                    yield Unusable(path, error)
                    continue
                if weights.id not in seen:
                    seen.add(weights.id)
                    yield weights

    def find(self, wanted: str, beside: Iterable[str] = ()) -> Weights:
        """The weights of an id, of a model's id alone where it has one set, or of a file.

        Args:
            wanted: the id or the path.
            beside: what else could have been said, for the error.

        Raises:
            StudioError: there are none, or several.
        """
        for weights in self.scan(escape(PurePath(wanted).name)):
            if isinstance(weights, Weights) and weights.id == wanted:
                return weights
        of_model = [weights for weights in self if weights.model == wanted]
        if len(of_model) > 1:
            known = ", ".join(weights.id for weights in of_model)
            raise StudioError(
                say("there are several weights for {name}", name=wanted),
                say("choose one of {known}", known=known),
            )
        if of_model:
            return of_model[0]
        path = Path(wanted)
        if path.suffix == ".safetensors" or path.is_file():
            return read_weights(path)
        for folder in self._folders:
            path = folder / f"{wanted}.safetensors"
            if path.exists():
                return read_weights(path)  # it has that id and cannot be read: say why
        known = ", ".join([*beside, *(weights.id for weights in self)]) or "none"
        raise StudioError(
            say("there are no weights {name}", name=repr(wanted)),
            say("known: {known}", known=known),
        )
