"""``studio generate``: pictures of nothing but a seed, as a grid, a film or their latents."""

from collections.abc import Sequence
from pathlib import Path

import click

from studio.cli import options
from studio.cli.apply import as_json_line
from studio.cli.jobs import Jobs
from studio.core.catalogue import Catalogue, Weights, check_generates
from studio.core.controls import Value, complete, parse_settings
from studio.core.errors import StudioError
from studio.core.events import Finished
from studio.core.files.disk import refuse_unwritable
from studio.core.files.identity import refuse_originals
from studio.core.latents import LatentsFile, read_latents
from studio.core.requests import Generate

_FILM_ZOOM = 4  # a film is for looking at
_FILM_FRAMES = 120


@click.command
@click.argument("weights", help="An id such as faces/portraits, faces, or a path.")
@click.option(
    "-o", "--output", required=True,
    help="A picture (the grid), .mp4, .gif or .webp (the film), .json (latents), or"
    " FOLDER/ (each picture a file, and a table of latents).",
)  # fmt: skip
@click.option("--count", type=click.IntRange(min=1), default=64, help="How many.")
@click.option(
    "--seed", type=click.IntRange(min=0), default=0,
    help="Of the first; each further one has the next.",
)  # fmt: skip
@click.option(
    "--columns", type=click.IntRange(min=0), default=0, help="Of the grid; 0: as many as rows."
)
@click.option(
    "--padding", type=click.IntRange(min=0), default=2,
    help="White px between the grid's pictures.",
)  # fmt: skip
@click.option("--upscale", metavar="WEIGHTS", help="Enlarges each, such as enhance/upscale2x.")
@click.option("--times", type=click.IntRange(1, 4), default=1, help="How often --upscale does so.")
@click.option("--zoom", type=click.IntRange(1, 32), help="Enlarges; 1, or 4 for a film.")
@click.option("--truncation", type=float, help="As --set truncation=X: below 1 more alike.")
@options.settings
@click.option("--interpolate", metavar="SEEDS", help="A film from seed to seed, such as 3,11,42.")
@click.option(
    "--latents", type=click.Path(path_type=Path), metavar="FILE",
    help="A .json or a folder's .csv of latents, for seeds.",
)  # fmt: skip
@click.option(
    "--frames", type=click.IntRange(min=0), default=0,
    help="Of a film; with --latents it leads through these.",
)  # fmt: skip
@click.option("--fps", type=click.FloatRange(0.1, 240), default=25.0, help="Frames a second.")
@click.option("--loop", is_flag=True, help="The film leads back to its start.")
@click.option(
    "--format", "file_format", default="png", help="Of the files in a folder: png, jpg, webp ..."
)
@click.option("--resume", is_flag=True, help="Go on with what was begun in the folder.")
@options.device
@options.memory
@options.quality
@options.strip
@options.overwrite
@options.json
def generate(
    weights: str,
    output: str,
    count: int,
    seed: int,
    columns: int,
    padding: int,
    upscale: str | None,
    times: int,
    zoom: int | None,
    truncation: float | None,
    settings: Sequence[str],
    interpolate: str | None,
    latents: Path | None,
    frames: int,
    fps: float,
    loop: bool,
    file_format: str,
    resume: bool,
    device: str,
    quality: int | None,
    strip_metadata: bool,
    overwrite: bool,
    as_json: bool,
) -> int:
    """Make pictures of seeds: `studio generate faces -o grid.png --count 64 --seed 7`."""
    found = find_generating(weights)
    kept = LatentsFile(found.id, ()) if latents is None else read_latents(latents)
    if kept.weights not in {"", found.id}:
        raise StudioError(
            f"the latents of {latents} are of {kept.weights}, not of {found.id}",
            f"studio generate {kept.weights} --latents {latents}",
        )
    seeds = _seeds(interpolate) if interpolate else ()
    if seeds and kept.latents:
        raise StudioError("seeds and latents cannot both be given", "give one of them")
    if seeds and not frames:
        frames = _FILM_FRAMES
    request = Generate(
        weights=str(found.path),
        output=output,
        sha256=found.sha256,
        count=count,
        seed=seed,
        seeds=seeds,
        latents=kept.latents,
        source="" if latents is None else str(latents),
        columns=columns,
        padding=padding,
        upscaler=upscale or "",
        upscales=times,
        zoom=zoom or (_FILM_ZOOM if frames else 1),
        frames=frames,
        fps=fps,
        loop=loop,
        single=_is_folder(output),
        file_format=file_format,
        resume=resume,
        settings=_settings(found, kept, settings, truncation),
        device=device,
        save=options.saved(quality, lossless=False, overwrite=overwrite, strip=strip_metadata),
    )
    if request.resume and not request.single:
        raise StudioError(f"{output} is no folder: nothing can be gone on with", "give -o FOLDER/")
    return run_generate(request, as_json=as_json)


def run_generate(request: Generate, *, as_json: bool) -> int:
    """Does a request, and prints where its result is."""
    output = Path(request.output)
    if not request.single:  # before the engine, which takes seconds
        refuse_originals([output], [Path(request.source)] if request.source else [])
        refuse_unwritable(output, overwrite=request.save.overwrite)
    finished = _made(request)
    print(as_json_line(finished) if as_json else finished.output, flush=True)
    return 0


def _is_folder(output: str) -> bool:
    return output.endswith(("/", "\\")) or Path(output).is_dir()


def _made(request: Generate) -> Finished:
    try:
        with Jobs() as jobs:
            return jobs.run(request, Path(request.output).name)
    except KeyboardInterrupt:
        if not request.single:
            raise
        said = "interrupted; the same command with --resume goes on with it"
        raise KeyboardInterrupt(said) from None


def find_generating(wanted: str) -> Weights:
    """The weights of an id, a path, or of a model's id alone: then that model's largest.

    Raises:
        StudioError: there are none, or they do not generate.
    """
    catalogue = Catalogue()
    of_model = [weights for weights in catalogue if weights.model == wanted]
    found = max(of_model, key=lambda w: w.size) if of_model else catalogue.find(wanted)
    check_generates(found)
    return found


def _settings(
    weights: Weights, kept: LatentsFile, given: Sequence[str], truncation: float | None
) -> dict[str, Value]:
    """Those given, over those that were kept with the latents."""
    settings = {**kept.settings, **parse_settings(weights.controls, given)}
    if truncation is not None:
        settings["truncation"] = truncation
    return complete(weights.controls, settings)


def _seeds(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise StudioError(f"{text!r} are no seeds", "write numbers such as 3,11,42") from None
