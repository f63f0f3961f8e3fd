"""What a bench has found: figures for programs, tables for people."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Table:
    """Rows of words below the names of their columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Report:
    """What every bench gives.

    Attributes:
        figures: JSON.
        tables: the same to be read.
        notes: lines below them.
    """

    figures: dict[str, Any]
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
