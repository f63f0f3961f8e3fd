"""Writes the weights of a run of `training/translate.py`, both directions, and their pictures.

    python -m training.export_translate --folder runs/9-zebras

Measures on the photos kept aside: how far translated ones are from all that the other set trained
with, beside the same photos untouched; in how many a classifier sees a zebra; and what comes back.
Two sheets each way show the photos kept aside (PNG, not to be published) and what may be shown
(WebP).
"""

import json
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor
from torchvision.utils import save_image

from studio.models import translate
from studio.nets.cyclegan import Generator
from studio.quality.translate import (
    Translated,
    measure_translate,
    reduced,
    translate_all,
)
from training._domains import find_subject, way_back
from training._export import Card, Export, averaged_state, make_parser, run_config, sample
from training._meadow import draw_animal
from training._photos import to_tensor
from training._script import script
from training.translate import Generators

_ANIMALS = Card(
    "Horses to zebras",
    "grade C: trained on research photos (ImageNet); check before commercial use",
    {"horse2zebra": "C"},
    "accelerate launch training/translate.py --subject horse2zebra",
)
_PAINTINGS = Card(
    "Photos to Monet",
    "grade C: trained on Monet's paintings (public domain) and on research photos"
    " (monet2photo); check before commercial use",
    {"monet": "A", "photos/landscapes": "C"},
    "accelerate launch training/translate.py --subject photo2monet",
)
_CARDS = {
    "horse2zebra": _ANIMALS,
    "zebra2horse": replace(_ANIMALS, title="Zebras to horses"),
    "photo2monet": _PAINTINGS,
    "monet2photo": replace(_PAINTINGS, title="Monet to photos"),
    "own": Card(command="accelerate launch training/translate.py --a DIR --b DIR --name NAME"),
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


def examples(kind: str, aside: tuple[Path, ...], back: Generator, count: int) -> list[Tensor]:
    """Pictures (3, S, S) that may be published, unlike the photos kept aside, if they are not own.

    Args:
        kind: of `_CARDS`.
        aside: photos kept aside.
        back: the other direction, which paints the paintings.
        count: at most; of animals the first seeds, of photos and paintings a few.
    """
    if kind in {"horse2zebra", "zebra2horse"}:
        striped = kind == "zebra2horse"
        randoms = map(np.random.default_rng, range(count))
        return [to_tensor(draw_animal(_SIDE, each, striped=striped)) for each in randoms]
    if kind == "own":
        return [reduced(photo, _SIDE) for photo in read(aside[:count])]
    photos = [to_tensor(ImageOps.fit(sample(name), (_SIDE, _SIDE))) for name in _FREE[:count]]
    if kind == "photo2monet":
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
    parser = make_parser(__doc__)
    parser.add_argument("--title-back", help="of the other direction")
    parser.add_argument("--sheets", type=Path, help="folder for two sheets of 16, unpicked")
    args = parser.parse_args()

    config = run_config(args)
    a, b = (None if config[key] is None else Path(config[key]) for key in ("a", "b"))
    subject = find_subject(config["subject"], config["data"], a, b)
    forth = args.name or subject.forth
    said = (forth, args.title), (way_back(forth), args.title_back)
    kinds = ("own", "own") if a is not None else (subject.forth, subject.back)
    exports = [
        Export(
            Namespace(**{**vars(args), "name": name, "title": title}), translate.SPEC, _CARDS[kind]
        )
        for (name, title), kind in zip(said, kinds, strict=True)
    ]
    hyper = {key: config[key] for key in ("filters", "blocks")}
    both = Generators(**hyper)
    both.load_state_dict(averaged_state(args.folder))
    both.requires_grad_(False).eval()

    def write(
        export: Export,
        kind: str,
        there: Generator,
        back: Generator,
        photos: tuple[Path, ...],
        others: tuple[Path, ...],
    ) -> None:
        direction = export.name
        translated = translate_all(there, back, list(read(photos)))
        quality = measure_translate(translated, read(others))
        metrics = {key: round(value, 4) for key, value in asdict(quality).items()}
        print(direction, json.dumps(metrics, indent=2))
        if args.sheets is not None:
            args.sheets.mkdir(parents=True, exist_ok=True)
            sheet_of(chosen(translated, 16), args.sheets / f"{direction}.png", 4)
            shown = translate_all(there, back, examples(kind, photos, back, 16))
            sheet_of(shown, args.sheets / f"{direction}.webp", 4)
        if args.measure_only:
            return
        export.write(there, hyper, metrics)
        example = translate_all(there, back, examples(kind, photos, back, 2))[1]
        preview_of(example, export.path.with_suffix(".webp"))

    write(exports[0], kinds[0], both.forth, both.back, subject.aside_a, subject.files_b)
    write(exports[1], kinds[1], both.back, both.forth, subject.aside_b, subject.files_a)


if __name__ == "__main__":
    main()
