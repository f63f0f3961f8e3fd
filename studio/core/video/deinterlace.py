"""Frames that hold two moments, made frames of one."""

from collections.abc import Callable, Iterator

from av.error import BlockingIOError as NeedsMore
from av.error import EOFError as AtEnd
from av.filter import Graph
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from studio.core.words.said import say


class Moments:
    """Frames of one moment each: as many as before, each at its time.

    From the first frame on that needs it FFmpeg's ``bwdif`` does it, which gives a frame once it
    has seen the next one; frames that need none stay.

    Args:
        stream: whose frames come.
        tell: takes what a person should know, once.
    """

    def __init__(self, stream: VideoStream, tell: Callable[[str], None]) -> None:
        self._stream, self._tell = stream, tell
        self._graph: Graph | None = None

    def next(self, frame: VideoFrame | None) -> Iterator[VideoFrame]:
        """What is done with a frame at hand; None: no other one comes."""
        if self._graph is None and frame is not None:
            if not frame.interlaced_frame:
                yield frame
                return
            self._tell(say("the clip is interlaced; it is written deinterlaced"))
            self._graph = _deinterlacing(self._stream)
        if self._graph is None:
            return
        self._graph.vpush(frame)
        while True:
            try:
                yield self._graph.vpull()
            except (NeedsMore, AtEnd):
                return


def _deinterlacing(stream: VideoStream) -> Graph:
    graph = Graph()
    graph.link_nodes(
        graph.add_buffer(template=stream),
        graph.add("bwdif", "mode=send_frame:deint=interlaced"),
        graph.add("buffersink"),
    ).configure()
    return graph
