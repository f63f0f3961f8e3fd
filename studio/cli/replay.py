"""``studio replay``: what made a picture, done again."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from shlex import quote

import click

from studio.cli import options
from studio.cli.apply import run_all
from studio.cli.chains import by_step
from studio.cli.generate import run_generate
from studio.core.catalogue import Catalogue
from studio.core.controls import Control, Mask, Settings, parse_settings
from studio.core.errors import StudioError
from studio.core.picture_files import read_request
from studio.core.requests import Apply, Generate, Step, from_json
from studio.core.values.mask_pictures import digest
from studio.core.values.masks import HASH, is_content


@click.command
@click.argument("result", type=click.Path(path_type=Path), help="A picture that the studio made.")
@click.argument(
    "source", metavar="[IN]", required=False,
    help="The picture to do it to, or -; none to generate.",
)  # fmt: skip
@options.output
@click.option(
    "--set", "settings", metavar="[N:]NAME=VALUE", multiple=True,
    help="A control of its model, or of its N-th step.",
)  # fmt: skip
@options.device
@options.memory
@options.overwrite
@options.json
def replay(
    result: Path,
    source: str | None,
    output: str,
    settings: Sequence[str],
    device: str,
    overwrite: bool,
    as_json: bool,
) -> int:
    """Do again what made RESULT: its models, settings, masks and seed are recorded in it."""
    text = read_request(result)
    if text is None:
        raise StudioError(f"{result} does not say how it was made", "give a picture of the studio")
    recorded = from_json(text, f"the record in {result}")
    if isinstance(recorded, Generate):
        if source is not None:
            raise StudioError(f"{result} was generated, of no picture", f"leave {source} out")
        given = parse_settings(Catalogue().find(recorded.weights).controls, settings)
        again = replace(
            recorded, output=output, device=device, settings={**recorded.settings, **given},
            save=replace(recorded.save, overwrite=overwrite),
        )  # fmt: skip
        return run_generate(again, as_json=as_json)
    if not isinstance(recorded, Apply):
        raise StudioError(f"{result} does not say how it was made", "give a picture of the studio")
    if source is None:
        made_of = recorded.source or "a picture"
        raise StudioError(
            f"{result} was made of {made_of}, and no picture is given to do the same to",
            f"give one behind it: studio replay {quote(str(result))} IN -o {quote(output)}",
        )
    request = replace(
        recorded.through(_changed(recorded.steps, settings)),
        device=device,
        save=replace(recorded.save, overwrite=overwrite),
    )
    keeps = any(Catalogue().find(step.weights).gradual for step in request.steps)
    return run_all(request, [source], output, None, as_json, keeps=keeps)


def _changed(steps: Sequence[Step], said: Sequence[str]) -> list[Step]:
    """The steps of a record with what ``--set`` says of them.

    Raises:
        StudioError: there is no such step or setting, or a mask is not to be had.
    """
    catalogue, found = Catalogue(), list[Step]()
    of_steps = by_step(said, len(steps))
    for number, (step, of_step) in enumerate(zip(steps, of_steps, strict=True), 1):
        controls = catalogue.find(step.weights).controls
        given = parse_settings(controls, of_step)
        _check_masks(controls, step.settings, given, f"{number}:" if number > 1 else "")
        found.append(replace(step, settings={**step.settings, **given}))
    return found


def _check_masks(
    controls: Sequence[Control], recorded: Settings, given: Settings, of_step: str
) -> None:
    """Raises StudioError for a mask that is only named: what has that name here may be another."""
    for name in (control.name for control in controls if isinstance(control, Mask)):
        was, now = str(recorded.get(name, "")), given.get(name)
        if not was or is_content(was):
            continue
        if now is None:
            raise StudioError(
                "the mask with which this was made has no room in the record",
                f"give its file: --set {of_step}{name}=FILE",
            )
        known = was.startswith(HASH)
        if known and now and HASH + digest(str(now)) != was:
            raise StudioError(
                f"{now} is not the mask with which this was made",
                f"give that one, or none: --set {of_step}{name}=",
            )
