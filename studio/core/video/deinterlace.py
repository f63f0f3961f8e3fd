"""Frames that hold two moments, made frames of one."""

from collections.abc import Callable, Iterable, Iterator

from av.error import BlockingIOError as NeedsMore
from av.error import EOFError as AtEnd
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.stream import VideoStream


def one_moment(
    stream: VideoStream, *, interlaced: bool
) -> Callable[[VideoFrame | None], Iterable[VideoFrame]]:
    """Takes a stream's frames, and at its end None; gives frames of one moment each."""
    if interlaced:
        return Deinterlacer(stream).next
    return lambda frame: () if frame is None else (frame,)


class Deinterlacer:
    """FFmpeg's ``bwdif``: as many frames as before, each at its time; those that need none stay.

    It gives a frame once it has seen the next one.
    """

    def __init__(self, stream: VideoStream) -> None:
        self._graph = Graph()
        self._graph.link_nodes(
            self._graph.add_buffer(template=stream),
            self._graph.add("bwdif", "mode=send_frame:deint=interlaced"),
            self._graph.add("buffersink"),
        ).configure()

    def next(self, frame: VideoFrame | None) -> Iterator[VideoFrame]:
        """What is done with a frame at hand; None: no other one comes."""
        self._graph.vpush(frame)
        while True:
            try:
                yield self._graph.vpull()
            except (NeedsMore, AtEnd):
                return
