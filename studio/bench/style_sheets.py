"""Sheets of styles for the eye: every style on every photo, and pairs for a judge."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor
from torch.nn import functional as F

from studio.bench.painter import RIVAL, has_rival, make_painter, make_rival, to_image
from studio.bench.photos import at_512, pictures_in
from studio.core.catalogue import Weights
from studio.core.controls import Choice, Painting, Settings
from studio.core.errors import StudioError
from studio.core.progress import Progress

_CELL = 256  # px of a picture on a sheet


@dataclass(frozen=True)
class Manner:
    """One way that weights can paint: its name and title, its settings, its painting if at hand."""

    name: str
    title: str
    settings: Settings
    painting: Path | None


def manners_of(weights: Weights, paintings: Path | None) -> list[Manner]:
    """The styles that weights know; where they take any painting, those of a folder.

    Raises:
        StudioError: they have neither; or there is no folder.
    """
    found = [] if paintings is None else pictures_in(paintings)
    files = {path.stem.replace("_", "-"): path for path in found}
    for control in weights.controls:
        if isinstance(control, Painting):
            if paintings is None:
                raise StudioError(f"{weights.id} takes any painting", "name some: --paintings DIR")
            return [
                Manner(name, path.stem, {control.name: str(path)}, path)
                for name, path in files.items()
            ]
        if isinstance(control, Choice) and control.blends:
            return [
                Manner(each.id, each.title, {control.name: each.id}, files.get(each.id))
                for each in control.options
            ]
    raise StudioError(f"{weights.id} has no styles", "give weights of the style model")


def make_sheet(
    weights: Weights, photos: list[Path], paintings: Path | None, device: str, progress: Progress
) -> Image.Image:
    """A contact sheet: a row a style, a column a photo; the photos themselves are on top.

    Of any paintings each one stands before its row.
    """
    manners = manners_of(weights, paintings)
    painter = make_painter(weights, device, progress)
    originals = [at_512(path) for path in photos]
    rows: list[tuple[str, list[Tensor]]] = [("", originals)]
    for index, manner in enumerate(manners):
        progress.report(index / len(manners), manner.title)
        row = [painter(photo, manner.settings) for photo in originals]
        rows.append((manner.title, row))
    if paintings is not None:
        blank = torch.ones(1, 3, _CELL, _CELL)
        hung = [blank, *(blank if m.painting is None else at_512(m.painting) for m in manners)]
        rows = [(title, [own, *row]) for own, (title, row) in zip(hung, rows, strict=True)]
    return _drawn(rows)


def make_pairs(
    weights: Weights, photos: list[Path], paintings: Path | None, device: str, progress: Progress
) -> tuple[Image.Image, str]:
    """For a judge: a row a painting, with the painting, a photo, and both programs' in any order.

    Returns:
        The sheet, and in words which column of each row is whose.

    Raises:
        StudioError: no painting is at hand, or the other program is not installed.
    """
    hung = [(m, at_512(m.painting)) for m in manners_of(weights, paintings) if m.painting]
    if not hung:
        raise StudioError("there is no painting of a style", "name some: --paintings DIR")
    if not has_rival():
        raise StudioError(f"{RIVAL} is not installed", "pip install 'studio[bench]'")
    own = make_painter(weights, device, progress)
    rival = make_rival({manner.name: painting for manner, painting in hung})
    random = np.random.default_rng()
    rows: list[tuple[str, list[Tensor]]] = []
    key: list[str] = []
    for number, (manner, painting) in enumerate(hung):
        progress.report(number / len(hung), manner.title)
        photo = at_512(photos[number % len(photos)])
        made = [(weights.id, own(photo, manner.settings)), (RIVAL, rival(photo, manner.name))]
        random.shuffle(made)  # type: ignore[arg-type]  # any list
        rows.append((f"{number + 1}", [painting, photo, *(picture for _, picture in made)]))
        key.append(f"{number + 1} {manner.name}: left {made[0][0]}, right {made[1][0]}\n")
    return _drawn(rows), "".join(key)


def _drawn(rows: list[tuple[str, list[Tensor]]]) -> Image.Image:
    """Rows of pictures, each below its title."""
    caption = 24
    size = (_CELL * len(rows[0][1]), (_CELL + caption) * len(rows))
    sheet = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(sheet)
    font = ImageFont.load_default(14)
    for y, (title, pictures) in enumerate(rows):
        draw.text((8, y * (_CELL + caption) + 4), _plain(title), fill="black", font=font)
        for x, picture in enumerate(pictures):
            sheet.paste(_cell(picture), (x * _CELL, y * (_CELL + caption) + caption))
    return sheet


def _plain(title: str) -> str:
    """A title without its accents, which Pillow's own font does not have."""
    return unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode()


def _cell(picture: Tensor) -> Image.Image:
    """The middle square of a picture."""
    side = min(picture.shape[2:])
    top, left = (picture.shape[2] - side) // 2, (picture.shape[3] - side) // 2
    square = picture[:, :, top : top + side, left : left + side]
    small = F.interpolate(square, (_CELL, _CELL), mode="bicubic", antialias=True)
    return to_image(small.clamp(0, 1))
