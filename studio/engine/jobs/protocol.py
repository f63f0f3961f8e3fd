"""What the window and the engine's child process tell each other through a pipe.

A preview's pixels go through the same pipe, apart from what is pickled. Shared memory would be no
faster (measured: 13 ms either way at 1280 x 960 px, 70 and 84 ms at 3840 x 2160 px), and has many
ways to fail: none there, full (which kills by SIGBUS), freed too early, left behind.
"""

from dataclasses import dataclass, replace
from multiprocessing.connection import Connection

import numpy as np

from studio.core.events import Event, Previewed
from studio.core.requests import JobId, Request

_CHUNK = 1 << 24  # bytes sent at once; Windows takes no more than about 32 MB


@dataclass(frozen=True)
class Submit:
    """Do this."""

    job: JobId
    request: Request


@dataclass(frozen=True)
class Cancel:
    """Stop a job."""

    job: JobId


@dataclass(frozen=True)
class Pause:
    """Hold a batch."""

    job: JobId


@dataclass(frozen=True)
class Resume:
    """Let a batch go on."""

    job: JobId


@dataclass(frozen=True)
class Ping:
    """Answer, if you can."""


@dataclass(frozen=True)
class Ready:
    """The child is up."""


@dataclass(frozen=True)
class Pong:
    """The answer to a ping."""


@dataclass(frozen=True)
class _Apart:
    """A Previewed whose pixels, of this shape, come after it."""

    event: Previewed
    shape: tuple[int, ...]


Order = Submit | Cancel | Pause | Resume | Ping | None
"""None: end."""

Answer = Event | Ready | Pong


def tell(pipe: Connection, answer: Answer) -> None:
    """Sends what the child answers; one thread at a time.

    Raises:
        OSError: the other end is closed.
    """
    if not isinstance(answer, Previewed):
        pipe.send(answer)
        return
    flat = answer.pixels.reshape(-1).data
    pipe.send(_Apart(replace(answer, pixels=np.empty((0, 0, 4), np.uint8)), answer.pixels.shape))
    for start in range(0, flat.nbytes, _CHUNK):
        pipe.send_bytes(flat[start : start + _CHUNK])


def hear(pipe: Connection) -> Answer:
    """Waits for what the child answers next.

    Raises:
        EOFError: the other end is closed.
        OSError: likewise, in the middle of an answer.
    """
    answer: Answer | _Apart = pipe.recv()
    if not isinstance(answer, _Apart):
        return answer
    pixels = np.empty(answer.shape, np.uint8)
    flat = pixels.reshape(-1).data
    for start in range(0, flat.nbytes, _CHUNK):
        pipe.recv_bytes_into(flat[start : start + _CHUNK])
    return replace(answer.event, pixels=pixels)
