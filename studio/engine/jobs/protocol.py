"""What the window and the engine's child process tell each other."""

from dataclasses import dataclass

from studio.core.events import Event
from studio.core.machine import Machine
from studio.core.requests import JobId, Request

REST = 60.0
"""Seconds without a job after which an engine gives memory back."""


@dataclass(frozen=True)
class Use:
    """Do what comes from now on so."""

    machine: Machine


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
class Keep:
    """End a job with what it has."""

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
class Rested:
    """Nothing was to do for some time, and torch is loaded: a new child would be smaller."""


Order = Use | Submit | Cancel | Keep | Pause | Resume | Ping

Answer = Event | Ready | Pong | Rested
