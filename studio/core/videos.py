"""Which files are videos, by their names, and how long one is."""

from dataclasses import dataclass
from pathlib import Path

READABLE = frozenset(
    {
        ".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".wmv", ".flv", ".3gp",
        ".ts", ".mts", ".m2ts", ".ogv",
    }
)  # fmt: skip
"""Suffixes, in lower case, of the files that are read as videos."""


@dataclass(frozen=True)
class Reel:
    """Seconds of a video, 0 where it does not say; and of one of its frames."""

    seconds: float
    frame: float


def is_video(path: Path) -> bool:
    """Whether a file is a video, as its name says."""
    return path.suffix.lower() in READABLE
