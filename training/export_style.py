"""Writes `weights/style/gallery.safetensors` and its pictures from a run of `training/style.py`.

    python -m training.export_style --data ../shared/data --folder runs/1-style

Measures the figures on the photos kept aside, and paints the thumbnails on a photo of scikit-image.
"""

import argparse
from dataclasses import asdict
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor, nn

from studio.core.progress import Progress
from studio.models import style
from studio.models._features import load_vgg19
from studio.models._weights import save_weights
from studio.nets.style_net import StyleNet
from studio.quality.style import StyleQuality, mean_quality, measure_quality
from training._export import averaged_state, sample, training_record
from training._paintings import GALLERY
from training._photos import fit_short_side, to_tensor
from training._script import script
from training.style import GRAIN, held_out

_SAMPLES = ("astronaut.png", "coffee.png", "chelsea.png", "rocket.jpg", "motorcycle_left.png")
_LICENCE = (
    "grade C: trained on research photos (photos/objects, photos/landscapes, photos/sharp, BSDS500)"
    " and on paintings in the public domain; check before commercial use"
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

    return measure_quality(
        load_vgg19(), photos_kept_aside(data)[:count], paintings, paint, Progress()
    )


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
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--output", type=Path, default=Path("weights/style/gallery.safetensors"))
    parser.add_argument("--photos", type=int, help="measure on the first so many only")
    parser.add_argument("--measure-only", action="store_true")
    args = parser.parse_args()

    torch.set_grad_enabled(False)
    net = averaged_net(args.folder)
    quality = measure(net, args.data, args.photos)
    quality["mean"] = mean_quality(list(quality.values()))
    for name, found in quality.items():
        print(f"{name:34}", *(f"{key} {value:.3f}" for key, value in asdict(found).items()))
    if args.measure_only:
        return
    hyper = {
        "styles": [{"id": work.id, "title": work.title} for work in GALLERY],
        "stem": 32, "width": 80, "blocks": 5, "tail": 16, "grain": GRAIN,
    }  # fmt: skip
    gallery = style.SPEC.build(hyper)
    gallery.load_state_dict({f"net.{name}": value for name, value in net.state_dict().items()})
    weights = save_weights(
        args.output,
        gallery,
        style.SPEC,
        title="Painting gallery",
        licence=_LICENCE,
        hyperparameters=hyper,
        training=training_record(
            args.folder,
            {"photos": "C", "bsds500": "C", "paintings": "A"},
            "accelerate launch training/style.py",
        ),
        metrics=_rounded(quality.pop("mean"))
        | {"styles": {name: _rounded(found) for name, found in quality.items()}},
    )
    make_pictures(net, args.output)
    print(weights.path, weights.size, "bytes")


if __name__ == "__main__":
    main()
