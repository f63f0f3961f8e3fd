"""Reads a video file: its frames in the order in which they are shown, and its packets."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import chain
from typing import cast

import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from av.video.stream import VideoStream
from numpy.typing import NDArray

from studio.core.video.clip import Clip, damaged, reading, video_stream
from studio.core.video.clock import Clock
from studio.core.video.deinterlace import Moments
from studio.core.video.gaps import Gaps
from studio.core.video.orientation import Pixels, to_bytes
from studio.core.words.said import say

_SLACK = Fraction(1, 10_000)  # seconds: times that were rounded on their way still mean their frame
_WOUND_UP = Fraction(1, 40)  # seconds of sound that decoders want before what is heard
_SIDE_DATA = {
    "A53_CC": say("the closed captions"),
    "MASTERING_DISPLAY_METADATA": say("the light levels of HDR10"),
    "CONTENT_LIGHT_LEVEL": say("the light levels of HDR10"),
    "DYNAMIC_HDR_PLUS": say("the light levels of HDR10+"),
    "DYNAMIC_HDR_VIVID": say("the light levels of HDR Vivid"),
    "DOVI_RPU_BUFFER": say("the marks of Dolby Vision"),
    "SPHERICAL": say("the marks of a 360° video"),
    "STEREO3D": say("the marks of a 3D video"),
}
"""What lies beside the pixels of a frame, by FFmpeg's names, and new frames do not have."""
_MISSING = 0.5  # seconds at a file's end without which it counts as cut short
EXACT = int(
    Interpolation.BICUBIC
    | Interpolation.ACCURATE_RND
    | Interpolation.FULL_CHR_H_INT
    | Interpolation.FULL_CHR_H_INP
)
"""How FFmpeg's scaler converts colours: without these each conversion darkens by a level."""


@dataclass(frozen=True)
class Frame:
    """A frame upright.

    Attributes:
        pixels: (H, W, 3) uint8 RGB.
        fine: the same as uint16, of a clip with more than 8 bits a channel.
        pts, duration: timestamp and length in the clip's ticks; length 0: not said.
        seconds: from the clip's beginning.
    """

    pixels: Pixels
    fine: NDArray[np.uint16] | None
    pts: int
    duration: int
    seconds: float


@dataclass(frozen=True)
class Copied:
    """A packet of another stream, and that stream's index, which outlives the open file."""

    packet: "Packet[Stream]"
    stream: int


def nobody(_: str) -> None:
    """Tells nobody."""


def read(clip: Clip, tell: Callable[[str], None] = nobody) -> Generator[Frame | Copied]:
    """All frames, each once, and between them the packets that are copied, as the file has them.

    Args:
        clip: which.
        tell: takes what is found on the way, in words for people.

    Raises:
        StudioError: the file is damaged or cut short.
    """
    with reading(clip.path) as container:
        stream = video_stream(container, clip.path)
        stream.thread_type = "AUTO"
        clock = Clock(clip.start, container.format.name)
        frames = _Frames(clip, stream, _end(container, stream, clip), tell)
        gaps = Gaps(stream, container.format.name, 1 / clip.rate, tell)
        end = Fraction(0)
        packets, is_cut = 0, False  # of the pictures; in the last packet of all
        for packet in _packets(container):
            packets += packet.stream is stream
            clock.set(packet)
            gaps.see(packet, clock.setting(packet))
            if packet.stream is not stream and packet.stream.index not in clip.copied:
                continue
            if packet.size:
                is_cut = packet.is_corrupt
            if packet.pts is not None and packet.stream.type in {"video", "audio"}:
                end = max(end, (packet.pts + (packet.duration or 0)) * packet.time_base)
            if packet.stream is stream:
                # An empty one shows the frame before it on; one without a time ends the stream.
                if packet.size or packet.dts is None:
                    yield from frames.of(packet)
            elif packet.size and not _is_cut_off(packet):
                clock.put_in_order(packet)
                yield Copied(packet, packet.stream.index)
        yield from frames.rest()
        # An AVI has no times: what is missing in its middle only makes it shorter.
        lacking = stream.frames - packets if container.format.name == "avi" else 0
        if lacking > _MISSING * clip.rate:
            tell(
                say(
                    "the file is damaged: {count} of its frames are lost, and what follows is"
                    " early",
                    count=lacking,
                )
            )
        elif is_cut or (clip.seconds and end < clip.seconds - _MISSING):
            raise damaged(clip.path)


def _packets(container: InputContainer) -> "Iterator[Packet[Stream]]":
    """All packets but those of streams that come up in damage, which PyAV does not expect."""
    while True:
        try:
            yield from container.demux()
        except IndexError:
            continue
        return


def _end(container: InputContainer, stream: VideoStream, clip: Clip) -> Fraction | None:
    """Seconds at which the last frame ends, where a header says so.

    A packet's length is that to the next one to be decoded, which is not the next one shown.
    """
    if "mp4" in container.format.name and stream.duration:
        return ((stream.start_time or 0) + stream.duration) * clip.time_base - clip.start
    return Fraction(clip.seconds) if "matroska" in container.format.name else None


def _is_cut_off(packet: "Packet[Stream]") -> bool:
    """Whether an edit list leaves a packet out that lies before the beginning."""
    if packet.pts is None or not packet.is_discard:
        return False
    return (packet.pts + (packet.duration or 0)) * packet.time_base < -_WOUND_UP


def frame_at(clip: Clip, seconds: float) -> Frame:
    """The frame that is shown at a time after the beginning; past the end the last one.

    Raises:
        StudioError: the file is damaged or cut short.
    """
    latest = clip.start + Fraction(seconds) + _SLACK
    with reading(clip.path) as container:
        stream = video_stream(container, clip.path)
        container.seek(round(latest / clip.time_base), stream=stream)  # to the key frame before
        found: VideoFrame | None = None
        decoded = chain(container.decode(stream), (None,))
        for frame in chain.from_iterable(map(Moments(stream, nobody).next, decoded)):
            if found is not None and _ticks(frame, clip, frame.pts) * clip.time_base > latest:
                break
            found = frame
        if found is None:
            raise damaged(clip.path)
        pts = _ticks(found, clip, found.pts) - round(clip.start / clip.time_base)
        return _made(found, clip, pts)


class _Frames:
    """A stream's frames, each behind the one before it."""

    def __init__(
        self, clip: Clip, stream: VideoStream, end: Fraction | None, tell: Callable[[str], None]
    ) -> None:
        self._clip, self._stream, self._tell = clip, stream, tell
        self._end = None if end is None else round(end / clip.time_base)
        self._moments = Moments(stream, tell)
        self._damaged = 0  # packets
        self._told: set[str] = set()
        self._usual = max(1, round(1 / (clip.rate * clip.time_base)))
        self._last: int | None = None
        self._next = 0

    def of(self, packet: "Packet[Stream]") -> Iterator[Frame]:
        """What a packet brings, which is nothing if it is damaged; one without data ends it."""
        try:
            decoded = self._stream.decode(packet)
        except FFmpegError:
            self._damaged += 1
            return
        for frame in decoded:
            self._tell_of_side_data(frame)
            if (frame.width, frame.height) != self._clip.size:
                self._tell_once(say("frames of another size are scaled to that of the first one"))
            yield from map(self._frame, self._moments.next(frame))

    def _tell_of_side_data(self, frame: VideoFrame) -> None:
        for kind, words in _SIDE_DATA.items():
            if frame.side_data.get(kind) is not None:
                self._tell_once(say("{words} in its frames are not kept", words=words))

    def _tell_once(self, words: str) -> None:
        if words not in self._told:
            self._told.add(words)
            self._tell(words)

    def rest(self) -> Iterator[Frame]:
        """What is still held back at the end."""
        yield from map(self._frame, self._moments.next(None))
        if self._damaged:
            self._tell(say("frames that are damaged ({count}) are left out", count=self._damaged))

    def _frame(self, frame: VideoFrame) -> Frame:
        pts = self._next if frame.pts is None else _ticks(frame, self._clip, frame.pts)
        if self._last is not None:
            pts = max(pts, self._last + 1)  # a time that is given twice
        self._last, self._next = (
            pts,
            pts + (_ticks(frame, self._clip, frame.duration) or self._usual),
        )
        made = _made(frame, self._clip, pts)
        if self._end is None or not pts < self._end < pts + made.duration:
            return made
        return replace(made, duration=self._end - pts)


def _ticks(frame: VideoFrame, clip: Clip, count: int | None) -> int:
    """A count of a frame's own ticks in those of the clip; filters count in others."""
    return round((count or 0) * (frame.time_base or clip.time_base) / clip.time_base)


def _made(frame: VideoFrame, clip: Clip, pts: int) -> Frame:
    """A decoded frame, upright, at its time on the clip's own clock."""
    seconds, duration = float(pts * clip.time_base), _ticks(frame, clip, frame.duration)
    deep = clip.colours.bits > 8
    rgb = frame.reformat(
        *clip.size, "rgb48le" if deep else "rgb24",
        src_colorspace=clip.colours.scaler, interpolation=EXACT,
    ).to_ndarray()  # fmt: skip
    if not deep:
        return Frame(clip.orientation.upright(cast("Pixels", rgb)), None, pts, duration, seconds)
    fine = clip.orientation.upright(cast("NDArray[np.uint16]", rgb))
    return Frame(to_bytes(fine), fine, pts, duration, seconds)
