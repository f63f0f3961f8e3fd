"""Puts what was measured into a page for people, between two marks; the rest is written by hand."""

import platform
from datetime import datetime
from pathlib import Path

import psutil

from studio.bench.report import Report, Table
from studio.core.errors import StudioError
from studio.core.files.disk import read_error, write_whole

_BEGIN, _END = "<!-- measured -->\n", "<!-- /measured -->\n"


def read_page(path: Path) -> tuple[str, str]:
    """What stands before and after the tables of a page, with their marks.

    Raises:
        StudioError: it cannot be read, or has no such place.
    """
    try:
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        raise read_error(error, str(path)) from error
    before, begun, rest = text.partition(_BEGIN)
    _, ended, after = rest.partition(_END)
    if not (begun and ended):
        raise StudioError(
            f"{path} has no place for tables",
            f"write the lines {_BEGIN.strip()} and {_END.strip()}",
        )
    return before + begun, ended + after


def write_page(path: Path, report: Report) -> None:
    """Replaces the tables of a page.

    Raises:
        StudioError: see `read_page`; or it cannot be written.
    """
    before, after = read_page(path)
    cores, memory = psutil.cpu_count(), psutil.virtual_memory().total / 1e9
    load = psutil.getloadavg()[2]
    where = (
        f"Measured on {datetime.now().astimezone():%d %B %Y}: {platform.machine()}, {cores} cores,"
        f" {memory:.0f} GB; {load:.1f} programs at work on average."
    )
    parts = [where, *map(_markdown, report.tables), *(f"- {note}" for note in report.notes)]
    text = before + "\n" + "\n\n".join(parts) + "\n\n" + after
    write_whole(path, text.encode("utf-8", "surrogateescape"), overwrite=True)


def _markdown(table: Table) -> str:
    rows = [table.columns, ("---",) * len(table.columns), *table.rows]
    return "\n".join([f"### {table.title}\n", *(f"| {' | '.join(row)} |" for row in rows)])
