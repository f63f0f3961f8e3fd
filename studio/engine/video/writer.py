"""Writes a video file: new frames with the old timestamps, and the other streams untouched."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

import av
from av.container import OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from studio.core.errors import StudioError
from studio.core.formats.disk import write_error
from studio.engine.video.orientation import Pixels
from studio.engine.video.reader import EXACT, Clip, Copied

CONTAINERS = {
    ".mp4": ("mp4", "libx264"),
    ".m4v": ("mp4", "libx264"),
    ".mov": ("mov", "libx264"),
    ".mkv": ("matroska", "libx264"),
    ".webm": ("webm", "libvpx-vp9"),
}
"""Suffix, in lower case, to FFmpeg's names of the container and of the encoder."""

_OPTIONS = {"libx264": {"preset": "fast"}, "libvpx-vp9": {"cpu-used": "5", "row-mt": "1", "b": "0"}}
_LIMITED, _FULL = 1, 2  # ranges of luma


def container_of(path: Path) -> tuple[str, str]:
    """The container and the encoder of a file's suffix.

    Raises:
        StudioError: no video is written under it.
    """
    found = CONTAINERS.get(path.suffix.lower())
    if found is None:
        raise StudioError(
            f"videos cannot be saved as '{path.suffix}' ({path.name})",
            f"choose one of {', '.join(CONTAINERS)}",
        )
    return found


class Writer:
    """Encodes frames in the order in which they are shown and copies packets between them.

    Args:
        clip: what is translated.
        part: a new file that is written.
        output: the name that it will have; its suffix decides the container.
        scale: how many times as wide and high as the clip's the frames are.
        quality: 1 to 100.
        metadata: goes into the file beside the clip's own.

    Raises:
        StudioError: the file cannot be made, or the container does not take the clip's sound.
    """

    def __init__(
        self,
        clip: Clip,
        part: Path,
        output: Path,
        scale: int,
        quality: int,
        metadata: dict[str, str],
    ) -> None:
        self._clip, self._name = clip, str(output)
        self.left_out: list[str] = []
        name, codec = container_of(output)
        ticks = {"video_track_timescale": str(clip.time_base.denominator)}
        try:
            self._file: OutputContainer = av.open(
                str(part), "w", format=name, options=ticks if name in {"mp4", "mov"} else {}
            )
        except OSError as error:
            raise write_error(error, self._name) from error
        self._open_stream(codec, scale, quality)
        self._copies: dict[int, Stream] = {}
        with av.open(str(clip.path)) as source:
            self._file.metadata.update({**source.metadata, **metadata})
            self._file.set_chapters(source.chapters())
            for index in clip.copied:
                self._add_copy(source.streams[index])

    def frame(self, pixels: Pixels, pts: int, duration: int) -> None:
        """Encodes a frame (H, W, 3) uint8 RGB, upright; timestamp and duration in the clip's ticks.

        Raises:
            StudioError: the disk is full, or the like.
        """
        stored = self._clip.orientation.stored(pixels)
        frame = VideoFrame.from_ndarray(stored, format="rgb24").reformat(
            format=self._stream.codec_context.pix_fmt,
            dst_colorspace=self._clip.matrix,
            dst_color_range=self._range,
            interpolation=EXACT,
        )
        frame.pts, frame.time_base, frame.duration = pts, self._clip.time_base, duration
        self._mux(self._stream.encode(frame))

    def copy(self, copied: Copied) -> None:
        """Copies a packet; one of a stream that was left out is dropped."""
        stream = self._copies.get(copied.stream)
        if stream is not None:
            copied.packet.stream = stream
            self._mux([copied.packet])

    def close(self) -> None:
        """Ends the file."""
        self._mux(self._stream.encode(None))
        self._end()

    def abandon(self) -> None:
        """Closes the file, whatever state it is in; the caller removes it."""
        try:
            self._file.close()
        except (FFmpegError, OSError, ValueError):
            return  # it is given up anyway

    def _open_stream(self, codec: str, scale: int, quality: int) -> None:
        clip = self._clip
        width, height = (side * scale for side in clip.size)
        crf = round(max(4, min(48, 18 + (92 - quality) * 0.38)))
        options = {**_OPTIONS[codec], "crf": str(crf)}
        stream = self._file.add_stream(codec, rate=clip.rate, options=options)
        self._stream = cast("VideoStream", stream)
        context = self._stream.codec_context
        context.width, context.height = width, height
        context.pix_fmt = "yuv444p" if width % 2 or height % 2 else "yuv420p"
        context.time_base = self._stream.time_base = clip.time_base
        context.max_b_frames = 0  # no frame waits for a later one, so that no timestamp shifts
        self._range = _FULL if clip.colours[3] == _FULL else _LIMITED
        context.color_primaries, context.color_trc, context.colorspace, _ = clip.colours
        context.color_range = self._range
        if clip.aspect is not None:
            context.sample_aspect_ratio = Fraction(clip.aspect)
        if clip.orientation.matrix is not None:
            self._stream.set_display_matrix(clip.orientation.matrix)

    def _add_copy(self, stream: Stream) -> None:
        """A stream that takes another one's packets; subtitles that do not fit are left out."""
        try:
            copy = self._file.add_stream_from_template(stream)
        except (FFmpegError, ValueError) as error:
            if stream.type == "subtitle":
                self.left_out.append(f"the subtitles ({stream.codec_context.name})")
                return
            raise self._unfit(stream) from error
        copy.metadata.update(stream.metadata)
        self._copies[stream.index] = copy

    def _unfit(self, stream: Stream) -> StudioError:
        suffix = Path(self._name).suffix
        return StudioError(
            f"{suffix} files cannot hold the clip's sound ({stream.codec_context.name})",
            "choose .mkv, which holds all kinds",
        )

    def _mux(self, packets: "Sequence[Packet[Stream]]") -> None:
        try:
            self._file.mux(packets)
        except FFmpegError as error:
            raise self._trouble(error) from error

    def _end(self) -> None:
        try:
            self._file.close()
        except FFmpegError as error:
            raise self._trouble(error) from error

    def _trouble(self, error: FFmpegError) -> StudioError:
        if isinstance(error, OSError):
            return write_error(error, self._name)
        return StudioError(
            f"{self._name} was not written: its container refused the clip ({error.strerror})",
            "choose .mkv, which holds all kinds",
        )
