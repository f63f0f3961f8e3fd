"""``studio bench``: the figures of the README, measured again here."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

from studio.core.catalogue import Catalogue, check_generates
from studio.core.errors import StudioError
from studio.core.picture_files import check_savable
from studio.core.progress import Part, Progress

if TYPE_CHECKING:
    from studio.bench.speed import Speed

bench_app = typer.Typer(help="Measure speed, memory and quality on this machine.")


@bench_app.callback()
def tools() -> None:
    """Measure speed, memory and quality on this machine."""


@bench_app.command()
def style(
    weights: Annotated[str, typer.Option(help="An id or a path.")] = "style/gallery",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps or xpu.")] = "auto",
    speed: Annotated[bool, typer.Option(help="Measure seconds and peak memory.")] = True,
    photos: Annotated[
        Path | None, typer.Option(help="Folder of photos; else five of scikit-image's.")
    ] = None,
    paintings: Annotated[
        Path | None,
        typer.Option(help="Folder of paintings, named like styles: measures quality by them."),
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option(help="Write a contact sheet, styles x photos, to this file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Seconds, peak memory and quality of the style tool, beside the Johnson network."""
    from studio.bench.speed import measure_speed
    from studio.bench.style import make_sheet, measure_style, photos_in, sample_photos

    found = Catalogue().find(weights)
    for folder in (photos, paintings):
        if folder is not None and not folder.is_dir():
            raise StudioError(f"{folder} is no folder", "give a folder")
    files = sample_photos() if photos is None else photos_in(photos)
    if sheet is not None:
        check_savable(sheet, overwrite=False)
    result: dict[str, Any] = {"weights": found.id, "sha256": found.sha256}
    with _progress() as progress:
        if sheet is not None:
            make_sheet(found, files, device, progress).save(sheet)
            result["sheet"] = str(sheet)
        if speed:
            measured = measure_speed(found.id, device, {"stroke": 0.1}, progress)
            result["speed"] = [_speed_row(speed) for speed in measured]
        if paintings is not None:
            quality = measure_style(found, files, paintings, device, progress)
            result["quality"] = {
                painter: {name: asdict(figures) for name, figures in styles.items()}
                for painter, styles in quality.items()
            }
    if as_json:
        print(json.dumps(result))
    else:
        _show(result)


@bench_app.command()
def translate(
    weights: Annotated[str, typer.Option(help="An id or a path.")] = "translate/horse2zebra",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps or xpu.")] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Seconds and peak memory of the translate tool, beside the Johnson network; parts' PSNR."""
    from studio.bench.speed import measure_speed
    from studio.bench.tiling import measure_tiling

    found = Catalogue().find(weights)
    with _progress() as progress:
        speed = measure_speed(weights, device, {"size": 0.1}, Part(progress, 0, 0.9))
        psnr = measure_tiling(found, device, Part(progress, 0.9, 1.0))
    result: dict[str, Any] = {"weights": found.id, "sha256": found.sha256}
    result |= {"speed": [_speed_row(row) for row in speed], "psnr_of_parts": psnr}
    if as_json:
        print(json.dumps(result))
    else:
        _show(result)
        Console().print(f"in parts of 128 px as whole: {psnr:.1f} dB")


@bench_app.command()
def enhance(
    weights: Annotated[str, typer.Option(help="An id or a path.")] = "enhance/photo",
    photos: Annotated[
        Path | None, typer.Option(help="Folder of photos; else five of scikit-image's.")
    ] = None,
    count: Annotated[int | None, typer.Option(help="Measure on the first so many only.")] = None,
    rivals: Annotated[
        bool, typer.Option(help="Measure CBM3D and non-local means too; half a minute a photo.")
    ] = True,
    real: Annotated[
        bool, typer.Option("--real", help="Measure the noise of cameras and film instead.")
    ] = False,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps or xpu.")] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """PSNR and seconds of the enhance tool, beside CBM3D, non-local means or bicubic."""
    from studio.bench.enhance import measure_enhance
    from studio.bench.style import photos_in, sample_photos

    found = Catalogue().find(weights)
    files = (sample_photos() if photos is None else photos_in(photos))[:count]
    with _progress() as progress:
        figures = measure_enhance(found, files, device, progress, rivals=rivals, real=real)
    rows = [asdict(figure) for figure in figures]
    if as_json:
        print(json.dumps({"weights": found.id, "sha256": found.sha256, "figures": rows}))
        return
    table = Table("task", "method", "PSNR dB", "seconds a photo", title=f"{len(files)} photos")
    for row in rows:
        table.add_row(row["task"], row["method"], f"{row['psnr']:.2f}", f"{row['seconds']:.2f}")
    Console().print(table)


@bench_app.command()
def batch(
    weights: Annotated[str, typer.Option(help="An id or a path.")] = "style/gallery",
    count: Annotated[int, typer.Option(min=1, help="How many photos are drawn.")] = 24,
    size: Annotated[tuple[int, int], typer.Option(help="Their width and height in px.")] = (
        1200,
        800,
    ),
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps or xpu.")] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Throughput of a batch, beside opening, model and writing alone."""
    from studio.bench.batch import measure_batch

    found = Catalogue().find(weights)
    with _progress() as progress:
        measured = measure_batch(weights, count, size, device, progress)
    if as_json:
        print(json.dumps({"weights": found.id, **asdict(measured), "share": measured.share}))
        return
    width, height = size
    table = Table("stage", "seconds a photo", title=f"{count} photos of {width}x{height}")
    for stage in ("opening", "model", "writing", "batch"):
        table.add_row(stage, f"{getattr(measured, stage):.3f}")
    console = Console()
    console.print(table)
    console.print(f"{measured.share:.2f} of the throughput of the slowest stage alone")


@bench_app.command()
def video(
    weights: Annotated[str, typer.Option(help="An id or a path.")] = "style/gallery",
    clip: Annotated[Path | None, typer.Option(help="A video; else one that is drawn.")] = None,
    damping: Annotated[float, typer.Option(min=0.0, max=1.0, help="Of flicker.")] = 0.6,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps or xpu.")] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Warping error of a video with and without damping, and frames a second."""
    from studio.bench.video import measure_video

    found = Catalogue().find(weights)
    with _progress() as progress:
        measured = measure_video(found, clip, device, damping, progress)
    if as_json:
        print(json.dumps({"weights": found.id, **asdict(measured), "ratio": measured.ratio}))
        return
    width, height = measured.size
    title = f"{measured.frames} frames of {width}x{height}"
    table = Table("clip", "warping error x 1000", title=title)
    for row in ("untouched", "undamped", "damped"):
        table.add_row(row, f"{1000 * getattr(measured, row):.3f}")
    console = Console()
    console.print(table)
    console.print(
        f"with damping {measured.ratio:.2f} of without;"
        f" {measured.frames_a_second:.2f} frames a second"
    )


@bench_app.command()
def faces(
    weights: Annotated[str, typer.Option(help="An id or a path.")] = "faces/portraits",
    data: Annotated[
        Path | None, typer.Option(help="Folder of all data: measures quality against its faces.")
    ] = None,
    count: Annotated[int, typer.Option(min=2, help="Faces to measure.")] = 2000,
    truncation: Annotated[float, typer.Option(help="As in `studio generate`.")] = 1.0,
    sheet: Annotated[
        Path | None,
        typer.Option(help="Write 16 faces above the nearest real ones to this file."),
    ] = None,
    speed: Annotated[bool, typer.Option(help="Measure seconds.")] = True,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps or xpu.")] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Distances from real faces, diversity, copies and seconds of the faces tool."""
    from studio.bench.faces import Maker, measure_quality, measure_speed

    found = Catalogue().find(weights)
    check_generates(found)
    if data is None and sheet is not None:
        raise StudioError("a sheet compares with real faces", "give --data")
    if sheet is not None:
        check_savable(sheet, overwrite=False)
    make = Maker(found, device, truncation)
    result: dict[str, Any] = {"weights": found.id, "sha256": found.sha256}
    with _progress() as progress:
        if data is not None:
            quality = measure_quality(found, data, make, count, sheet, progress)
            figures = asdict(quality)
            result["quality"] = {name: v for name, v in figures.items() if v is not None}
        if speed:
            result["speed"] = asdict(measure_speed(make, device, progress))
    if as_json:
        print(json.dumps(result))
        return
    table = Table("figure", "value", title=found.id)
    for name, value in {**result.get("quality", {}), **result.get("speed", {})}.items():
        table.add_row(name.replace("_", " "), f"{value:.4g}")
    Console().print(table)


@bench_app.command()
def sketch(
    weights: Annotated[str, typer.Option(help="An id.")] = "sketch/cats",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """How long a new picture takes after a move of the pen, in the window itself, offscreen."""
    found = Catalogue().find(weights)
    # A process of its own: the command line has no part in the window, nor the other way round.
    # Stopped, it leaves its temporary files in a folder of ours.
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as folder:
        done = subprocess.run(
            [sys.executable, "-m", "studio.bench.live", "--json", "--weights", found.id],
            capture_output=True, text=True, check=False, env={**os.environ, "TMPDIR": folder},
        )  # fmt: skip
    if done.returncode:
        said = done.stderr.strip().rpartition("\n")[2].removeprefix("studio: error: ")
        raise StudioError(said or "the window could not be measured")
    if as_json:
        print(done.stdout.strip())
        return
    table = Table("figure", "value", title="A recorded drawing")
    for name, value in json.loads(done.stdout).items():
        table.add_row(name, str(value))
    Console().print(table)


@contextmanager
def _progress() -> Generator[Progress]:
    """A bar on stderr, where somebody looks at it."""
    console = Console(file=sys.stderr)
    with Bar(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(),
        console=console, transient=True, disable=not sys.stderr.isatty(),
    ) as bar:  # fmt: skip
        task = bar.add_task("", total=1.0)
        yield Progress(lambda f, _, text: bar.update(task, completed=f, description=text))


def _speed_row(speed: "Speed") -> dict[str, Any]:
    return {**asdict(speed.case), "seconds": speed.seconds, "peak_mb": speed.peak_mb}


def _show(result: dict[str, Any]) -> None:
    console = Console()
    if "speed" in result:
        table = Table("net", "size", "seconds", "peak MB", title="Speed")
        for row in result["speed"]:
            name = row["net"] + (", file to file" if row["whole_job"] else "")
            width, height = row["size"]
            size = f"{width}x{height}"
            table.add_row(name, size, f"{row['seconds']:.2f}", f"{row['peak_mb']:.0f}")
        console.print(table)
    for painter, rows in result.get("quality", {}).items():
        names = list(next(iter(rows.values())))
        table = Table("style", *(name.replace("_", " ") for name in names), title=painter)
        means = {name: sum(row[name] for row in rows.values()) / len(rows) for name in names}
        for style_id, row in {**rows, "mean": means}.items():
            table.add_row(style_id, *(f"{row[name]:.3f}" for name in names))
        console.print(table)
    if "sheet" in result:
        console.print(f"sheet: {result['sheet']}")
