"""Writes the weights of a run of `training/style.py` and their pictures.

    python -m training.export_style --folder runs/1-style --name gallery

Measures the figures on the photos kept aside, and paints the thumbnails on a photo of scikit-image.
"""

from dataclasses import asdict
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor, nn

from studio.core.progress import Progress
from studio.models import style
from studio.models._features import load_vgg19
from studio.nets.style_net import StyleNet
from studio.quality.style import StyleQuality, mean_quality, measure_quality
from training._export import Card, Export, averaged_state, make_parser, run_config, sample
from training._paintings import GALLERY
from training._photos import fit_short_side, to_tensor
from training._script import script
from training.style import GRAIN, held_out

_SAMPLES = ("astronaut.png", "coffee.png", "chelsea.png", "rocket.jpg", "motorcycle_left.png")
_CARD = Card(
    "Painting gallery",
    "grade C: trained on research photos (photos/objects, photos/landscapes, photos/sharp, BSDS500)"
    " and on paintings in the public domain; check before commercial use",
    {"photos": "C", "bsds500": "C", "paintings": "A"},
    "accelerate launch training/style.py",
)


def averaged_net(run: Path) -> StyleNet:
    """The moving average of a run's last checkpoint."""
    net = StyleNet(len(GALLERY), grain=GRAIN)
    net.load_state_dict(averaged_state(run))
    return net.requires_grad_(False).eval()


def photos_kept_aside(data: Path) -> list[Tensor]:
    """The 20 photos kept aside, at a short side of 512 px."""
    photos = [Image.open(path).convert("RGB") for path in held_out(data)]
    photos += [sample(name) for name in _SAMPLES]
    return [to_tensor(fit_short_side(photo, 512, 4))[None] for photo in photos]


def measure(net: nn.Module, data: Path, count: int | None) -> dict[str, StyleQuality]:
    """The figures over the first `count` test photos."""
    paintings = {work.id: work.pixels(data) for work in GALLERY}
    rows = dict(zip(paintings, torch.eye(len(GALLERY)), strict=True))

    def paint(photo: Tensor, name: str) -> Tensor:
        return net(photo, rows[name][None])

    photos = photos_kept_aside(data)[:count]
    return measure_quality(load_vgg19(), photos, paintings, paint, Progress())


@torch.no_grad()
def make_pictures(net: nn.Module, path: Path) -> None:
    """A thumbnail a style, and a preview of all of them."""
    folder = path.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    photo = to_tensor(fit_short_side(sample("chelsea.png").crop((60, 0, 360, 300)), 256, 4))[None]
    thumbnails: list[Image.Image] = []
    for row, work in zip(torch.eye(len(GALLERY)), GALLERY, strict=True):
        pixels = (net(photo, row[None])[0].permute(1, 2, 0) * 255).round().byte().numpy()
        thumbnail = Image.fromarray(pixels).resize((192, 192), Image.Resampling.LANCZOS)
        thumbnail.save(folder / f"{work.id}.webp", quality=88)
        thumbnails.append(thumbnail)
    columns = 6
    rows = -(-len(thumbnails) // columns)
    sheet = Image.new("RGB", (columns * 192, rows * 192))
    for index, thumbnail in enumerate(thumbnails):
        sheet.paste(thumbnail, (index % columns * 192, index // columns * 192))
    sheet.save(path.with_suffix(".webp"), quality=88)


def _rounded(quality: StyleQuality) -> dict[str, float]:
    return {name: round(value, 4) for name, value in asdict(quality).items()}


@script
def main() -> None:
    """Reads the command line."""
    parser = make_parser(__doc__)
    parser.add_argument("--photos", type=int, help="measure on the first so many only")
    args = parser.parse_args()

    config = run_config(args)
    export = Export(args, style.SPEC, _CARD)
    torch.set_grad_enabled(False)
    net = averaged_net(args.folder)
    quality = measure(net, config["data"], args.photos)
    mean = mean_quality(list(quality.values()))
    for name, found in {**quality, "mean": mean}.items():
        print(f"{name:34}", *(f"{key} {value:.3f}" for key, value in asdict(found).items()))
    if args.measure_only:
        return
    hyper = {
        "styles": [{"id": work.id, "title": work.title} for work in GALLERY],
        "stem": 32, "width": 80, "blocks": 5, "tail": 16, "grain": GRAIN,
    }  # fmt: skip
    gallery = style.SPEC.build(hyper)
    gallery.load_state_dict({f"net.{name}": value for name, value in net.state_dict().items()})
    each = {"styles": {name: _rounded(found) for name, found in quality.items()}}
    export.write(gallery, hyper, _rounded(mean) | each)
    make_pictures(net, export.path)


if __name__ == "__main__":
    main()
