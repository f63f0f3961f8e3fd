"""What every export script shares: where weights are written, and what they say of themselves."""

import argparse
import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import skimage.data
from PIL import Image
from torch import nn

from studio.core.catalogue import Catalogue, Weights, own_weights, weights_folders
from studio.core.errors import StudioError
from studio.core.formats.disk import refuse_existing
from studio.models._spec import ModelSpec
from studio.models._weights import save_weights
from training._checkpoint import averaged_state, checkpoint_of, read_progress

__all__ = ["Card", "Export", "averaged_state", "make_parser", "run_config", "sample"]

_UNSAID = "not stated: trained by whoever made the file; ask before you pass it on"


@dataclass(frozen=True)
class Card:
    """What weights say of themselves, where the command line does not say otherwise.

    Attributes:
        title: for people; empty: the weights' name.
        licence: the grade and the notice that goes with the training data.
        grades: licence grade of each set of data.
        command: that trained them.
    """

    title: str = ""
    licence: str = _UNSAID
    grades: Mapping[str, str] = field(default_factory=dict)
    command: str = ""


def make_parser(doc: str | None) -> argparse.ArgumentParser:
    """The arguments that every export script takes."""
    parser = argparse.ArgumentParser(description=(doc or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path, required=True, help="of the run")
    parser.add_argument("--data", type=Path, help="the folder of all data; else that of the run")
    parser.add_argument(
        "--weights", type=Path, default=own_weights(), help="folder to write into (%(default)s)"
    )
    parser.add_argument("--name", help="of the weights; else that of the run's folder")
    parser.add_argument("--title", help="for people")
    parser.add_argument("--licence", help="what may be done with the weights")
    parser.add_argument("--overwrite", action="store_true", help="replace weights of that name")
    parser.add_argument("--measure-only", action="store_true", help="write nothing")
    return parser


def run_config(args: argparse.Namespace) -> dict[str, Any]:
    """The settings of a run, its `data` as the command line says.

    Raises:
        StudioError: there is no run, or it has no checkpoint yet.
    """
    checkpoint_of(args.folder)
    config = json.loads((args.folder / "config.json").read_text(encoding="utf-8"))
    return {**config, "data": Path(config["data"]) if args.data is None else args.data}


class Export:
    """Weights to be written; made before anything is measured, so that trouble is said at once.

    Args:
        args: of `make_parser`.
        spec: the model.
        card: what they say of themselves.

    Raises:
        StudioError: there are such weights, and nobody said that they are to be replaced.
    """

    def __init__(self, args: argparse.Namespace, spec: ModelSpec, card: Card) -> None:
        self._spec, self._card, self._run = spec, card, args.folder
        run = re.sub(r"^\d+-", "", args.folder.resolve().name)
        self.name: str = args.name or run
        if not re.fullmatch(r"\w[\w.-]*", self.name):
            raise StudioError(f"{self.name!r} is no name for weights", "give --name some-word")
        self.path: Path = args.weights / spec.id / f"{self.name}.safetensors"
        self._title: str = args.title or card.title or self.name
        self._licence: str = args.licence or card.licence
        if not args.measure_only and not args.overwrite:
            self._refuse_known(args.weights)

    def write(
        self,
        net: nn.Module,
        hyperparameters: Mapping[str, Any],
        metrics: Mapping[str, Any],
        **more: str,
    ) -> Weights:
        """Writes the file, and prints where; see `save_weights`.

        Args:
            net: made by the spec's `build`.
            hyperparameters: that it was made with.
            metrics: measured figures.
            more: what else is said of the training.
        """
        progress = read_progress(checkpoint_of(self._run))
        training = {
            "data": dict(self._card.grades), "steps": progress.step,
            "hours": round(progress.hours, 2), "hardware": progress.hardware,
            "command": self._card.command, "commit": _commit(), **more,
        }  # fmt: skip
        written = save_weights(
            self.path, net, self._spec, title=self._title, licence=self._licence,
            hyperparameters=hyperparameters, training=training, metrics=metrics,
        )  # fmt: skip
        print(f"{written.id}: {written.path}, {written.size} bytes")
        return written

    def _refuse_known(self, folder: Path) -> None:
        """Also what ships is not to be hidden behind the user's own."""
        try:
            refuse_existing(self.path, overwrite=False)
        except StudioError as error:
            raise StudioError(error.message, "choose another --name, or --overwrite") from None
        id_ = f"{self._spec.id}/{self.name}"
        looked_into = folder.resolve() in [each.resolve() for each in weights_folders()]
        if looked_into and id_ in {weights.id for weights in Catalogue()}:
            raise StudioError(
                f"there are weights {id_} already", "choose another --name, or --overwrite"
            )


def _commit() -> str:
    """Of the scripts; empty where they are in no repository."""
    here = Path(__file__).parent
    try:
        done = subprocess.run(
            ["git", "-C", str(here), "rev-parse", "HEAD"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    except OSError:  # no git
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def sample(name: str) -> Image.Image:
    """A photo that scikit-image ships."""
    return Image.open(Path(skimage.data.__file__).with_name(name)).convert("RGB")
