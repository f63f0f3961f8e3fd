"""Which files are videos, by their names, how long one is, and how large a smaller one."""

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


def smaller_size(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Width and height in the same proportion, both even, the shorter one of some px."""
    width, height = (max(2, round(each * side / min(size) / 2) * 2) for each in size)
    return width, height
