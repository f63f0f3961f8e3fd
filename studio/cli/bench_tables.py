"""What `studio bench` prints: tables, which are Markdown too, of figures with their units."""

import json
import sys
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

from rich import box
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from studio.core.progress import Progress

Result = dict[str, Any]  # what is measured so far, as JSON has it

_STYLE = {
    "style": "style error at 512 px, share of the photo's",
    "style_256": "at 256 px",
    "style_128": "at 128 px",
    "palette": "palette, CIELAB",
    "palette_ab": "a*b*, CIELAB",
    "content": "content error, relative",
}
_FACES = {
    "kernel_distance": ("kernel distance to the real ones, VGG-19 relu5_1", ""),
    "kernel_distance_of_blurred": ("that of the real ones, blurred by 1 px", ""),
    "diversity": ("diversity, share of the real ones'", ""),
    "faces": ("64 faces", "s"),
    "johnson": ("Johnson et al. at 1920x1080 px", "s"),
}
_SKETCH = {
    "moves": ("moves of the pen", ""),
    "pictures": ("pictures that followed", ""),
    "side": ("side of a picture", "px"),
    "median_ms": ("from a move to its picture, median", "ms"),
    "p95_ms": ("95 % within", "ms"),
    "longest_block_ms": ("longest time that the window was held up", "ms"),
}


@contextmanager
def measuring(result: Result, as_json: bool) -> Generator[tuple[Result, Progress]]:
    """Prints what is measured within, also where it ends sooner; a bar on stderr meanwhile.

    Args:
        result: what it is measured of.
        as_json: print one JSON object rather than tables.

    Yields:
        The result, to which what is measured is added, and what tells of the progress.
    """
    known = len(result)
    try:
        with Bar(
            TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(),
            console=Console(file=sys.stderr), transient=True, disable=not sys.stderr.isatty(),
        ) as bar:  # fmt: skip
            task = bar.add_task("", total=1.0)

            def tell(fraction: float, _: float | None, text: str) -> None:
                bar.update(task, completed=fraction, description=text)

            yield result, Progress(tell)
    finally:
        if not as_json:
            console = Console()
            for table in _tables(result):
                console.print(table)
        elif len(result) > known:
            print(json.dumps(result))


def _tables(result: Result) -> Iterator[Table]:
    """The tables of a result, by the names under which the commands keep what they measure."""
    if "speed" in result:
        yield _speed(result["speed"])
    for painter, styles in result.get("quality", {}).items():
        yield _quality(painter, styles)
    if "figures" in result:
        yield _restoring(result["figures"])
    if "psnr_of_parts" in result:
        yield _plain("In parts", {"in parts of 128 px as whole": (result["psnr_of_parts"], "dB")})
    if "faces" in result:
        yield _named("Faces", _FACES, result["faces"])
    if "sketch" in result:
        yield _named("A recorded drawing", _SKETCH, result["sketch"])
    if "batch" in result:
        yield _batch(result["batch"])
    if "video" in result:
        yield _video(result["video"])
    if "sheet" in result:
        yield _plain("Sheet", {result["sheet"]: ("written", "")})


def _table(title: str, *columns: str) -> Table:
    return Table(*columns, title=title, title_justify="left", box=box.MARKDOWN)


def _plain(title: str, figures: dict[str, tuple[Any, str]]) -> Table:
    table = _table(title, "figure", "value")
    for name, (value, unit) in figures.items():
        if value is not None:
            said = f"{value:.4g}" if isinstance(value, float) else str(value)
            table.add_row(name, f"{said} {unit}".rstrip())
    return table


def _named(title: str, names: dict[str, tuple[str, str]], found: dict[str, Any]) -> Table:
    return _plain(title, {what: (found.get(key), unit) for key, (what, unit) in names.items()})


def _speed(rows: list[dict[str, Any]]) -> Table:
    table = _table("Speed", "net", "size, px", "time, s", "peak memory, MB")
    for row in rows:
        name = row["net"] + (", file to file" if row["whole_job"] else "")
        width, height = row["size"]
        table.add_row(name, f"{width}x{height}", f"{row['seconds']:.2f}", f"{row['peak_mb']:.0f}")
    return table


def _quality(painter: str, styles: dict[str, dict[str, float]]) -> Table:
    table = _table(f"Quality of {painter}", "style", *_STYLE.values())
    means = {name: sum(row[name] for row in styles.values()) / len(styles) for name in _STYLE}
    for style, row in {**styles, "mean": means}.items():
        table.add_row(style, *(f"{row[name]:.3f}" for name in _STYLE))
    return table


def _restoring(rows: list[dict[str, Any]]) -> Table:
    table = _table("Restoring", "task", "method", "PSNR, dB", "time a photo, s", "photos")
    for row in rows:
        figures = f"{row['psnr']:.2f}", f"{row['seconds']:.2f}", str(row["photos"])
        table.add_row(row["task"], row["method"], *figures)
    return table


def _batch(found: dict[str, Any]) -> Table:
    width, height = found["size"]
    figures = {stage: (found[stage], "s a photo") for stage in ("opening", "model", "writing")}
    figures |= {
        "batch": (found["batch"], "s a photo"),
        "throughput, share of the slowest stage's alone": (found["share"], ""),
    }
    return _plain(f"{found['count']} photos of {width}x{height} px", figures)


def _video(found: dict[str, Any]) -> Table:
    size = f" of {found['size'][0]}x{found['size'][1]} px" if found["size"] else ""
    error = "squared difference in [0, 1]"
    figures = {
        f"warping error, {of}": (found[of], error) for of in ("untouched", "undamped", "damped")
    }
    figures |= {
        "with damping, share of without": (found["ratio"], ""),
        "from file to file, damped": (found["frames_a_second"], "frames/s"),
    }
    return _plain(f"{found['frames']} frames{size}", figures)
