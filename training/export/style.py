"""Style: what is measured, and a thumbnail of each painting.

Measures the figures on the photos kept aside, and paints the thumbnails on a photo of scikit-image.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast

import torch
from PIL import Image
from torch import Tensor, nn

from studio.core.catalogue import read_weights
from studio.core.errors import StudioError
from studio.core.progress import Progress
from studio.core.samples import NAMES
from studio.models import style
from studio.models._painters import Gallery
from studio.models._weights import load_net
from studio.nets.style_net import StyleNets
from studio.quality.features import load_vgg19
from studio.quality.style import StyleQuality, mean_quality, measure_quality
from training.data.paintings import Work, works_of
from training.data.photos import fit_short_side, to_tensor
from training.lib.average import averaged_state
from training.lib.export import Export, run_card, run_config, sample
from training.style import DILATIONS, GRAIN, held_out


def averaged_nets(run: Path, styles: int) -> StyleNets:
    """The nets of a run's last checkpoint, each the moving average of its steps."""
    nets = StyleNets(styles, grain=GRAIN, dilations=DILATIONS)
    nets.load_state_dict(averaged_state(run))
    return nets.requires_grad_(False).eval()


def _mean_with(net: StyleNets, path: Path) -> dict[str, str]:
    """Moves nets half the way back to those that they began as; what the weights tell of it.

    Izmailov et al., "Averaging Weights Leads to Wider Optima and Better Generalization" (2018).

    Raises:
        StudioError: they are of other paintings, or of one network.
    """
    begun = read_weights(path)
    own, other = net.state_dict(), cast("Gallery", load_net(begun, style.SPEC)).net.state_dict()
    if own.keys() != other.keys():
        raise StudioError(f"{path} has other networks than the run")
    net.load_state_dict({name: (one + other[name]) / 2 for name, one in own.items()})
    return {"mean_with": begun.sha256}


def photos_kept_aside(data: Path, own: Path | None) -> list[Tensor]:
    """The photos kept aside and some of scikit-image, at a short side of 512 px."""
    photos = [Image.open(path).convert("RGB") for path in held_out(data, own)]
    photos += [sample(name) for name in NAMES]
    return [to_tensor(fit_short_side(photo, 512, 4))[None] for photo in photos]


def measure(
    paint: Callable[[Tensor, str], Tensor],
    paintings: dict[str, Tensor],
    photos: list[Tensor],
) -> dict[str, StyleQuality]:
    """The figures over photos, as `measure_quality` gives them; prints them, and their mean."""
    *_, found = measure_quality(load_vgg19(), photos, paintings, paint, Progress())
    for name, each in {**found, "mean": mean_quality(list(found.values()))}.items():
        print(f"{name:34}", *(f"{key} {value:.3f}" for key, value in asdict(each).items()))
    return found


def metrics_of(quality: dict[str, StyleQuality]) -> dict[str, Any]:
    """As weights tell them: the mean, and those of each painting."""
    mean = mean_quality(list(quality.values()))
    each = {"styles": {name: _rounded(found) for name, found in quality.items()}}
    return _rounded(mean) | each


@torch.no_grad()
def make_pictures(net: nn.Module, works: tuple[Work, ...], path: Path) -> None:
    """A thumbnail a style, and a preview of all of them."""
    folder = path.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    photo = to_tensor(fit_short_side(sample("chelsea.png").crop((60, 0, 360, 300)), 256, 4))[None]
    thumbnails: list[Image.Image] = []
    for row, work in zip(torch.eye(len(works)), works, strict=True):
        pixels = (net(photo, row[None])[0].permute(1, 2, 0) * 255).round().byte().numpy()
        thumbnail = Image.fromarray(pixels).resize((192, 192), Image.Resampling.LANCZOS)
        thumbnail.save(folder / f"{work.id}.webp", quality=88)
        thumbnails.append(thumbnail)
    columns = min(6, len(works))
    rows = -(-len(thumbnails) // columns)
    sheet = Image.new("RGB", (columns * 192, rows * 192))
    for index, thumbnail in enumerate(thumbnails):
        sheet.paste(thumbnail, (index % columns * 192, index // columns * 192))
    sheet.save(path.with_suffix(".webp"), quality=88)


def _rounded(quality: StyleQuality) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(quality).items()}


def add_photos(parser: ArgumentParser) -> None:
    """How much is measured."""
    parser.add_argument("--photos", type=int, help="measure on the first so many only")


def add_arguments(parser: ArgumentParser) -> None:
    """What only this export takes."""
    add_photos(parser)
    parser.add_argument(
        "--mean-with", type=Path, metavar="WEIGHTS",
        help="write the mean of the run's networks and these, which it began from",
    )  # fmt: skip


@torch.no_grad()
def export(args: Namespace) -> None:
    """Writes the weights of a run of `training/style.py` and their pictures."""
    config = run_config(args)
    paintings, photos = (
        None if config[name] is None else Path(config[name]) for name in ("paintings", "photos")
    )
    works = works_of(paintings)
    weights = Export(args, style.SPEC, run_card(config))
    net = averaged_nets(args.folder, len(works))
    more = {} if args.mean_with is None else _mean_with(net, args.mean_with)
    aside = photos_kept_aside(config["data"], photos)[: args.photos]
    paintings_seen = {work.id: work.pixels(config["data"]) for work in works}
    rows = dict(zip(paintings_seen, torch.eye(len(works)), strict=True))
    quality = measure(lambda photo, name: net(photo, rows[name][None]), paintings_seen, aside)
    if args.measure_only:
        return
    hyper = {
        "styles": [{"id": work.id, "title": work.title} for work in works],
        "stem": 32, "width": 80, "blocks": 5, "tail": 16, "grain": GRAIN,
        "dilations": list(DILATIONS), "apart": True,
    }  # fmt: skip
    gallery = style.SPEC.build(hyper)
    gallery.load_state_dict({f"net.{name}": value for name, value in net.state_dict().items()})
    weights.write(gallery, hyper, metrics_of(quality), more)
    make_pictures(net, works, weights.path)
