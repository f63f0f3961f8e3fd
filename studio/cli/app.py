"""The commands, and what they share: one line for an error, never a traceback."""

import atexit
import gc
import io
import logging
import os
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

import click

from studio.cli import COMMANDS, INSTALL
from studio.core.errors import NO_MEMORY, StudioError
from studio.core.files.disk import write_error
from studio.core.log import report_hint

_log = logging.getLogger(__name__)


class _Commands(click.Group):
    """Loads a command once it is given: each brings libraries that others do not need."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        del ctx
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        return getattr(import_module(f"studio.cli.{cmd_name}"), cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Lists them without loading them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items()])


def _version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(version("studio"))
        ctx.exit()


def _alone(_ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        raise StudioError(f"{INSTALL} comes with something else", "give it alone")


@click.group(cls=_Commands, no_args_is_help=False, context_settings={"show_default": True})
@click.option(
    "--version", is_flag=True, callback=_version, is_eager=True, expose_value=False,
    help="Print the version.",
)  # fmt: skip
@click.option(
    INSTALL, is_flag=True, callback=_alone, is_eager=True, expose_value=False,
    help="Put the window into the desktop's menu and 'Open with' (Linux).",
)  # fmt: skip
def app() -> None:
    """Makes pictures with neural networks. Without a command, opens the window."""


def run(arguments: list[str]) -> int:
    """Runs one command; returns its exit status.

    0: done; 1: some items failed; 2: it cannot be met; 130, 143, 129: ended by Ctrl-C, SIGTERM,
    SIGHUP.
    """
    atexit.register(gc.freeze)  # else Python's end looks through all that there is, for 0.1 s
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
    except click.ClickException as error:
        said, about = error.format_message().rstrip("."), getattr(error, "ctx", None)
        command = "studio" if about is None else about.command_path
        return _fail(f"{said[:1].lower()}{said[1:]}; `{command} --help` lists what there is")
    except (click.Abort, KeyboardInterrupt) as error:
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
    try:
        with app.make_context("studio", list(arguments)) as context:
            status = app.invoke(context)
    except click.exceptions.Exit as ended:
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
