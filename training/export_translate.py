"""Writes both directions of a run of `training/translate.py` into `weights/translate`.

    python -m training.export_translate --data ../shared/data --folder runs/9-zebras

Measures on the photos kept aside: how far translated ones are from all that the other set trained
with, beside the same photos untouched; in how many a classifier sees a zebra; and what comes back.
Two sheets each way show the photos kept aside (PNG, not to be published) and what may be shown
(WebP).
"""

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor
from torchvision.utils import save_image

from studio.models import translate
from studio.models._translate_quality import (
    Translated,
    measure_translate,
    reduced,
    translate_all,
)
from studio.models._weights import save_weights
from studio.nets.cyclegan import Generator
from training._domains import SUBJECTS
from training._export import averaged_state, sample, training_record
from training._meadow import draw_animal
from training._photos import to_tensor
from training._script import script
from training.translate import Generators

_TITLES = {
    "horse2zebra": "Horses to zebras",
    "zebra2horse": "Zebras to horses",
    "photo2monet": "Photos to Monet",
    "monet2photo": "Monet to photos",
}
_LICENCES = {
    "horse2zebra": "grade C: trained on research photos (ImageNet); check before commercial use",
    "photo2monet": "grade C: trained on Monet's paintings (public domain) and on research photos"
    " (monet2photo); check before commercial use",
}
_GRADES = {
    "horse2zebra": {"horse2zebra": "C"},
    "photo2monet": {"monet": "A", "photos/landscapes": "C"},
}
_FREE = ("chelsea.png", "rocket.jpg", "coffee.png", "motorcycle_left.png")  # scikit-image's
_SIDE = 256  # px of what may be published
_CELL = 192  # px of a picture on the sheet


def sheet_of(translated: list[Translated], path: Path, columns: int) -> None:
    """Saves photos beside what became of them."""
    cells: list[Tensor] = []
    for each in translated:
        cells += [reduced(each.photo, _CELL), reduced(each.result, _CELL)]
    save_image(cells, path, nrow=2 * columns, padding=4, pad_value=1.0)


def preview_of(example: Translated, path: Path) -> None:
    """Saves one square: the photo on the left, what became of it on the right."""
    halves = torch.where(torch.arange(_SIDE) < _SIDE // 2, example.photo, example.result)
    halves[:, :, _SIDE // 2 - 1 : _SIDE // 2 + 1] = 1
    save_image(halves, path)


def chosen(translated: list[Translated], count: int) -> list[Translated]:
    """Some of them, by a seed and not by hand."""
    random = np.random.default_rng(0)
    places = random.choice(len(translated), min(count, len(translated)), replace=False)
    return [translated[place] for place in places]


def examples(direction: str, back: Generator, count: int) -> list[Tensor]:
    """Pictures (3, S, S) that may be published, unlike the photos kept aside.

    Args:
        direction: that they are for.
        back: the other direction, which paints the paintings.
        count: at most; of animals the first seeds, of photos and paintings a few.
    """
    if direction in {"horse2zebra", "zebra2horse"}:
        striped = direction == "zebra2horse"
        randoms = map(np.random.default_rng, range(count))
        return [to_tensor(draw_animal(_SIDE, each, striped=striped)) for each in randoms]
    photos = [to_tensor(ImageOps.fit(sample(name), (_SIDE, _SIDE))) for name in _FREE[:count]]
    if direction == "photo2monet":
        return photos
    return [back.translate(photo[None]).result[0] for photo in photos]


def read(files: tuple[Path, ...]) -> Iterator[Tensor]:
    """Photos (3, H, W) in [0, 1]."""
    for path in files:
        with Image.open(path) as file:
            yield to_tensor(file.convert("RGB"))


@script
@torch.no_grad()
def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--weights", type=Path, default=Path("weights"), help="where to write")
    parser.add_argument("--sheets", type=Path, help="folder for two sheets of 16, unpicked")
    parser.add_argument("--measure-only", action="store_true")
    args = parser.parse_args()

    config = json.loads((args.folder / "config.json").read_text(encoding="utf-8"))
    name = config["subject"]
    subject = SUBJECTS[name](args.data)
    hyper = {key: config[key] for key in ("filters", "blocks")}
    both = Generators(**hyper)
    both.load_state_dict(averaged_state(args.folder))
    both.requires_grad_(False).eval()

    def export(
        direction: str,
        there: Generator,
        back: Generator,
        photos: tuple[Path, ...],
        others: tuple[Path, ...],
    ) -> None:
        translated = translate_all(there, back, list(read(photos)))
        quality = measure_translate(translated, read(others))
        metrics = {key: round(value, 4) for key, value in asdict(quality).items()}
        print(direction, json.dumps(metrics, indent=2))
        if args.sheets is not None:
            args.sheets.mkdir(parents=True, exist_ok=True)
            sheet_of(chosen(translated, 16), args.sheets / f"{direction}.png", 4)
            shown = translate_all(there, back, examples(direction, back, 16))
            sheet_of(shown, args.sheets / f"{direction}.webp", 4)
        if args.measure_only:
            return
        path = args.weights / "translate" / f"{direction}.safetensors"
        command = f"accelerate launch training/translate.py --subject {name}"
        weights = save_weights(
            path,
            there,
            translate.SPEC,
            title=_TITLES[direction],
            licence=_LICENCES[name],
            hyperparameters=hyper,
            training=training_record(args.folder, _GRADES[name], command),
            metrics=metrics,
        )
        example = translate_all(there, back, examples(direction, back, 2))[1]
        preview_of(example, path.with_suffix(".webp"))
        print(weights.path, weights.size, "bytes")

    export(subject.forth, both.forth, both.back, subject.aside_a, subject.files_b)
    export(subject.back, both.back, both.forth, subject.aside_b, subject.files_a)


if __name__ == "__main__":
    main()
