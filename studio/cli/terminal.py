"""What a person at a terminal is shown: bars and tables; rich is loaded for one to show."""

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from rich.progress import Progress


class Bar:
    """How far something is, in a line on stderr, within ``with``; nothing where nobody looks."""

    def __init__(self) -> None:
        self._shown: Progress | None = None

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn

            self._shown = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                TaskProgressColumn(),
                TextColumn("{task.fields[left]}"),
                console=Console(file=sys.stderr),
                transient=True,
            )
            self._shown.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()
        if self._shown is not None:
            self._shown.stop()

    def show(self, fraction: float, text: str, seconds_left: float | None = None) -> None:
        """Shows how far it is, 0 to 1, and what it is at."""
        if self._shown is None:
            return
        left = "" if seconds_left is None else f"{as_clock(seconds_left)} left"
        if not self._shown.tasks:
            self._shown.add_task(text, total=1.0, left=left)
        task = self._shown.task_ids[0]
        self._shown.update(task, completed=fraction, description=text, left=left)

    def clear(self) -> None:
        """Takes the line away until there is something to show again."""
        if self._shown is not None:
            for task in list(self._shown.task_ids):
                self._shown.remove_task(task)


def as_clock(seconds: float) -> str:
    """Such as ``1:23:45``, or ``0:07``."""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def print_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str]], below: str = ""
) -> None:
    """Prints a table on stdout, and a line below it."""
    from rich.console import Console
    from rich.table import Table

    table = Table(*columns, title=title)
    for row in rows:
        table.add_row(*row)
    console = Console()
    console.print(table)
    if below:
        console.print(below)
