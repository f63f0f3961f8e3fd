"""Sheets of results for the README, of photos that scikit-image ships, none of them chosen.

    python scripts/sheets.py            real-noise.webp, repaired.webp and detail.webp in docs

Noise and damage are drawn with a fixed seed, as `studio bench enhance --real` and
`studio bench repair` draw them; what is to be cleaned or filled in the models find by themselves.
"""

import subprocess
import sys
import tempfile
from itertools import cycle
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.core.samples import sample_photos
from studio.quality.missing import KINDS, draw_missing
from studio.quality.restoration import REAL, resized, taken

DOCS = Path(__file__).resolve().parents[1] / "docs"
CELL, GAP = 272, 4  # px
SHORT = 400  # px, of the photos
COLUMNS = 4

Floats = NDArray[np.floating]


def read_photos() -> list[Floats]:
    """The samples (H, W, 3) in [0, 1], at one short side."""
    found: list[Floats] = []
    for path in sample_photos():
        with Image.open(path) as file:
            photo = file.convert("RGB")
        factor = SHORT / min(photo.size)
        size = round(photo.width * factor), round(photo.height * factor)
        found.append(np.asarray(photo.resize(size, Image.Resampling.LANCZOS), float) / 255)
    return found


def applied(weights: str, given: Floats, folder: Path, *settings: str) -> Image.Image:
    """What the command line makes of a picture, with other settings as they stand at first."""
    source, output = folder / "given.png", folder / "made.png"
    _image(given).save(source)
    command = [sys.executable, "-m", "studio", "apply", weights, source, "-o", output]
    command += [word for setting in settings for word in ("--set", setting)]
    subprocess.run([*command, "--overwrite"], check=True, stdout=subprocess.DEVNULL)
    with Image.open(output) as made:
        return made.convert("RGB")


def _image(pixels: Floats) -> Image.Image:
    return Image.fromarray(np.rint(pixels.clip(0, 1) * 255).astype(np.uint8))


def _middle(picture: Image.Image) -> Image.Image:
    """A cell of it at 100 %."""
    left, top = ((side - CELL) // 2 for side in picture.size)
    return picture.crop((left, top, left + CELL, top + CELL))


def _save(cells: list[Image.Image], name: str) -> None:
    """Saves cells row by row."""
    rows = -(-len(cells) // COLUMNS)
    step = CELL + GAP
    sheet = Image.new("RGB", (COLUMNS * step - GAP, rows * step - GAP), "white")
    for number, cell in enumerate(cells):
        sheet.paste(cell, (number % COLUMNS * step, number // COLUMNS * step))
    sheet.save(DOCS / name, quality=82, method=6)
    print(DOCS / name)


def real_noise(photos: list[Floats], folder: Path) -> None:
    """A row a photo: a camera's noise and what is made of it, film's and what is made of that."""
    cells: list[Image.Image] = []
    for number, photo in enumerate(photos):
        for place, kind in enumerate(REAL):
            given, _ = taken(photo, kind, np.random.default_rng((number, place)))
            cells += [_middle(_image(given)), _middle(applied("enhance/photo", given, folder))]
    _save(cells, "real-noise.webp")


def repaired(photos: list[Floats], folder: Path) -> None:
    """A row a kind of damage: two photos with it, and each as it was repaired."""
    cells: list[Image.Image] = []
    each = cycle(enumerate(photos))
    for place, kind in enumerate(KINDS):
        for _ in range(2):
            number, photo = next(each)
            given = draw_missing(photo, kind, np.random.default_rng((number, place))).given
            cells += [_middle(_image(given)), _middle(applied("enhance/repair", given, folder))]
    _save(cells, "repaired.webp")


def detail(photos: list[Floats], folder: Path) -> None:
    """A row a photo: a quarter of the size, enlarged true, in between, and lively."""
    cells: list[Image.Image] = []
    for photo in photos:
        small = resized(photo, 1 / 4)
        cells.append(_middle(_image(small.repeat(4, 0).repeat(4, 1))))
        for share in (0, 0.5, 1):
            made = applied("enhance/upscale4x", small, folder, f"detail={share}")
            cells.append(_middle(made))
    _save(cells, "detail.webp")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        samples = read_photos()
        real_noise(samples, Path(scratch))
        repaired(samples, Path(scratch))
        detail(samples, Path(scratch))
