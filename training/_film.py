"""A run's sample grids as a film, and as a sheet: from noise to faces."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.core.film import encode_film

_FPS = 8.0
_HOLD = 2.0  # seconds that the last grid stays
_PADDING = 4  # px between a grid's pictures, as `Run.grid` draws them
_SMALLEST = 64  # px; smaller pictures are enlarged
_ROWS = 7  # moments on the sheet
_COLUMNS = 8  # pictures of each


def make_film(run: Path) -> tuple[Path, Path]:
    """Writes ``film.mp4`` and ``sheet.png`` into a run's folder; returns both paths."""
    grids = sorted((run / "samples").glob("*.jpg"))
    if not grids:
        raise FileNotFoundError(f"{run} has no samples yet")
    side = int(json.loads((run / "config.json").read_text(encoding="utf-8"))["side"])
    zoom = -(-_SMALLEST // side)
    film, sheet = run / "film.mp4", run / "sheet.png"
    film.write_bytes(encode_film(_frames(grids, zoom), _FPS, ".mp4"))
    contact_sheet(run).save(sheet)
    return film, sheet


def contact_sheet(run: Path) -> Image.Image:
    """The same pictures at several moments of a run, one a row, ever further apart."""
    grids = sorted((run / "samples").glob("*.jpg"))
    side = int(json.loads((run / "config.json").read_text(encoding="utf-8"))["side"])
    zoom, step = -(-_SMALLEST // side), side + _PADDING
    # The first grids change fastest.
    places = np.unique(np.rint((len(grids) - 1) * np.linspace(0, 1, _ROWS) ** 2).astype(int))
    size = (_COLUMNS * step + _PADDING, len(places) * step + _PADDING)
    sheet = Image.new("RGB", size, "white")
    for row, place in enumerate(places):
        with Image.open(grids[place]) as grid:
            sheet.paste(grid.crop((0, _PADDING, size[0], _PADDING + side)), (0, row * step + 4))
    return sheet.resize((size[0] * zoom, size[1] * zoom), Image.Resampling.NEAREST)


def _frames(grids: list[Path], zoom: int) -> Iterator[NDArray[np.uint8]]:
    for path in [*grids, *[grids[-1]] * round(_HOLD * _FPS)]:
        with Image.open(path) as grid:
            size = (grid.width * zoom, grid.height * zoom)
            yield np.asarray(grid.convert("RGB").resize(size, Image.Resampling.NEAREST))
