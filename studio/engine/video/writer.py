"""Writes a video file: new frames with the old timestamps, and the other streams untouched."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

import av
import numpy as np
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError, InvalidDataError
from av.packet import Packet
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from studio.core.errors import StudioError
from studio.core.files.disk import write_error
from studio.core.requests import Codec
from studio.core.video.clip import Clip, square_size, video_stream
from studio.core.video.colours import SITED
from studio.core.video.frames import Copied
from studio.core.video.orientation import Samples, to_bytes
from studio.core.video.planes import Planes
from studio.core.words.said import say
from studio.engine.video.lost import OF_THE_FILE
from studio.engine.video.tracks import Tracks, is_of_quicktime, tags_of

if TYPE_CHECKING:
    from av.container.core import Chapter  # a type that is in PyAV's stubs alone

CONTAINERS = {
    ".mp4": ("mp4", "libx264", "libx265"),
    ".m4v": ("mp4", "libx264", "libx265"),
    ".mov": ("mov", "libx264", "libx265"),
    ".mkv": ("matroska", "libx264", "libx265"),
    ".webm": ("webm", "libvpx-vp9", ""),
}
"""Suffix, in lower case, to FFmpeg's names of the container and of its encoders for 8 and 10 bits.

H.264 of 10 bits is played by few devices, HEVC of 10 bits by most.
"""

_OPTIONS = {
    # The format, which means nothing today, is what makes it say the range too.
    "libx264": {"preset": "fast", "x264-params": "videoformat=component"},
    "libx265": {"preset": "fast", "x265-params": "log-level=error:bframes=0"},
    "libvpx-vp9": {"cpu-used": "5", "row-mt": "1", "b": "0"},
}

_RECORD = ("comment", "synopsis", "lyrics", "grouping")
"""Tags for how a file was made; the first that the clip has not filled itself."""


def container_of(path: Path, codec: Codec = "auto") -> tuple[str, str, str]:
    """The container of a file's suffix, and its encoders; see `CONTAINERS`.

    Raises:
        StudioError: no video is written under it, or none with this codec.
    """
    found = CONTAINERS.get(path.suffix.lower())
    if found is None:
        raise StudioError(
            say(
                "videos cannot be saved as '{suffix}' ({name})", suffix=path.suffix, name=path.name
            ),
            say("choose one of {known}", known=list(CONTAINERS)),
        )
    if codec == "auto":
        return found
    name, _, hevc = found
    if not hevc:
        words = say("{suffix} holds no HEVC ({name})", suffix=path.suffix, name=path.name)
        raise StudioError(words, "choose .mp4, .mov or .mkv")
    return name, hevc, hevc


class Writer:
    """Encodes frames in the order in which they are shown and copies packets between them.

    Args:
        clip: what is translated.
        part: a new file that is written.
        output: the name that it will have; its suffix decides the container.
        scale: how many times as wide and high as the clip's the frames are.
        quality, codec: as in the request.
        request_json: how the file was made, in JSON; empty: it does not say so.

    Attributes:
        notes: what of the clip does not come along, and what was added.

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
        codec: Codec,
        request_json: str,
    ) -> None:
        self._clip, self._name = clip, str(output)
        name, usual, deep = container_of(output, codec)
        self._deep = clip.colours.bits > 8 and bool(deep)
        self._begun: set[int] = set()  # the clip's streams of which something was copied
        self._damaged = 0  # packets
        self._lengths: dict[int, int] = {}  # ticks, by timestamp, of frames in the encoder
        with av.open(str(clip.path)) as source:
            options = _options(name, clip, source)
            try:
                self._file: OutputContainer = av.open(str(part), "w", format=name, options=options)
            except OSError as error:
                raise write_error(error, self._name) from error
            self._open_stream(deep if self._deep else usual, scale, quality)
            pictures = video_stream(source, clip.path)
            self._pictures = pictures.index
            self._stream.metadata.update(tags_of(pictures, output.suffix))
            self._stream.disposition = pictures.disposition
            told = source.metadata.items()
            self._file.metadata.update({k: v for k, v in told if k.lower() not in OF_THE_FILE})
            if request_json and (place := _free(source)):
                self._file.metadata[place] = request_json
            self._file.set_chapters(_chapters(clip, source))
            self._tracks = Tracks(clip, source, self._file, output)
            if self._tracks.covers:
                self._mux(self._tracks.covers)

    @property
    def notes(self) -> list[str]:
        """See the class."""
        notes = [
            say("{what} cannot be kept in the new file", what=what)
            for what in self._tracks.left_out
        ]
        notes += self._tracks.coded
        bits, kept = self._clip.colours.bits, 10 if self._deep else 8
        if bits > kept:
            notes.append(
                say("the clip has {bits} bits a channel; {kept} are kept", bits=bits, kept=kept)
            )
        if self._squares:
            notes.append(say("the clip's pixels are not square; in a WebM they are made so"))
        if any(self._padding):
            notes.append(say("players ask for even sides: the edge's px are repeated once"))
        return notes

    def frame(self, pixels: Samples, pts: int, duration: int) -> None:
        """Encodes a frame (H, W, 3) RGB, upright; timestamp and duration in the clip's ticks.

        Raises:
            StudioError: the disk is full, or the like.
        """
        pixels = pixels if self._deep else to_bytes(pixels)
        if self._squares:
            pixels = self._clip.with_square_pixels(to_bytes(pixels))
        stored = self._clip.orientation.stored(pixels)
        if any(self._padding):
            across, down = self._padding
            stored = np.pad(stored, ((0, down), (0, across), (0, 0)), mode="edge")
        frame = self._planes.of(cast("Samples", stored))
        frame.pts, frame.time_base, frame.duration = pts, self._clip.time_base, duration
        self._lengths[pts] = duration
        self._encode(frame)

    def copy(self, copied: Copied) -> None:
        """Copies a packet, or what it becomes; one of a stream that was left out is dropped.

        So is one that is damaged, if it is not the first one of its stream.
        """
        taken = self._tracks.take(copied)
        try:
            self._file.mux(taken)
        except InvalidDataError as error:
            if copied.stream not in self._begun:
                raise self._trouble(error) from error
            self._damaged += 1
        except FFmpegError as error:
            raise self._trouble(error) from error
        self._begun.add(copied.stream)

    def close(self, tell: Callable[[str], None]) -> None:
        """Ends the file; tells of what was left out on the way."""
        self._encode(None)
        self._mux(self._tracks.rest())
        self._end()
        if self._damaged:
            tell(
                say(
                    "packets of sound or subtitles that are damaged ({count}) are left out",
                    count=self._damaged,
                )
            )

    @property
    def pairs(self) -> dict[int, int]:
        """Index of each stream of the clip that was written, and of the one that it became."""
        return {self._pictures: self._stream.index, **self._tracks.pairs}

    def abandon(self) -> None:
        """Closes the file, whatever state it is in; the caller removes it."""
        try:
            self._file.close()
        except (FFmpegError, OSError, ValueError):
            return  # it is given up anyway

    def _open_stream(self, codec: str, scale: int, quality: int) -> None:
        clip = self._clip
        width, height = (side * scale for side in clip.size)
        # Only in the streams of the other encoders it stands; PyAV has no access to the container.
        self._squares = codec == "libvpx-vp9" and clip.aspect not in {None, Fraction(1)}
        if self._squares:
            width, height = square_size(width, height, clip.aspect or Fraction(1))
        crf = round(max(4, min(48, 18 + (92 - quality) * 0.38)))
        options = {**_OPTIONS[codec], **SITED, "crf": str(crf)}
        stream = self._file.add_stream(codec, rate=clip.rate, options=options)
        self._stream = cast("VideoStream", stream)
        context = self._stream.codec_context
        # With half the resolution of colours, as every player wants it, both have even sides.
        self._padding = (width % 2, height % 2) if codec != "libvpx-vp9" else (0, 0)
        context.width, context.height = width + self._padding[0], height + self._padding[1]
        kind, made = ("rgb48le", "yuv420p10le") if self._deep else ("rgb24", "yuv420p")
        context.pix_fmt = made
        self._planes = Planes(
            (context.width, context.height), kind, made, clip.colours.scaler, clip.colours.range
        )
        if codec == "libx265" and self._file.format.name != "matroska":
            context.codec_tag = "hvc1"  # Apple's players know no other
        context.time_base = self._stream.time_base = clip.time_base
        context.max_b_frames = 0  # no frame waits for a later one, so that no timestamp shifts
        colours = clip.colours
        context.color_primaries, context.color_trc = colours.primaries, colours.transfer
        context.colorspace, context.color_range = colours.matrix, colours.range
        if clip.aspect is not None and not self._squares:
            context.sample_aspect_ratio = Fraction(clip.aspect)
        if clip.orientation.matrix is not None:
            self._stream.set_display_matrix(clip.orientation.matrix)

    def _encode(self, frame: VideoFrame | None) -> None:
        try:
            packets = self._stream.encode(frame)
        except FFmpegError as error:
            raise self._trouble(error) from error
        for packet in packets:
            length = self._lengths.pop(packet.pts or 0, 0)
            if length:  # the last frame stays as long as it did
                packet.duration = round(length * self._clip.time_base / packet.time_base)
        self._mux(packets)

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
            say(
                "{name} was not written: its container refused the clip ({why})",
                name=self._name,
                why=error.strerror,
            ),
            "choose .mkv, which holds all kinds",
        )


def _chapters(clip: Clip, source: InputContainer) -> "list[Chapter]":
    """The clip's chapters on the clock of its frames, which begins at 0, as far as they go."""
    chapters = source.chapters()
    for chapter in chapters:
        late = round(clip.start / (chapter["time_base"] or Fraction(1, 1000)))
        chapter["start"] = max(0, chapter["start"] - late)
        chapter["end"] = max(0, chapter["end"] - late)
    length = clip.seconds or float("inf")
    return [c for c in chapters if c["end"] and c["start"] * (c["time_base"] or 0) < length]


def _free(source: InputContainer) -> str | None:
    """A tag that all containers have, and in which the clip itself says nothing."""
    taken = {name.casefold() for name in source.metadata}
    return next((place for place in _RECORD if place not in taken), None)


def _options(name: str, clip: Clip, source: InputContainer) -> dict[str, str]:
    """FFmpeg's options of the new file."""
    if name not in {"mp4", "mov"}:
        return {}
    ticks = {"video_track_timescale": str(clip.time_base.denominator)}
    return {**ticks, "movflags": "use_metadata_tags"} if is_of_quicktime(source) else ticks
