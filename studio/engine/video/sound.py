"""Sound that a container cannot hold as it is, coded anew."""

from collections.abc import Iterator

from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Stream

SILENT = ("pcm_", "vorbis")
"""How the names of codecs begin that an MP4 can hold and most of its players do not know."""
_OPUS_RATE = 48_000  # Hz, the one rate at which all of it is coded
_MOST_RATE = 48_000  # Hz, that all players of AAC know
_BITS = 96_000  # a second and channel
_LAYOUTS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}
"""By the number of channels, of which a clip need not say where each is heard; others: stereo."""


class CodedSound:
    """A stream of a new file in AAC, or of a WebM in Opus.

    Args:
        source: the clip's stream; its decoder outlives its open file.
        file: the new file.

    Attributes:
        stream: of the new file.
        name: of the way in which it is coded now.

    Raises:
        FFmpegError, ValueError: the sound cannot be decoded, or coded.
    """

    def __init__(self, source: AudioStream, file: OutputContainer) -> None:
        is_webm = file.format.name == "webm"
        self._decoder = source.codec_context
        self._decoder.open(strict=False)
        self.name = "Opus" if is_webm else "AAC"
        rate = _OPUS_RATE if is_webm else min(source.rate, _MOST_RATE)
        self.stream: AudioStream = file.add_stream("libopus" if is_webm else "aac", rate=rate)
        coder = self.stream.codec_context
        coder.layout = _LAYOUTS.get(source.layout.nb_channels, "stereo")
        coder.bit_rate = _BITS * coder.layout.nb_channels
        coder.open()  # which says whether it can

    def of(self, packet: "Packet[AudioStream] | None") -> "Iterator[Packet[Stream]]":
        """What becomes of a packet, which is nothing if it is damaged; None: no other one comes."""
        try:
            decoded = [*self._decoder.decode(packet)]
        except FFmpegError:
            return
        for frame in decoded:
            yield from self.stream.encode(frame)  # at the rate of the coder

    def rest(self) -> "Iterator[Packet[Stream]]":
        """What is held back until the end."""
        yield from self.of(None)
        yield from self.stream.encode(None)
