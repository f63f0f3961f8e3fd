"""What the engine answers. A job ends with exactly one of Finished, Failed, Cancelled."""

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
class Previewed:
    """Pixels to show; always before the terminal event.

    Attributes:
        pixels: (H, W, 4) uint8 RGBA in the source's own RGB encoding.
        full_size: (width, height) of the source in px.
        ran_net: whether the net ran for it; False where kept output was only blended anew.
    """

    job: JobId
    pixels: NDArray[np.uint8]
    full_size: tuple[int, int]
    ran_net: bool


@dataclass(frozen=True)
class Finished:
    """The work is done.

    Attributes:
        output: path of the file; empty for a preview.
        weights: id of the weights.
        device: what it ran on at last.
        seconds: from start to finish.
        size: (width, height) of the result in px.
    """

    job: JobId
    output: str
    weights: str
    device: str
    seconds: float
    size: tuple[int, int]


@dataclass(frozen=True)
class Failed:
    """The work cannot be done.

    Attributes:
        message: what went wrong.
        hint: what to do; may be empty.
    """

    job: JobId
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Cancelled:
    """The job was given up at a front's wish; nothing was written."""

    job: JobId


Event = Queued | Started | Progressed | Noticed | Previewed | Finished | Failed | Cancelled
TERMINAL = (Finished, Failed, Cancelled)
