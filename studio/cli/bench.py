"""``studio bench``: the figures of weights/README.md, measured again here."""

import sys
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from studio.cli.bench_tables import Result, measuring
from studio.core.catalogue import Catalogue, Weights, check_generates
from studio.core.errors import StudioError
from studio.core.picture_files import check_savable
from studio.core.progress import Part, Progress

Found = Annotated[str, typer.Option("--weights", help="An id or a path.")]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps or xpu.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Photos = Annotated[Path | None, typer.Option(help="Folder of photos; else five of scikit-image's.")]

bench_app = typer.Typer(
    help="Measure speed, memory and quality on this machine. Ctrl-C ends it and prints what it has."
)


@bench_app.command(name="all")
def everything(device: Device = "auto", as_json: Json = False) -> None:
    """All that needs no pictures of yours, in one run: what weights/README.md says of speed."""
    from studio.bench.style import sample_photos

    catalogue = Catalogue()
    nets = [catalogue.find(each) for each in ("style/gallery", "translate/horse2zebra")]
    restorer, portraits, cats = (
        catalogue.find(each) for each in ("enhance/photo", "faces/portraits", "sketch/cats")
    )
    with measuring({}, as_json) as (result, progress):
        _speed([*nets, restorer], device, result, Part(progress, 0.0, 0.5))
        _tiling(nets[1], device, result, Part(progress, 0.5, 0.55))
        _restoring(
            restorer, sample_photos()[:1], device, result, Part(progress, 0.55, 0.7),
            rivals=find_spec("bm3d") is not None,
        )  # fmt: skip
        _faces_speed(portraits, 1.0, device, result, Part(progress, 0.7, 0.75))
        _batch(nets[0].id, 24, (1200, 800), device, result, Part(progress, 0.75, 0.85))
        _video(nets[0], None, 0.6, device, result, Part(progress, 0.85, 1.0))
        _sketch(cats, result)  # last, for it needs a window's libraries


@bench_app.command()
def style(
    weights: Found = "style/gallery",
    device: Device = "auto",
    speed: Annotated[bool, typer.Option(help="Measure seconds and peak memory.")] = True,
    photos: Photos = None,
    paintings: Annotated[
        Path | None,
        typer.Option(help="Folder of paintings, named like styles: measures quality by them."),
    ] = None,
    sheet: Annotated[
        Path | None, typer.Option(help="Write a contact sheet, styles x photos, to this file.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Seconds, peak memory and quality of the style tool, beside the Johnson network."""
    from studio.bench.style import make_sheet, measure_style, photos_in, sample_photos

    found = Catalogue().find(weights)
    for folder in (photos, paintings):
        if folder is not None and not folder.is_dir():
            raise StudioError(f"{folder} is no folder", "give a folder")
    files = sample_photos() if photos is None else photos_in(photos)
    if sheet is not None:
        check_savable(sheet, overwrite=False)
    with measuring(_named(found), as_json) as (result, progress):
        if sheet is not None:
            make_sheet(found, files, device, progress).save(sheet)
            result["sheet"] = str(sheet)
        if speed:
            _speed([found], device, result, progress)
        if paintings is not None:
            for quality in measure_style(found, files, paintings, device, progress):
                result["quality"] = {
                    painter: {name: asdict(figures) for name, figures in styles.items()}
                    for painter, styles in quality.items()
                }
    if paintings is None:
        _note("quality is measured by paintings: give their folder, --paintings DIR")


@bench_app.command()
def translate(
    weights: Found = "translate/horse2zebra", device: Device = "auto", as_json: Json = False
) -> None:
    """Seconds and peak memory of the translate tool, beside the Johnson network; parts' PSNR."""
    found = Catalogue().find(weights)
    with measuring(_named(found), as_json) as (result, progress):
        _speed([found], device, result, Part(progress, 0, 0.9))
        _tiling(found, device, result, Part(progress, 0.9, 1.0))


@bench_app.command()
def enhance(
    weights: Found = "enhance/photo",
    photos: Photos = None,
    count: Annotated[int | None, typer.Option(help="Measure on the first so many only.")] = None,
    rivals: Annotated[
        bool, typer.Option(help="Measure CBM3D and non-local means too; half a minute a photo.")
    ] = True,
    real: Annotated[
        bool, typer.Option("--real", help="Measure the noise of cameras and film instead.")
    ] = False,
    device: Device = "auto",
    as_json: Json = False,
) -> None:
    """PSNR and seconds of the enhance tool, beside CBM3D, non-local means or bicubic."""
    from studio.bench.style import photos_in, sample_photos

    found = Catalogue().find(weights)
    files = (sample_photos() if photos is None else photos_in(photos))[:count]
    with measuring(_named(found), as_json) as (result, progress):
        _restoring(found, files, device, result, progress, rivals=rivals, real=real)


@bench_app.command()
def batch(
    weights: Found = "style/gallery",
    count: Annotated[int, typer.Option(min=1, help="How many photos are drawn.")] = 24,
    size: Annotated[tuple[int, int], typer.Option(help="Their width and height in px.")] = (
        1200,
        800,
    ),
    device: Device = "auto",
    as_json: Json = False,
) -> None:
    """Throughput of a batch, beside opening, model and writing alone."""
    with measuring(_named(Catalogue().find(weights)), as_json) as (result, progress):
        _batch(weights, count, size, device, result, progress)


@bench_app.command()
def video(
    weights: Found = "style/gallery",
    clip: Annotated[Path | None, typer.Option(help="A video; else one that is drawn.")] = None,
    damping: Annotated[float, typer.Option(min=0.0, max=1.0, help="Of flicker.")] = 0.6,
    device: Device = "auto",
    as_json: Json = False,
) -> None:
    """Warping error of a video with and without damping, and frames a second."""
    found = Catalogue().find(weights)
    with measuring(_named(found), as_json) as (result, progress):
        _video(found, clip, damping, device, result, progress)


@bench_app.command()
def faces(
    weights: Found = "faces/portraits",
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
    device: Device = "auto",
    as_json: Json = False,
) -> None:
    """Seconds of the faces tool; with --data its kernel distance, diversity and copies."""
    from studio.bench.faces import Maker, measure_quality

    found = Catalogue().find(weights)
    check_generates(found)
    if data is None and sheet is not None:
        raise StudioError("a sheet compares with real faces", "give --data")
    if sheet is not None:
        check_savable(sheet, overwrite=False)
    with measuring(_named(found), as_json) as (result, progress):
        if data is not None:
            make = Maker(found, device, truncation)
            quality = measure_quality(found, data, make, count, sheet, progress)
            result["faces"] = asdict(quality)
        if speed:
            _faces_speed(found, truncation, device, result, progress)
    if data is None:
        _note("quality is measured by real faces: give the folder of all data, --data DIR")


@bench_app.command()
def sketch(
    weights: Annotated[str, typer.Option(help="An id.")] = "sketch/cats", as_json: Json = False
) -> None:
    """How long a new picture takes after a move of the pen, in the window itself, offscreen."""
    found = Catalogue().find(weights)
    with measuring(_named(found), as_json) as (result, _):
        _sketch(found, result)


def _named(weights: Weights) -> Result:
    return {"weights": weights.id, "sha256": weights.sha256}


def _note(message: str) -> None:
    print(f"studio: note: {message}", file=sys.stderr)


def _speed(nets: list[Weights], device: str, result: Result, progress: Progress) -> None:
    from studio.bench.speed import measure_speed

    for speed in measure_speed(nets, device, progress):
        row = {**asdict(speed.case), "seconds": speed.seconds, "peak_mb": speed.peak_mb}
        result.setdefault("speed", []).append(row)


def _tiling(found: Weights, device: str, result: Result, progress: Progress) -> None:
    from studio.bench.tiling import measure_tiling

    result["psnr_of_parts"] = measure_tiling(found, device, progress)


def _restoring(
    found: Weights,
    files: list[Path],
    device: str,
    result: Result,
    progress: Progress,
    *,
    rivals: bool = True,
    real: bool = False,
) -> None:
    from studio.bench.enhance import measure_enhance

    for figures in measure_enhance(found, files, device, progress, rivals=rivals, real=real):
        result["figures"] = [asdict(figure) for figure in figures]


def _faces_speed(
    found: Weights, truncation: float, device: str, result: Result, progress: Progress
) -> None:
    from studio.bench.faces import Maker, measure_speed

    quality = result.get("faces", {})
    for speed in measure_speed(Maker(found, device, truncation), device, progress):
        result["faces"] = {**quality, **asdict(speed)}


def _sketch(found: Weights, result: Result) -> None:
    from studio.bench.sketch import measure_sketch

    result["sketch"] = measure_sketch(found)


def _batch(
    weights: str, count: int, size: tuple[int, int], device: str, result: Result, progress: Progress
) -> None:
    from studio.bench.batch import measure_batch

    for measured in measure_batch(weights, count, size, device, progress):
        result["batch"] = {**asdict(measured), "share": measured.share}


def _video(
    found: Weights,
    clip: Path | None,
    damping: float,
    device: str,
    result: Result,
    progress: Progress,
) -> None:
    from studio.bench.video import measure_video

    for measured in measure_video(found, clip, device, damping, progress):
        result["video"] = {**asdict(measured), "ratio": measured.ratio}
