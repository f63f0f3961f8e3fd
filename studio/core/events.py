"""What the engine answers. A job ends with exactly one of the events in `TERMINAL`."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from studio.core.requests import JobId


@dataclass(frozen=True)
class Queued:
    """The job waits for its turn."""

    job: JobId


@dataclass(frozen=True)
class Started:
    """The job's turn has come.

    Attributes:
        device: what it runs on, such as ``cpu`` or ``cuda:0``.
    """

    job: JobId
    device: str


@dataclass(frozen=True)
class Progressed:
    """Some of the work is done.

    Attributes:
        fraction: 0 to 1.
        seconds_left: estimated; None while too little is known.
        message: what is being done, such as ``painting``.
    """

    job: JobId
    fraction: float
    seconds_left: float | None
    message: str


@dataclass(frozen=True)
class Noticed:
    """Something the person should know though the work goes on, such as less memory than wanted."""

    job: JobId
    message: str


@dataclass(frozen=True)
class Measured:
    """What a model found in its picture, for the sliders that stand at ``auto``.

    Attributes:
        levels: value of each such control.
        step: which of the request's models it was, counted from 0.
    """

    job: JobId
    levels: Mapping[str, float]
    step: int = 0


@dataclass(frozen=True)
class Previewed:
    """Pixels to show; always before the terminal event.

    Attributes:
        pixels: (H, W, 4) uint8 RGBA in the source's own RGB encoding.
        full_size: (width, height) in px of the result, were it saved.
        ran_net: whether the net ran for it; False where kept output was only blended anew.
        final: whether it is the result; False while a gradual work comes closer to it.
    """

    job: JobId
    pixels: NDArray[np.uint8]
    full_size: tuple[int, int]
    ran_net: bool
    final: bool = True


@dataclass(frozen=True)
class Finished:
    """The work is done.

    Attributes:
        output: path of the file; empty for a preview.
        weights: id of the weights.
        device: what it ran on at last.
        seconds: from start to finish.
        size: (width, height) of the result in px; (0, 0): it is no picture.
    """

    job: JobId
    output: str
    weights: str
    device: str
    seconds: float
    size: tuple[int, int]


@dataclass(frozen=True)
class Planned:
    """A batch knows what it has to do; sent once, before the first item.

    Attributes:
        found: pictures.
        done_before: of these, done already by the batch that this one goes on with.
        skipped: files that were left alone: hidden ones, and what is no picture.
        bytes_needed: estimated size of the results still to come.
        bytes_free: on the disk of the output folder.
    """

    job: JobId
    found: int
    done_before: int
    skipped: int
    bytes_needed: int
    bytes_free: int


@dataclass(frozen=True)
class ItemEnded:
    """One picture of a batch is done or has failed.

    Attributes:
        source: path of the picture.
        output: path of the result; empty where it failed.
        error: what went wrong and what to do; empty where nothing did.
        seconds: spent on it.
    """

    job: JobId
    source: str
    output: str
    error: str
    seconds: float


@dataclass(frozen=True)
class Paused:
    """A job waits until it is resumed; a batch has ended the pictures that were begun."""

    job: JobId


@dataclass(frozen=True)
class Resumed:
    """A job that was paused goes on."""

    job: JobId


@dataclass(frozen=True)
class BatchFinished:
    """Every picture of a batch was tried; the first three counts sum to `found`.

    Attributes:
        done: pictures done now.
        done_before: done by the batch that this one went on with.
        failed: pictures that could not be done, each named by an `ItemEnded`.
        skipped: files left alone.
        found: pictures.
        output: path of the folder.
        report: path of the JSON report; empty for none.
        weights: id of the weights.
        device: what it ran on.
        seconds: from start to finish.
    """

    job: JobId
    done: int
    done_before: int
    failed: int
    skipped: int
    found: int
    output: str
    report: str
    weights: str
    device: str
    seconds: float


@dataclass(frozen=True)
class Failed:
    """The work cannot be done.

    Attributes:
        message: what went wrong.
        hint: what to do; may be empty.
        options: of the command line that do it.
    """

    job: JobId
    message: str
    hint: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cancelled:
    """The job was given up at a front's wish.

    Nothing was written; of a batch, the pictures that were done stay, and it can be gone on with.
    """

    job: JobId


Event = (
    Queued
    | Started
    | Progressed
    | Noticed
    | Measured
    | Previewed
    | Planned
    | ItemEnded
    | Paused
    | Resumed
    | Finished
    | BatchFinished
    | Failed
    | Cancelled
)
TERMINAL = (Finished, BatchFinished, Failed, Cancelled)
