"""A reader's process whose decoder does what its files are called."""

import ctypes
import os
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

from studio.reader.decoder import Decoder
from studio.reader.orders import Found, Levels, Wish
from studio.reader.process import serve

PATIENCE = 4.0  # seconds; a busy machine takes some for a small picture


class BadDecoder(Decoder):
    """Fails as decoders written in C do."""

    def do(self, wish: Wish, draft: Callable[[Levels], None], check: Callable[[], None]) -> Found:
        match wish.path.stem:
            case "crash":
                os.abort()
            case "exit":
                os._exit(3)
            case "hang":
                time.sleep(3600)
            case "grip":  # and no other thread of Python gets its turn
                ctypes.PyDLL(None).sleep(3600)
        return super().do(wish, draft, check)


def serve_badly(pipe: Connection) -> None:
    """The process's main function."""
    serve(pipe, PATIENCE, BadDecoder)
