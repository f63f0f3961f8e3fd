"""A run's sample grids as a film, and as a sheet: from noise to faces."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from studio.core.video.film import encode_film

_FPS = 8.0
_HOLD = 2.0  # seconds that the last grid stays
_PADDING = 4  # px between a grid's pictures, as `Run.grid` draws them
_SMALLEST = 64  # px; smaller pictures are enlarged
_MOMENTS = 32  # of a preview
_SHOWN = 4  # rows and columns of pictures in a preview
_ROWS = 7  # moments on the sheet
_COLUMNS = 8  # pictures of each


def make_film(run: Path) -> tuple[Path, Path]:
    """Writes ``film.mp4`` and ``sheet.png`` into a run's folder; returns both paths."""
    film, sheet = run / "film.mp4", run / "sheet.png"
    film.write_bytes(encode_film(_frames(_grids(run), _sizes(run)[1]), _FPS, ".mp4"))
    contact_sheet(run).save(sheet)
    return film, sheet


def contact_sheet(run: Path) -> Image.Image:
    """The same pictures at several moments of a run, one a row, ever further apart."""
    (side, zoom), grids = _sizes(run), _moments(run, _ROWS)
    step = side + _PADDING
    size = (_COLUMNS * step + _PADDING, len(grids) * step + _PADDING)
    sheet = Image.new("RGB", size, "white")
    for row, path in enumerate(grids):
        with Image.open(path) as grid:
            sheet.paste(grid.crop((0, _PADDING, size[0], _PADDING + side)), (0, row * step + 4))
    return sheet.resize((size[0] * zoom, size[1] * zoom), Image.Resampling.NEAREST)


def preview(run: Path) -> bytes:
    """A WebP film of few pictures at few moments; it begins with the last, as its thumbnail."""
    (side, zoom), grids = _sizes(run), _moments(run, _MOMENTS)
    extent = (_SHOWN * (side + _PADDING) + _PADDING) * zoom
    frames = _frames([grids[-1], *grids], zoom)
    return encode_film((frame[:extent, :extent] for frame in frames), _FPS, ".webp", 80)


def _grids(run: Path) -> list[Path]:
    grids = sorted((run / "samples").glob("*.jpg"))
    if not grids:
        raise FileNotFoundError(f"{run} has no samples yet")
    return grids


def _moments(run: Path, count: int) -> list[Path]:
    """So many of the grids; the first ones change fastest, and are closer to each other."""
    grids = _grids(run)
    places = (len(grids) - 1) * np.linspace(0, 1, count) ** 2
    return [grids[place] for place in np.unique(np.rint(places).astype(int))]


def _sizes(run: Path) -> tuple[int, int]:
    """Side of a picture in a grid in px, and how many times as large it is shown."""
    side = int(json.loads((run / "config.json").read_text(encoding="utf-8"))["side"])
    return side, -(-_SMALLEST // side)


def _frames(grids: list[Path], zoom: int) -> Iterator[NDArray[np.uint8]]:
    for path in [*grids, *[grids[-1]] * round(_HOLD * _FPS)]:
        with Image.open(path) as grid:
            size = (grid.width * zoom, grid.height * zoom)
            yield np.asarray(grid.convert("RGB").resize(size, Image.Resampling.NEAREST))
