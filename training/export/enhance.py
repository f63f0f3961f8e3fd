"""Enhance: what is measured, and a photo before and after.

What learned beside it is added: `--estimator` from another run, `--drawn` from weights whose nets
know drawn noise alone, `--lively` from a run of `training/lively.py`.

Measures the figures on BSDS500's validation photos, as `studio bench enhance` does, without rivals.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

from studio.core.catalogue import read_weights
from studio.core.checked import read_json
from studio.core.controls import Settings
from studio.core.progress import Progress
from studio.models import enhance
from studio.models._weights import load_net
from studio.quality.detail import measure_detail
from studio.quality.features import load_vgg19
from studio.quality.restoration import (
    Figure,
    Floats,
    Model,
    measure_enlarging,
    measure_real,
    measure_restoring,
    resized,
)
from training.data.crops import VALIDATION
from training.data.damage import Damage, Kind, damage
from training.data.photos import read_photos
from training.lib.average import averaged_state
from training.lib.export import Export, history_of, run_card, run_config, sample
from training.lib.history import History

_OF_ESTIMATOR = ("estimator", "coarser", "copies")  # hyperparameters


def net_of(
    run: Path,
    hyper: Mapping[str, Any],
    estimator: Path | None = None,
    drawn: Path | None = None,
    lively: Path | None = None,
) -> enhance.Enhancer:
    """The moving average of a run's last checkpoint.

    Args:
        run: the run's folder.
        hyper: of the net.
        estimator: a run that the estimator is taken from instead.
        drawn: weights that drawn noise is left to; those without such weights beside them.
        lively: a run that the lively restorer is taken from.
    """
    net = enhance.Enhancer(hyper)
    state = averaged_state(run)
    if estimator is not None:
        other = averaged_state(estimator)
        state |= {k: v for k, v in other.items() if k.startswith("estimator.")}
    if drawn is not None:
        known = cast("enhance.Enhancer", load_net(read_weights(drawn), enhance.SPEC))
        known = known if known.drawn is None else known.drawn
        state |= {f"drawn.{k}": v for k, v in known.state_dict().items()}
    if lively is not None:
        state |= {f"lively.{k}": v for k, v in averaged_state(lively).items()}
    net.load_state_dict(state)
    return net.requires_grad_(False).eval()


def model_of(net: enhance.Enhancer) -> Model:
    """The net as what is measured, on photos of any size."""

    def restore(given: Floats, settings: Settings) -> Floats:
        photo = torch.from_numpy(given.astype(np.float32)).permute(2, 0, 1)[None]
        height, width = given.shape[:2]
        multiple = enhance.SPEC.multiple
        padded = F.pad(photo, (0, -width % multiple, 0, -height % multiple), mode="replicate")
        if "noise" not in settings:
            settings = {**enhance.SPEC.measure(net, photo), **settings}
        result = enhance.run(net, padded, settings, torch.Generator(), Progress())
        scale = net.restorer.scale
        result = result[0, :, : height * scale, : width * scale]
        return result.permute(1, 2, 0).double().numpy()

    return restore


def photos_kept_aside(data: Path, count: int | None) -> list[Floats]:
    """Photos (H, W, 3) in [0, 1] that were not trained on."""
    return [
        np.asarray(photo, np.float64) / 255 for photo in read_photos([data / VALIDATION])[:count]
    ]


def make_picture(net: enhance.Enhancer, path: Path) -> None:
    """A preview of what the weights do: damaged, then restored, on a photo of scikit-image."""
    side = 256
    photo = np.asarray(sample("chelsea.png").crop((80, 20, 80 + side, 20 + side)), np.float32) / 255
    if (scale := net.restorer.scale) > 1:
        damaged = resized(photo, 1 / scale)
        shown = damaged.repeat(scale, 0).repeat(scale, 1)
    else:
        random = np.random.default_rng(0)
        what = Damage(kind=Kind.FILM, noise=20, jpeg=60)
        shown = damaged = damage(photo, what, random).given
    restored = model_of(net)(damaged, {})
    both = np.concatenate([shown, restored], 1)
    Image.fromarray(np.rint(both.clip(0, 1) * 255).astype(np.uint8)).save(
        path.with_suffix(".webp"), quality=90
    )


def add_arguments(parser: ArgumentParser) -> None:
    """What only this export takes."""
    parser.add_argument("--photos", type=int, help="measure on the first so many only")
    parser.add_argument("--estimator", type=Path, help="run that it is taken from instead")
    parser.add_argument("--drawn", type=Path, help="weights that drawn noise is left to")
    parser.add_argument("--lively", type=Path, help="run of the restorer that `detail` leads to")


@torch.no_grad()
def export(args: Namespace) -> None:
    """Writes the weights of a run of `training/enhance.py` and their picture."""
    config = run_config(args)
    scale = config["scale"]
    weights = Export(args, enhance.SPEC, run_card(config))
    more = {"drawn": args.drawn is not None, "lively": args.lively is not None}
    hyper = {**config["hyperparameters"], "scale": scale, **more}
    if args.estimator is not None:
        other = read_json(args.estimator / "config.json")["hyperparameters"]
        hyper |= {name: other[name] for name in _OF_ESTIMATOR if name in other}
    net = net_of(args.folder, hyper, args.estimator, args.drawn, args.lively)
    photos = photos_kept_aside(config["data"], args.photos)
    model = model_of(net)
    if scale == 1:
        measured = [measure_restoring(model, photos), measure_real(model, photos)]
    else:
        measured = [measure_enlarging(model, photos, scale)]
    figures: list[Figure] = []
    for each in measured:
        *_, found = each
        figures += found
    for figure in figures:
        print(f"{figure.task:16} {figure.method:10} {figure.psnr:.2f} dB  {figure.seconds:.2f} s")
    kept = {f"{f.task}, {f.method}": round(f.psnr, 2) for f in figures}
    if args.lively is not None:
        *_, details = measure_detail(model, photos, scale, load_vgg19())
        for of in details:
            print(f"detail {of.detail:g}  {of.psnr:.2f} dB  features {of.features:.3f}")
            kept[f"detail {of.detail:g}, PSNR"] = round(of.psnr, 2)
            kept[f"detail {of.detail:g}, features"] = round(of.features, 3)
    if args.measure_only:
        return
    beside: dict[str, History] = {}
    for name, run in (("estimator", args.estimator), ("lively", args.lively)):
        if run is not None:
            beside[name] = history_of(run)
    if args.drawn is not None:
        beside["drawn"] = History.of_weights(read_weights(args.drawn))
    weights.write(
        net, hyper, kept, {"beside": {name: history.to_json() for name, history in beside.items()}},
    )  # fmt: skip
    make_picture(net, weights.path)
