"""RGB frames as luma and chroma, the chroma where players look for it."""

from fractions import Fraction
from typing import cast

from av.filter import Graph
from av.video.format import VideoFormat
from av.video.frame import VideoFrame

from studio.core.video.colours import BT601, LIMITED
from studio.core.video.orientation import Pixels, Samples

_EXACT = "bicubic+accurate_rnd+full_chroma_int+full_chroma_inp"


class Planes:
    """Makes luma and chroma of RGB, the chroma as `colours.SITED` says.

    FFmpeg's scaler has it between the columns unless told otherwise, which PyAV's own call cannot.

    Args:
        size: (width, height) of all frames in px.
        kind: their pixels, by FFmpeg's name.
        made: what they become, likewise.
        matrix, range_: of the luma, as FFmpeg's scaler numbers them.
    """

    def __init__(
        self,
        size: tuple[int, int],
        kind: str,
        made: str,
        matrix: int = BT601,
        range_: int = LIMITED,
    ) -> None:
        self._kind, self._graph = kind, Graph()
        (width, height), tick = size, Fraction(1, 1)
        self._graph.link_nodes(
            self._graph.add_buffer(None, width, height, VideoFormat(kind), None, tick),
            self._graph.add(
                "scale",
                f"flags={_EXACT}:out_chroma_loc=left:out_color_matrix={matrix}:out_range={range_}",
            ),
            self._graph.add("format", made),
            self._graph.add("buffersink"),
        ).configure()

    def of(self, pixels: Samples) -> VideoFrame:
        """A frame of pixels (H, W, 3), which has no time yet."""
        frame = VideoFrame.from_ndarray(cast("Pixels", pixels), format=self._kind)
        self._graph.vpush(frame)
        return self._graph.vpull()
