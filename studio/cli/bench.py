"""``studio bench``: the figures of the README, measured again here."""

import json
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.cli.terminal import Bar, print_table
from studio.core.catalogue import Catalogue, Weights
from studio.core.progress import Progress

if TYPE_CHECKING:
    from studio.bench.report import Report

bench_app = typer.Typer(
    help="Measure speed, memory and quality on this machine.",
    add_completion=False,
    rich_markup_mode=None,
)

Id = Annotated[str, typer.Option("--weights", help="An id or a path.")]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps or xpu.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
Photos = Annotated[Path | None, typer.Option(help="Folder of photos; else five of scikit-image's.")]


@bench_app.command(name="all")
def everything(device: Device = "auto", as_json: Json = False) -> None:
    """All speeds that need no pictures of yours, in one run, beside one Johnson network."""
    from studio.bench.everything import measure

    _print_found({}, lambda told: measure(device, told), as_json=as_json)


@bench_app.callback()
def tools() -> None:
    """Measure speed, memory and quality on this machine."""


@bench_app.command()
def style(
    weights: Id = "style/gallery",
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
    from studio.bench.style import measure

    _tell(
        weights,
        lambda found, told: measure(found, photos, paintings, sheet, device, told, speed=speed),
        as_json=as_json,
    )


@bench_app.command()
def translate(
    weights: Id = "translate/horse2zebra", device: Device = "auto", as_json: Json = False
) -> None:
    """Seconds and peak memory of the translate tool, beside the Johnson network; parts' PSNR."""
    from studio.bench.translate import measure

    _tell(weights, lambda found, told: measure(found, device, told), as_json=as_json)


@bench_app.command()
def enhance(
    weights: Id = "enhance/photo",
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
    from studio.bench.enhance import measure

    _tell(
        weights,
        lambda found, told: measure(found, photos, count, device, told, rivals=rivals, real=real),
        as_json=as_json,
    )


@bench_app.command()
def repair(
    weights: Id = "enhance/repair",
    photos: Photos = None,
    count: Annotated[int | None, typer.Option(help="Measure on the first so many only.")] = None,
    device: Device = "auto",
    as_json: Json = False,
) -> None:
    """How well damage is repaired, beside OpenCV and scikit-image, and how well it is found."""
    from studio.bench.repair import measure

    _tell(weights, lambda found, told: measure(found, photos, count, device, told), as_json=as_json)


@bench_app.command()
def batch(
    weights: Id = "style/gallery",
    count: Annotated[int, typer.Option(min=1, help="How many photos are drawn.")] = 24,
    size: Annotated[tuple[int, int], typer.Option(help="Their width and height in px.")] = (
        1200,
        800,
    ),
    device: Device = "auto",
    as_json: Json = False,
) -> None:
    """Throughput of a batch, beside opening, model and writing alone."""
    from studio.bench.batch import measure

    _tell(weights, lambda found, told: measure(found, count, size, device, told), as_json=as_json)


@bench_app.command()
def video(
    weights: Id = "style/gallery",
    clip: Annotated[Path | None, typer.Option(help="A video; else one that is drawn.")] = None,
    damping: Annotated[float, typer.Option(min=0.0, max=1.0, help="Of flicker.")] = 0.6,
    device: Device = "auto",
    as_json: Json = False,
) -> None:
    """Warping error of a video with and without damping, and frames a second."""
    from studio.bench.video import measure

    _tell(weights, lambda found, told: measure(found, clip, device, damping, told), as_json=as_json)


@bench_app.command()
def faces(
    weights: Id = "faces/portraits",
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
    """Seconds of the faces tool; with --data its distances, diversity and copies."""
    from studio.bench.faces import measure

    _tell(
        weights,
        lambda found, told: measure(
            found, data, count, truncation, sheet, device, told, speed=speed
        ),
        as_json=as_json,
    )


@bench_app.command()
def sketch(
    weights: Annotated[str, typer.Option(help="An id.")] = "sketch/cats", as_json: Json = False
) -> None:
    """How long a new picture takes after a move of the pen, in the window itself, offscreen."""
    from studio.bench.sketch import measure

    _tell(weights, measure, as_json=as_json)


@bench_app.command()
def window(
    runs: Annotated[int, typer.Option(min=1, help="How often; the medians count.")] = 7,
    as_json: Json = False,
) -> None:
    """How soon the window is painted, beside an empty one, and a photo of 12 megapixels is seen."""
    from studio.bench.window import measure

    _print_found({}, lambda told: measure(runs, told), as_json=as_json)


def _tell(
    weights: str, measure: Callable[[Weights, Progress], Iterator["Report"]], *, as_json: bool
) -> None:
    """Measures weights, and prints what was found."""
    found = Catalogue().find(weights)
    named = {"weights": found.id, "sha256": found.sha256}
    _print_found(named, lambda progress: measure(found, progress), as_json=as_json)


def _print_found(
    named: dict[str, str], measure: Callable[[Progress], Iterator["Report"]], *, as_json: bool
) -> None:
    """Measures, and prints the last report, also where Ctrl-C or trouble makes it the last."""
    report: Report | None = None
    try:
        with _progress() as progress:
            for found in measure(progress):
                report = found
    finally:
        if report is not None and as_json:
            print(json.dumps({**named, **report.figures}))
        elif report is not None:
            for each in report.tables:
                print_table(each.title, each.columns, each.rows)
            for note in report.notes:
                print(note)


@contextmanager
def _progress() -> Generator[Progress]:
    """A bar on stderr, where somebody looks at it."""
    with Bar() as bar:
        yield Progress(lambda fraction, left, text: bar.show(fraction, text, left))
