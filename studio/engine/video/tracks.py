"""What a video file holds beside its moving pictures: sound, subtitles, fonts, a cover, titles."""

from collections.abc import Iterator
from pathlib import Path

from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import AttachmentStream, Stream
from av.video.stream import VideoStream

from studio.core.errors import StudioError
from studio.core.video.clip import Clip, is_cover
from studio.core.video.frames import Copied

_PICTURE_TAGS = frozenset({"language", "title", "timecode"})
"""What stays of the moving pictures' own metadata; the rest tells of how they were encoded."""

_QUICKTIME = "com.apple.quicktime."


def is_of_quicktime(container: InputContainer) -> bool:
    """Whether a file's metadata are keys of QuickTime, as telephones write them."""
    return any(name.startswith(_QUICKTIME) for name in container.metadata)


class Tracks:
    """Streams of a new file that take a clip's packets.

    Args:
        clip: where they come from.
        source: the clip's file, open.
        file: the new file, before anything was written into it.
        output: the name that it will have.

    Attributes:
        left_out: what the new file cannot hold, for people.

    Raises:
        StudioError: the new file cannot hold the clip's sound.
    """

    def __init__(
        self, clip: Clip, source: InputContainer, file: OutputContainer, output: Path
    ) -> None:
        self.left_out: list[str] = []
        self._file, self._suffix = file, output.suffix
        self._streams: dict[int, Stream] = {}
        for index in clip.copied:
            self._add(source.streams[index])
        for stream in source.streams:
            if isinstance(stream, AttachmentStream):
                self._attach(stream)
        covers = [stream for stream in source.streams.video if is_cover(stream)]
        self._covers = list(self._pictures(source, covers))

    @property
    def covers(self) -> "list[Packet[Stream]]":
        """Packets that come before all others."""
        return self._covers

    def take(self, copied: Copied) -> bool:
        """Makes a packet one of the new file; False: its stream was left out."""
        stream = self._streams.get(copied.stream)
        if stream is not None:
            copied.packet.stream = stream
        return stream is not None

    def _add(self, stream: Stream) -> None:
        """A stream that takes another one's packets; subtitles that do not fit are left out."""
        try:
            copy = self._file.add_stream_from_template(stream)
        except (FFmpegError, ValueError) as error:
            if stream.type == "subtitle":
                self.left_out.append(f"the subtitles ({stream.codec_context.name})")
                return
            raise StudioError(
                f"{self._suffix} files cannot hold the clip's sound ({stream.codec_context.name})",
                "choose .mkv, which holds all kinds",
            ) from error
        copy.metadata.update(stream.metadata)
        copy.disposition = stream.disposition
        self._streams[stream.index] = copy

    def _attach(self, stream: AttachmentStream) -> None:
        """A file within the file, such as a font of the subtitles."""
        name = stream.name or stream.metadata.get("filename") or "attachment"
        if self._suffix.lower() != ".mkv":
            self.left_out.append(f"the attachment {name}")
            return
        kind = stream.mimetype or stream.metadata.get("mimetype") or "application/octet-stream"
        self._file.add_attachment(name, kind, stream.data)

    def _pictures(
        self, source: InputContainer, covers: list[VideoStream]
    ) -> "Iterator[Packet[Stream]]":
        """The packets of the covers, as far as the new file can hold them."""
        if not covers:
            return
        if self._suffix.lower() == ".webm":
            self.left_out.append("the cover")
            return
        copies = {cover.index: self._file.add_stream_from_template(cover) for cover in covers}
        for index, copy in copies.items():
            copy.disposition = source.streams[index].disposition
        for packet in source.demux(*covers):
            if packet.size:
                packet.stream = copies.pop(packet.stream.index)
                yield packet
            if not copies:
                return


def tags_of(stream: VideoStream) -> dict[str, str]:
    """What stays of the metadata of the moving pictures."""
    return {name: value for name, value in stream.metadata.items() if name in _PICTURE_TAGS}
