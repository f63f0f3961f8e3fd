"""Kinds of jobs, and what is told of one; apart from `activity`, for that loads what is slow."""

from dataclasses import dataclass
from enum import IntEnum


class Work(IntEnum):
    """Kinds of jobs, the one to tell of first in front."""

    SAVE = 0
    BATCH = 1
    PREVIEW = 2


@dataclass(frozen=True)
class Told:
    """What is told of a job that runs.

    Attributes:
        words: what is done, and how many more wait.
        work: what kind of job it is.
        fraction: how far it is, 0 to 1; None while that is unknown.
        seconds_left: until it ends; None while that is unknown.
        keeps: whether it may end now with what it has.
    """

    words: str
    work: Work
    fraction: float | None = None
    seconds_left: float | None = None
    keeps: bool = False
