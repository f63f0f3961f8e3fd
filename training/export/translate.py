"""Translate: what is measured of both directions, and a picture half before, half after.

Measures on the photos kept aside: how far translated ones are from all that the other set trained
with, beside the same photos untouched; in how many a classifier sees a zebra; and what comes back.
Two sheets each way show the photos kept aside (PNG, not to be published) and what may be shown
(WebP).
"""

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor
from torch.nn import functional as F
from torchvision.utils import save_image

from studio.models import translate
from studio.nets.cyclegan import Generator
from studio.quality.translate import (
    Translate,
    Translated,
    measure_translate,
    reduced,
    translate_all,
)
from training.data.domains import find_subject, way_back
from training.data.meadow import draw_animal
from training.data.photos import to_tensor
from training.lib.average import averaged_state
from training.lib.export import Export, run_card, run_config, sample
from training.losses.unpaired import Generators

_FREE = ("chelsea.png", "rocket.jpg", "coffee.png", "motorcycle_left.png")  # scikit-image's
_SIDE = 256  # px of what may be published
_CELL = 192  # px of a picture on the sheet


def as_the_tool(net: Generator, hyper: Mapping[str, Any]) -> Translate:
    """A direction as the tool takes it at its defaults, at any size."""
    settings = {control.name: control.default for control in translate.controls(hyper)}

    def translated(photo: Tensor) -> tuple[Tensor, Tensor]:
        size = photo.shape[2:]
        wanted = translate.working_size((size[0], size[1]), settings)
        height, width = (max(32, side // 4 * 4) for side in wanted)
        small = F.interpolate(photo, (height, width), mode="bicubic", antialias=True).clamp(0, 1)
        found = F.interpolate(net(small), size, mode="bicubic").clamp(0, 1)
        return translate.finish(photo, found, None, settings), found[:, 3:4]

    return translated


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
        kind: see `Way`.
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


def add_arguments(parser: ArgumentParser) -> None:
    """What only this export takes."""
    parser.add_argument("--title-back", help="of the other direction")
    parser.add_argument("--sheets", type=Path, help="folder for two sheets of 16, unpicked")


@torch.no_grad()
def export(args: Namespace) -> None:
    """Writes the weights of a run of `training/translate.py`, both directions, and pictures."""
    config = run_config(args)
    a, b = (None if config[key] is None else Path(config[key]) for key in ("a", "b"))
    subject, card = find_subject(config["subject"], config["data"], a, b), run_card(config)
    name = args.name or subject.forth
    forth = Namespace(**{**vars(args), "name": name})
    back = Namespace(**{**vars(args), "name": way_back(name), "title": args.title_back})
    exports = (
        Export(forth, translate.SPEC, card),
        Export(back, translate.SPEC, replace(card, title=card.title_back)),
    )
    sizes = {key: config[key] for key in ("filters", "blocks")}
    both = Generators(**sizes)
    both.load_state_dict(averaged_state(args.folder))
    both.requires_grad_(False).eval()
    hyper = sizes if subject.masked else {**sizes, "everywhere": True}
    kinds = (subject.forth, subject.back) if a is None else ("own", "own")
    there = Way(kinds[0], both.forth, both.back, subject.aside_a, subject.files_b, hyper)
    again = Way(kinds[1], both.back, both.forth, subject.aside_b, subject.files_a, hyper)
    for weights, way in zip(exports, (there, again), strict=True):
        metrics = measured(way, weights.name, args.sheets)
        print(weights.name, json.dumps(metrics, indent=2))
        if args.measure_only:
            continue
        weights.write(way.there, hyper, metrics)
        example = way.translate(way.examples(2))[1]
        preview_of(example, weights.path.with_suffix(".webp"))


@dataclass(frozen=True)
class Way:
    """A direction.

    Attributes:
        kind: the name of what ships, or ``own``.
        there, back: its generator, and the other one.
        aside: files that were not trained on.
        others: all of the other set that were.
        hyper: of both generators.
    """

    kind: str
    there: Generator
    back: Generator
    aside: tuple[Path, ...]
    others: tuple[Path, ...]
    hyper: Mapping[str, Any]

    def translate(self, photos: list[Tensor]) -> list[Translated]:
        """Photos (3, H, W) there and back again."""
        there, back = (as_the_tool(net, self.hyper) for net in (self.there, self.back))
        return translate_all(there, back, photos)

    def examples(self, count: int) -> list[Tensor]:
        """What may be shown of it; see `examples`."""
        return examples(self.kind, self.aside, self.back, count)


def measured(way: Way, name: str, sheets: Path | None) -> dict[str, float]:
    """The figures of a direction; its sheets are written into a folder, if there is one."""
    translated = way.translate(list(read(way.aside)))
    quality = measure_translate(translated, read(way.others))
    if sheets is not None:
        sheets.mkdir(parents=True, exist_ok=True)
        sheet_of(chosen(translated, 16), sheets / f"{name}.png", 4)
        sheet_of(way.translate(way.examples(16)), sheets / f"{name}.webp", 4)
    return {key: round(value, 4) for key, value in asdict(quality).items()}
