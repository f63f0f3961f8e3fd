"""Reads a video file: what it is, its frames in the order in which they are shown, its packets."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import cv2
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from av.video.stream import VideoStream

from studio.core.errors import StudioError
from studio.core.formats.disk import read_error
from studio.engine.video.orientation import Orientation, Pixels, read_orientation

_SLACK = 1e-4  # seconds: times that were rounded on their way still mean their frame
_MISSING = 0.5  # seconds at a file's end without which it counts as cut short
_BT709, _BT2020, _BT601 = 1, 9, 5  # matrices of luma and chroma as FFmpeg's scaler numbers them
EXACT = int(
    Interpolation.BICUBIC
    | Interpolation.ACCURATE_RND
    | Interpolation.FULL_CHR_H_INT
    | Interpolation.FULL_CHR_H_INP
)
"""How FFmpeg's scaler converts colours: without these each conversion darkens by a level."""

_WIDE_TRANSFER = (16, 18)  # PQ and HLG


@dataclass(frozen=True)
class Clip:
    """What a video file says of itself.

    Attributes:
        path: the file.
        size: (width, height) of a stored frame in px.
        time_base: seconds of one tick of a timestamp.
        rate: frames a second on average.
        start: seconds at which it begins.
        seconds: its length; 0 where the file does not say.
        aspect: width of a pixel, divided by its height; None where the file does not say.
        orientation: how frames are turned when they are shown.
        colours: FFmpeg's numbers of primaries, transfer, matrix and range.
        copied: indices of the streams of sound and of subtitles.
    """

    path: Path
    size: tuple[int, int]
    time_base: Fraction
    rate: Fraction
    start: float
    seconds: float
    aspect: Fraction | None
    orientation: Orientation
    colours: tuple[int, int, int, int]
    copied: tuple[int, ...]

    @property
    def matrix(self) -> int:
        """Of luma and chroma, for FFmpeg's scaler."""
        known = {1: _BT709, 9: _BT2020, 10: _BT2020}
        return known.get(self.colours[2], _BT601)

    def share(self, frame: "Frame") -> float:
        """How much of it lies before a frame, 0 to 1; 0 where the file does not say."""
        return min(1.0, (frame.seconds - self.start) / self.seconds) if self.seconds else 0.0

    def with_square_pixels(self, upright: Pixels) -> Pixels:
        """A frame (H, W, 3) as a screen shows it: widened or heightened, never reduced."""
        aspect = self.aspect or 1
        if self.orientation.transposed:
            aspect = 1 / aspect
        height, width = upright.shape[:2]
        size = round(width * max(1, aspect)), round(height * max(1, 1 / aspect))
        if size == (width, height):
            return upright
        return cast("Pixels", cv2.resize(upright, size, interpolation=cv2.INTER_CUBIC))

    @property
    def is_wide(self) -> bool:
        """Whether it has a high dynamic range, of which 8 bits keep only part."""
        return self.colours[1] in _WIDE_TRANSFER


@dataclass(frozen=True)
class Frame:
    """A frame upright: pixels (H, W, 3) uint8 RGB; timestamp and duration in ticks; seconds."""

    pixels: Pixels
    pts: int
    duration: int
    seconds: float


@dataclass(frozen=True)
class Copied:
    """A packet of another stream, and that stream's index, which outlives the open file."""

    packet: "Packet[Stream]"
    stream: int


def probe(path: Path) -> Clip:
    """Looks at a file's header and first frame.

    Raises:
        StudioError: it is no video, has no frames, or cannot be read.
    """
    with _reading(path) as container:
        stream = _video(container, path)
        first = next(container.decode(stream), None)
        if first is None or stream.time_base is None:
            raise StudioError(f"{path} has no frames", "get it again from where it came from")
        start = container.start_time or 0
        return Clip(
            path,
            (first.width, first.height),
            stream.time_base,
            stream.average_rate or stream.guessed_rate or Fraction(25),
            start / av.time_base,
            (container.duration or 0) / av.time_base,
            stream.sample_aspect_ratio,
            _orientation(first),
            (first.color_primaries, first.color_trc, first.colorspace, first.color_range),
            tuple(s.index for s in (*container.streams.audio, *container.streams.subtitles)),
        )


def read(clip: Clip) -> Generator[Frame | Copied]:
    """All frames, each once, and between them the packets that are copied, as the file has them.

    Raises:
        StudioError: the file is damaged or cut short.
    """
    with _reading(clip.path) as container:
        stream = _video(container, clip.path)
        stream.thread_type = "AUTO"
        end, ticks = clip.start, 0
        for packet in container.demux([stream, *(container.streams[n] for n in clip.copied)]):
            if packet.pts is not None:
                last = packet.pts + (packet.duration or 0)
                end = max(end, float(last * packet.time_base))
            if packet.stream is not stream:
                if packet.size:
                    yield Copied(packet, packet.stream.index)
                continue
            for frame in stream.decode(packet):
                pts = ticks if frame.pts is None else frame.pts
                usual = max(1, round(1 / (clip.rate * clip.time_base)))
                ticks = pts + (frame.duration or usual)
                yield _frame(frame, clip, pts)
    if clip.seconds and end < clip.start + clip.seconds - _MISSING:
        raise _damaged(clip.path)


def frame_at(clip: Clip, seconds: float) -> Frame:
    """The frame that is shown at a time after the beginning; past the end the last one.

    Raises:
        StudioError: the file is damaged or cut short.
    """
    latest = clip.start + seconds + _SLACK
    with _reading(clip.path) as container:
        stream = _video(container, clip.path)
        container.seek(round(latest / clip.time_base), stream=stream)  # to the key frame before
        found: VideoFrame | None = None
        for frame in container.decode(stream):
            if found is not None and (frame.pts or 0) * clip.time_base > latest:
                break
            found = frame
        if found is None:
            raise _damaged(clip.path)
        return _frame(found, clip, found.pts or 0)


def _frame(frame: VideoFrame, clip: Clip, pts: int) -> Frame:
    return Frame(_upright(frame, clip), pts, frame.duration or 0, float(pts * clip.time_base))


def _upright(frame: VideoFrame, clip: Clip) -> Pixels:
    width, height = clip.size
    rgb = frame.reformat(width, height, "rgb24", src_colorspace=clip.matrix, interpolation=EXACT)
    return clip.orientation.upright(cast("Pixels", rgb.to_ndarray()))


def _orientation(frame: VideoFrame) -> Orientation:
    matrix = frame.side_data.get("DISPLAYMATRIX")
    return Orientation() if matrix is None else read_orientation(bytes(matrix))


def _video(container: InputContainer, path: Path) -> VideoStream:
    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            return stream
    raise StudioError(f"{path} has no video stream", "choose a video; sound alone has no pictures")


@contextmanager
def _reading(path: Path) -> Generator[InputContainer]:
    """Opens a file, and turns what goes wrong within into a StudioError."""
    if not path.is_file():
        error = IsADirectoryError() if path.is_dir() else FileNotFoundError()
        raise read_error(error, str(path))
    try:
        with av.open(str(path)) as container:
            yield container
    except PermissionError as error:
        raise read_error(error, str(path)) from error
    except FFmpegError as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> StudioError:
    return StudioError(
        f"{path} is no video, damaged or cut short", "get it again from where it came from"
    )
