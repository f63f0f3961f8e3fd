"""What every export shares: where weights are written, and what they say of themselves."""

import argparse
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from PIL import Image
from torch import nn

from studio.core.catalogue import Catalogue, Weights, own_weights, weights_folders
from studio.core.checked import fitted, read_json
from studio.core.errors import StudioError
from studio.core.files.disk import refuse_existing
from studio.core.samples import sample_photo
from studio.models._spec import ModelSpec
from studio.models._weights import save_weights
from training.lib.checkpoint import checkpoint_of, read_progress
from training.lib.history import History
from training.lib.recipe import BLANK, Card


class _Said(Struct):
    """What a run's config says for its weights."""

    card: Card = BLANK


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments that every export takes."""
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


def run_config(args: argparse.Namespace) -> dict[str, Any]:
    """The settings of a run, its `data` as the command line says.

    Raises:
        StudioError: there is no run, or it has no checkpoint yet.
    """
    checkpoint_of(args.folder)
    config = read_json(args.folder / "config.json")
    return {**config, "data": Path(config["data"]) if args.data is None else args.data}


def run_card(config: Mapping[str, Any]) -> Card:
    """What a run's recipe has its weights say of themselves."""
    return fitted(config, _Said, "the run's config").card


class Export:
    """Weights to be written; made before anything is measured, so that trouble is said at once.

    Args:
        args: of `add_arguments`.
        spec: the model.
        card: what they say of themselves, where `args` do not say otherwise.
        script: in `training`, that made them; empty: it is called as the model is.

    Raises:
        StudioError: there are such weights, and nobody said that they are to be replaced.
    """

    def __init__(
        self, args: argparse.Namespace, spec: ModelSpec, card: Card, script: str = ""
    ) -> None:
        self._spec, self._card, self._run = spec, card, args.folder
        self._script = script or spec.id
        run = re.sub(r"^\d+-", "", args.folder.resolve().name)
        self.name: str = args.name or run
        if not re.fullmatch(r"\w[\w.-]*", self.name):
            raise StudioError(f"{self.name!r} is no name for weights", "give --name some-word")
        self.path: Path = args.weights / spec.tool / f"{self.name}.safetensors"
        self._title: str = args.title or card.title or self.name
        self._licence: str = args.licence or card.licence
        if not args.measure_only and not args.overwrite:
            self._refuse_known(args.weights)

    def write(
        self,
        net: nn.Module,
        hyperparameters: Mapping[str, Any],
        metrics: Mapping[str, Any],
        more: Mapping[str, Any] | None = None,
    ) -> Weights:
        """Writes the file, and prints where; see `save_weights`.

        Args:
            net: made by the spec's `build`.
            hyperparameters: that it was made with.
            metrics: measured figures.
            more: what else is said of the training.
        """
        progress, history = read_progress(checkpoint_of(self._run)), history_of(self._run)
        script = f"python -m training.{self._script}"
        training = {
            "data": dict(self._card.data), "steps": progress.step,
            "hours": round(progress.hours, 2), "hardware": progress.hardware,
            "command": f"{script} --recipe {history.recipe}" if history.recipe else script,
            "commit": history.segments[-1].commit if history.segments else "",
            "history": history.to_json(), **(more or {}),
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
        id_ = f"{self._spec.tool}/{self.name}"
        looked_into = folder.resolve() in [each.resolve() for each in weights_folders()]
        if looked_into and id_ in {weights.id for weights in Catalogue()}:
            raise StudioError(
                f"there are weights {id_} already", "choose another --name, or --overwrite"
            )


def history_of(run: Path) -> History:
    """How the net in a run's checkpoint came to be."""
    return History.of_run(run, read_progress(checkpoint_of(run)))


def sample(name: str) -> Image.Image:
    """A photo that scikit-image ships."""
    return Image.open(sample_photo(name)).convert("RGB")
