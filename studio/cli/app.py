"""The commands, and what they share: one line for an error, never a traceback."""

import io
import logging
import os
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from studio.cli import COMMANDS, INSTALL
from studio.core.errors import NO_MEMORY, StudioError
from studio.core.files.disk import write_error
from studio.core.log import report_hint

_log = logging.getLogger(__name__)

app = typer.Typer(
    name="studio",
    help="Makes pictures with neural networks. Without a command, opens the window.",
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode=None,
)


class _Later(TyperCommand):
    """A command that is loaded once it is given: each brings libraries that others do not need."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        """What is gone on with is the command itself."""
        del extra
        return typer.main.get_command(_load(self.name or "")).make_context(info_name, args, parent)


def _load(name: str) -> typer.Typer:
    own = typer.Typer(add_completion=False, rich_markup_mode=None)
    match name:
        case "demo":
            from studio.cli.apply import demo

            own.command()(demo)
        case "models":
            from studio.cli.models import models

            own.command()(models)
        case "apply":
            from studio.cli.apply import apply
            from studio.cli.chains import StepsCommand

            own.command(cls=StepsCommand)(apply)
        case "batch":
            from studio.cli.batch import BatchCommand, batch

            own.command(cls=BatchCommand)(batch)
        case "generate":
            from studio.cli.generate import generate

            own.command()(generate)
        case "learn":
            from studio.cli.learn import learn

            own.command()(learn)
        case "replay":
            from studio.cli.replay import replay

            own.command()(replay)
        case "video":
            from studio.cli.chains import StepsCommand
            from studio.cli.video import video

            own.command(cls=StepsCommand)(video)
        case _:
            from studio.cli.bench import bench_app

            return bench_app
    return own


def _in_place() -> None:
    """Stands for a command until it is loaded."""


for _name, _summary in COMMANDS.items():
    app.command(_name, cls=_Later, help=_summary)(_in_place)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(version("studio"))
        raise typer.Exit


def _alone(wanted: bool) -> None:
    if wanted:
        raise StudioError(f"{INSTALL} comes with something else", "give it alone")


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    install: Annotated[
        bool,
        typer.Option(
            INSTALL,
            callback=_alone,
            is_eager=True,
            help="Put the window into the desktop's menu and 'Open with' (Linux).",
        ),
    ] = False,
) -> None:
    """Makes pictures with neural networks. Without a command, opens the window."""
    del version, install


def run(arguments: list[str]) -> int:
    """Runs one command; returns its exit status.

    0: done; 1: some items failed; 2: it cannot be met; 130, 143, 129: ended by Ctrl-C, SIGTERM,
    SIGHUP.
    """
    _print_every_name()
    with _stopping() as stopped:
        status = _attempt(arguments)
    # What fails besides, once it is stopped, is of no account: the terminal may be gone.
    return 128 + stopped[0] if stopped and status else status


def _attempt(arguments: list[str]) -> int:
    """Carries out a command; says in one line why it could not."""
    try:
        return _carry_out(arguments)
    except StudioError as error:
        return _fail(str(error))
    except typer.TyperException as error:
        said, about = error.format_message().rstrip("."), getattr(error, "ctx", None)
        command = "studio" if about is None else about.command_path
        return _fail(f"{said[:1].lower()}{said[1:]}; `{command} --help` lists what there is")
    except (typer.Abort, KeyboardInterrupt) as error:
        return _fail(str(error) or "interrupted", 128 + signal.SIGINT)
    except BrokenPipeError:
        _give_up_output()
        return _fail("nobody reads the output any more")
    except OSError as error:
        _give_up_output()
        return _fail(str(write_error(error, str(error.filename or "the output"))))
    except MemoryError:
        return _fail(str(StudioError(*NO_MEMORY)))
    except ImportError as error:  # with little memory the largest libraries find no room
        _log.exception("%s failed", arguments)
        hint = "close other programs if memory is short; else install the studio again"
        return _fail(f"a library cannot be loaded ({error}); {hint}")
    except Exception as error:  # noqa: BLE001 - whatever it is, a person gets one line
        _log.exception("%s failed", arguments)
        return _fail(f"the studio failed ({type(error).__name__}: {error}); {report_hint()}")


def _carry_out(arguments: list[str]) -> int:
    command = typer.main.get_command(app)
    try:
        with command.make_context("studio", list(arguments)) as context:
            status = command.invoke(context)
    except typer.Exit as ended:
        status = ended.exit_code
    sys.stdout.flush()
    return status if isinstance(status, int) else 0


@contextmanager
def _stopping() -> Generator[list[int]]:
    """Within it SIGTERM and SIGHUP stop a command as Ctrl-C does; yields those that came.

    One that is ignored, as SIGHUP is under ``nohup``, stays so.
    """
    came: list[int] = []
    names = [name for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    numbers = [signal.Signals[name] for name in names]
    ours = [number for number in numbers if signal.getsignal(number) is signal.SIG_DFL]

    def stop(number: int, _frame: object) -> None:
        came.append(number)
        if len(came) == 1:  # a further one must not disturb the clearing up
            raise KeyboardInterrupt

    for number in ours:
        signal.signal(number, stop)
    try:
        yield came
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _print_every_name() -> None:
    """Prints names of files that are no text as the bytes that they are."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        utf8 = sys.stdout.encoding.lower() == "utf-8"
        sys.stdout.reconfigure(errors="surrogateescape" if utf8 else "backslashreplace")


def _give_up_output() -> None:
    """Sees to it that what cannot be printed is not tried once more when Python ends."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError), Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())


def _fail(text: str, status: int = 2) -> int:
    with suppress(OSError):  # a terminal that was closed
        print("studio: error: " + " ".join(text.split()), file=sys.stderr)
    return status
