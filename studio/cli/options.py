"""Options that several commands have, in one wording."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from studio.core.errors import StudioError
from studio.core.memory import can_be_bounded, take_at_most
from studio.core.requests import SaveOptions

_C = TypeVar("_C", bound=Callable[..., Any] | click.Command)


def _bound(_ctx: click.Context, _option: click.Parameter, gigabytes: float | None) -> None:
    if gigabytes is None:
        return
    if not can_be_bounded():
        raise StudioError("memory cannot be bounded here", "leave --memory out")
    take_at_most(int(gigabytes * (1 << 30)))


def _all(*each: Callable[[Any], Any]) -> Callable[[_C], _C]:
    """Several options as one decorator, in the order in which help lists them."""

    def add(command: _C) -> _C:
        for option in reversed(each):
            command = option(command)
        return command

    return add


output = click.option(
    "-o", "--output", required=True, help="A file, a folder for several inputs, or - (stdout)."
)
settings = click.option(
    "--set", "settings", metavar="[STEP:]NAME=VALUE", multiple=True,
    help="A control; of the step of that number or word, 2: or clean:, where there are several."
    " `studio models` lists them.",
)  # fmt: skip
then = click.option(
    "--then", metavar="WEIGHTS[,NAME=VALUE...]", multiple=True,
    help="A further model for the result; each --set behind it is for this one.",
)  # fmt: skip
without = click.option(
    "--without", metavar="STEP", multiple=True, help="Steps of old-photo: repair, clean, tone."
)
seed = click.option("--seed", default=0, help="For models that draw at random.")
device = click.option("--device", default="auto", help="auto, cpu, cuda, cuda:1, mps or xpu.")
tile = click.option("--tile", default="auto", help="auto, off, or the height of a strip in px.")
quality = click.option(
    "--quality", type=click.IntRange(1, 100), help="Of JPEG, WebP, AVIF and HEIC; usually 92."
)
lossless = click.option(
    "--lossless", is_flag=True, help="WebP, HEIC: keep every pixel; AVIF: nearly."
)
strip = click.option(
    "--strip-metadata", is_flag=True, help="Leave out all but the colours, and how it was made."
)
pages = click.option(
    "--pages", type=click.Choice(["first", "all"]), default="first",
    help="Of a TIFF's pages, or of a GIF's, WebP's, APNG's or AVIF's frames.",
)  # fmt: skip
overwrite = click.option("--overwrite", is_flag=True, help="Replace files of that name.")
json = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object as the last line."
)
memory = click.option(
    "--memory", type=click.FloatRange(min=0.5), metavar="GB", callback=_bound, expose_value=False,
    help="What it takes at most (Linux).",
)  # fmt: skip


def saved(quality: int | None, *, lossless: bool, overwrite: bool, strip: bool) -> SaveOptions:
    """How results are written; of a lossless WebP lossless where no quality is asked for."""
    return SaveOptions(
        SaveOptions.quality if quality is None else quality,
        lossless or (None if quality is None else False),
        overwrite,
        metadata=not strip,
    )


steps = _all(settings, then, without)
running = _all(seed, device, memory, tile)
saving = _all(quality, lossless, strip, pages)
