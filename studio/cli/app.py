"""The commands, and what they share: one line for an error, never a traceback."""

import sys
from typing import Annotated

import typer

from studio.cli.apply import apply, demo, replay
from studio.cli.batch import BatchCommand, batch
from studio.cli.bench import bench_app
from studio.cli.generate import generate
from studio.cli.models import models
from studio.cli.video import video
from studio.core.errors import StudioError

app = typer.Typer(
    name="studio",
    help="Makes pictures with neural networks. Without a command, opens the window.",
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,
)
app.command()(demo)
app.command()(models)
app.command()(apply)
app.command(cls=BatchCommand)(batch)
app.command()(generate)
app.command()(replay)
app.command()(video)
app.add_typer(bench_app, name="bench")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(version("studio"))
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Makes pictures with neural networks. Without a command, opens the window."""
    del version


def run(arguments: list[str]) -> int:
    """Runs one command; returns its exit status: 0 done, 1 some items failed, 2 cannot be met."""
    command = typer.main.get_command(app)
    try:
        status = command.main(arguments, prog_name="studio", standalone_mode=False)
    except StudioError as error:
        return _fail(str(error))
    except typer.TyperException as error:
        said = error.format_message().rstrip(".")
        return _fail(f"{said[:1].lower()}{said[1:]}; `studio --help` lists what there is")
    except (typer.Abort, KeyboardInterrupt):
        return _fail("interrupted", 130)
    except BrokenPipeError:
        return _fail("nobody reads the output any more")
    return status if isinstance(status, int) else 0


def _fail(text: str, status: int = 2) -> int:
    print("studio: error: " + " ".join(text.split()), file=sys.stderr)
    return status
