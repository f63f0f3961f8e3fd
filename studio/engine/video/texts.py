"""Subtitles of text that a container cannot hold as they are, coded anew."""

from collections.abc import Iterator
from typing import Any, cast

from av.container import OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream
from av.subtitles.stream import SubtitleStream

_CODECS = {"mp4": "mov_text", "mov": "mov_text", "matroska": "subrip", "webm": "webvtt"}
"""FFmpeg's names of containers, and of the texts that players of each know."""


class CodedTexts:
    """A stream of subtitles in a new file; italics and the like stay where its codec has them.

    Args:
        source: the clip's stream; its decoder outlives its open file.
        file: the new file.

    Attributes:
        stream: of the new file.
        name: of the way in which it is coded now.

    Raises:
        FFmpegError, ValueError: the subtitles are pictures, or no decoder knows them.
    """

    def __init__(self, source: SubtitleStream, file: OutputContainer) -> None:
        self._decoder: Any = source.codec_context
        self._decoder.open(strict=False)
        if not self._decoder.subtitle_header:
            raise ValueError("no texts")
        self.name = _CODECS[file.format.name]
        self.stream = cast("SubtitleStream", file.add_stream(self.name))
        self._coder: Any = self.stream.codec_context
        self._coder.subtitle_header = self._decoder.subtitle_header
        self._coder.open()

    def of(self, packet: "Packet[Any]") -> "Iterator[Packet[Stream]]":
        """What becomes of a packet, which is nothing if it is damaged or shows nothing."""
        try:
            found = self._decoder.decode2(packet)
        except FFmpegError:
            return
        if found is None:
            return
        made: Packet[Any] = self._coder.encode_subtitle(found)
        made.stream, made.time_base = self.stream, packet.time_base
        made.pts, made.dts, made.duration = packet.pts, packet.dts, packet.duration
        yield made

    def rest(self) -> "Iterator[Packet[Stream]]":
        """What is held back until the end, which is nothing."""
        yield from ()
