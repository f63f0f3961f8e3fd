"""A child process that starts whatever it is given, answers when it is asked, and never stops."""

from multiprocessing.connection import Connection

from studio.core.child import tell
from studio.core.events import Started
from studio.engine.jobs.protocol import Ping, Pong, Ready, Submit


def serve(pipe: Connection, rest: float) -> None:
    del rest
    tell(pipe, Ready())
    while (order := pipe.recv()) is not None:
        if isinstance(order, Submit):
            tell(pipe, Started(order.job, "cpu"))
        elif isinstance(order, Ping):
            tell(pipe, Pong())
