"""What a bench has found: figures for programs, tables for people."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Table:
    """Rows of words below the names of their columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Report:
    """What a bench has found so far; each gives one after the other, the last one is of all.

    Attributes:
        figures: JSON.
        tables: the same to be read.
        notes: lines below them.
    """

    figures: dict[str, Any] = field(default_factory=dict[str, Any])
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()

    def and_then(self, figures: Mapping[str, Any], *tables: Table, note: str = "") -> "Report":
        """The same, and what was found next."""
        notes = (*self.notes, note) if note else self.notes
        return Report({**self.figures, **figures}, (*self.tables, *tables), notes)
