"""What a video file says of itself, and what of it does not come along."""

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
import cv2
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from studio.core.errors import StudioError
from studio.core.files.disk import read_error
from studio.core.formats.opened import check_size
from studio.core.picture_files import size_limit
from studio.core.video.colours import FULL, SITED, Colours, read_colours
from studio.core.video.orientation import Orientation, Pixels, read_orientation
from studio.core.words.said import say

_MOST_RATE = 1000  # frames a second
_WOUND_UP = Fraction(1, 10)  # seconds that decoders of sound want before what is heard, at most
_COPIED = frozenset({"audio", "subtitle"})


@dataclass(frozen=True)
class Clip:
    """A video file.

    Attributes:
        path: the file.
        size: (width, height) of a stored frame in px.
        time_base: seconds of one tick of a timestamp.
        rate: frames a second on average.
        start: seconds on its own clock at which it begins, below 0 where that has wrapped.
            Frames and packets begin at 0.
        seconds: its length; 0 where the file does not say.
        aspect: width of a pixel, divided by its height; None where the file does not say.
        orientation: how frames are turned when they are shown.
        colours: how its colours are stored, and are to be stored again.
        copied: indices of the streams that are copied.
        notes: what of it does not come along, for people.
    """

    path: Path
    size: tuple[int, int]
    time_base: Fraction
    rate: Fraction
    start: Fraction
    seconds: float
    aspect: Fraction | None
    orientation: Orientation
    colours: Colours
    copied: tuple[int, ...]
    notes: tuple[str, ...]

    def share(self, seconds: float) -> float:
        """How much of it lies before a frame, 0 to 1; 0 where the file does not say."""
        return min(1.0, seconds / self.seconds) if self.seconds else 0.0

    def with_square_pixels(self, upright: Pixels) -> Pixels:
        """A frame (H, W, 3) as a screen shows it: widened or heightened, never reduced."""
        aspect = self.aspect or Fraction(1)
        if self.orientation.transposed:
            aspect = 1 / aspect
        height, width = upright.shape[:2]
        size = square_size(width, height, aspect)
        if size == (width, height):
            return upright
        return cast("Pixels", cv2.resize(upright, size, interpolation=cv2.INTER_CUBIC))


def square_size(width: int, height: int, aspect: Fraction) -> tuple[int, int]:
    """Width and height in px with square pixels, of a picture whose are as wide as `aspect`."""
    return round(width * max(1, aspect)), round(height * max(1, 1 / aspect))


def probe(path: Path) -> Clip:
    """Looks at a file's header and first frame.

    Raises:
        StudioError: it is no video, has no frames, or cannot be read.
    """
    with reading(path) as container:
        stream, limit = video_stream(container, path), size_limit()
        check_size(max(1, stream.width), max(1, stream.height), limit, path.name)
        first = next(container.decode(stream), None)
        if first is None or stream.time_base is None:
            raise StudioError(
                say("{path} has no frames", path=path), "get it again from where it came from"
            )
        aspect = stream.sample_aspect_ratio or Fraction(1)
        check_size(*square_size(first.width, first.height, aspect), limit, path.name)
        colours = read_colours(first)
        return Clip(
            path=path,
            size=(first.width, first.height),
            time_base=stream.time_base,
            rate=_rate(stream),
            start=_start(container),
            seconds=_length(container),
            aspect=stream.sample_aspect_ratio,
            orientation=_orientation(first),
            colours=colours,
            copied=tuple(s.index for s in container.streams if s.type in _COPIED),
            notes=(*_notes(container, stream, first), *colours.notes),
        )


def video_stream(container: InputContainer, path: Path) -> VideoStream:
    """The stream of moving pictures; of several the one that players show."""
    moving = [stream for stream in container.streams.video if not is_cover(stream)]
    marked = [stream for stream in moving if stream.disposition & Disposition.default]
    for stream in (*marked, *moving):
        if stream.codec_context.color_range != FULL:
            # As players take what says nothing; a codec that says it overrides this.
            stream.codec_context.options = SITED
        return stream
    raise StudioError(
        say("{path} has no video stream", path=path), "choose a video; sound alone has no pictures"
    )


def is_cover(stream: Stream) -> bool:
    """Whether a stream is a picture that belongs to the file."""
    return stream.type == "video" and bool(stream.disposition & Disposition.attached_pic)


@contextmanager
def reading(path: Path) -> Generator[InputContainer]:
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
        raise damaged(path) from error


def damaged(path: Path) -> StudioError:
    """That a file cannot be read as a video."""
    return StudioError(
        say("{path} is no video, damaged or cut short", path=path),
        "get it again from where it came from",
    )


def _start(container: InputContainer) -> Fraction:
    """When the first stream begins, exactly: before 0 too, where more than sound is wound up."""
    start = Fraction(container.start_time or 0, av.time_base)
    exact = [
        stream.start_time * stream.time_base
        for stream in container.streams
        if stream.start_time is not None and stream.time_base is not None
    ]
    begins = min(exact, key=lambda each: abs(each - start), default=start)
    # What an MP4 has before 0 its edit list leaves out.
    begins_at_0 = begins > -_WOUND_UP or "mp4" in container.format.name
    return max(Fraction(0), begins) if begins_at_0 else begins


def _rate(stream: VideoStream) -> Fraction:
    """Frames a second: as averaged, unless that is but the rate of the clock's ticks (DV)."""
    found = (stream.average_rate, stream.guessed_rate)
    return next((rate for rate in found if rate and rate <= _MOST_RATE), Fraction(25))


def _length(container: InputContainer) -> float:
    """Seconds from the first moment to the last; 0 where the file does not say."""
    length = Fraction(container.duration or 0, av.time_base)
    counts_from_0 = "matroska" in container.format.name
    return float(max(Fraction(0), length - _start(container) if counts_from_0 else length))


def _orientation(frame: VideoFrame) -> Orientation:
    matrix = frame.side_data.get("DISPLAYMATRIX")
    return Orientation() if matrix is None else read_orientation(bytes(matrix))


def _notes(container: InputContainer, shown: VideoStream, first: VideoFrame) -> Iterable[str]:
    if _is_seen_through(first) or shown.metadata.get("alpha_mode") == "1":
        yield say("the clip's transparency is not kept")
    others = [s for s in container.streams.video if s is not shown and not is_cover(s)]
    if others:
        count = len(others) + 1
        yield (
            say("only the first of {count} video streams is kept", count=count)
            if shown.index < min(other.index for other in others)
            else say("only the default one of {count} video streams is kept", count=count)
        )
    for stream in container.streams.data:
        chapters = stream.name == "bin_data" and container.chapters()
        if "timecode" not in stream.metadata and not chapters:  # which are written anew
            yield say("a track of data ({name}) is left out", name=stream.name or say("unknown"))


def _is_seen_through(frame: VideoFrame) -> bool:
    """Whether a frame has pixels that are not opaque, and not only room for them."""
    if not any(component.is_alpha for component in frame.format.components):
        return False
    return bool(frame.to_ndarray(format="rgba")[..., 3].min() < 255)
