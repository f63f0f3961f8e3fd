"""What a video file holds beside its moving pictures: sound, subtitles, fonts, a cover, titles."""

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import cast

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import AttachmentStream, Stream
from av.subtitles.stream import SubtitleStream
from av.video.stream import VideoStream

from studio.core.errors import StudioError
from studio.core.video.clip import Clip, is_cover
from studio.core.video.frames import Copied
from studio.core.words.said import say
from studio.engine.video.languages import written
from studio.engine.video.lost import title_of
from studio.engine.video.sound import SILENT, CodedSound
from studio.engine.video.texts import CodedTexts

_PICTURE_TAGS = frozenset({"language", "title", "timecode", "handler_name"})
"""What stays of the moving pictures' own metadata; the rest tells of how they were encoded."""

_PICTURES = {name: (name, f"image/{name}") for name in ("png", "bmp", "gif", "webp")}
"""Suffix and kind of covers, by FFmpeg's names of their formats; all others are JPEGs."""

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
        coded: what it holds in another way, for people.

    Raises:
        StudioError: the new file cannot hold the clip's sound.
    """

    def __init__(
        self, clip: Clip, source: InputContainer, file: OutputContainer, output: Path
    ) -> None:
        self.left_out: list[str] = []
        self.coded: list[str] = []
        self._file, self._suffix = file, output.suffix
        self._streams: dict[int, Stream] = {}
        self._coders: dict[int, CodedSound | CodedTexts] = {}
        for index in clip.copied:
            self._add(source.streams[index])
        for stream in source.streams:
            if isinstance(stream, AttachmentStream):
                self._attach(stream)
        covers = [stream for stream in source.streams.video if is_cover(stream)]
        self._covers = list(self._pictures(source, covers))

    @property
    def pairs(self) -> dict[int, int]:
        """Index of a copied stream of the clip, and of the one that it became."""
        return {index: stream.index for index, stream in self._streams.items()}

    @property
    def covers(self) -> "list[Packet[Stream]]":
        """Packets that come before all others."""
        return self._covers

    def take(self, copied: Copied) -> "Sequence[Packet[Stream]]":
        """What becomes of a packet in the new file; nothing where its stream was left out."""
        if coder := self._coders.get(copied.stream):
            return [*coder.of(cast("Packet[AudioStream]", copied.packet))]
        stream = self._streams.get(copied.stream)
        if stream is None:
            return []
        copied.packet.stream = stream
        return [copied.packet]

    def rest(self) -> "Sequence[Packet[Stream]]":
        """What is held back until the end."""
        return [packet for coder in self._coders.values() for packet in coder.rest()]

    def _add(self, stream: Stream) -> None:
        """A stream that takes another one's packets; subtitles that do not fit are left out."""
        if _takes(self._file.format.name, stream):
            copy = self._file.add_stream_from_template(stream)
        elif isinstance(stream, AudioStream):
            copy = self._code(stream)
        else:
            copy = self._code_texts(stream)
        if copy is None:
            return
        copy.metadata.update(_with_language(stream.metadata, self._suffix))
        if title := title_of(stream):
            copy.metadata["title"] = title
            copy.metadata.pop("name", None)
        copy.disposition = stream.disposition
        self._streams[stream.index] = copy

    def _code(self, stream: AudioStream) -> Stream:
        """A stream of sound that is coded anew."""
        name = stream.codec_context.name
        try:
            sound = CodedSound(stream, self._file)
        except (FFmpegError, ValueError) as error:
            raise StudioError(
                say(
                    "{suffix} files cannot hold the clip's sound ({name})",
                    suffix=self._suffix,
                    name=name,
                ),
                "convert the sound to AAC",
            ) from error
        self._coders[stream.index] = sound
        self.coded.append(
            say(
                "the sound ({name}) does not fit; it is coded anew as {other}",
                name=name,
                other=sound.name,
            )
        )
        return sound.stream

    def _code_texts(self, stream: Stream) -> Stream | None:
        """A stream of subtitles that is coded anew; None: they are pictures."""
        name = stream.codec_context.name
        try:
            texts = CodedTexts(cast("SubtitleStream", stream), self._file)
        except (FFmpegError, ValueError):
            self.left_out.append(say("the subtitles ({name})", name=name))
            return None
        self._coders[stream.index] = texts
        self.coded.append(
            say(
                "the subtitles ({name}) do not fit; they are coded anew as {other}",
                name=name,
                other=texts.name,
            )
        )
        return texts.stream

    def _attach(self, stream: AttachmentStream) -> None:
        """A file within the file, such as a font of the subtitles."""
        name = stream.name or stream.metadata.get("filename") or "attachment"
        if self._suffix.lower() != ".mkv":
            self.left_out.append(say("the attachment {name}", name=name))
            return
        kind = stream.mimetype or stream.metadata.get("mimetype") or "application/octet-stream"
        self._file.add_attachment(name, kind, stream.data)

    def _pictures(
        self, source: InputContainer, covers: list[VideoStream]
    ) -> "Iterator[Packet[Stream]]":
        """The packets of the covers, as far as the new file can hold them."""
        if not covers:
            return
        if self._suffix.lower() in {".webm", ".mov"}:
            self.left_out.append(say("the cover"))
            return
        found = {each.stream.index: each for each in _first_packets(source, covers)}
        for cover in covers:
            packet = found.get(cover.index)
            if packet is None:
                continue
            if self._suffix.lower() == ".mkv":  # which has covers as attachments
                suffix, kind = _PICTURES.get(cover.codec_context.name, ("jpg", "image/jpeg"))
                name = cover.metadata.get("filename") or f"cover.{suffix}"
                self._file.add_attachment(name, kind, bytes(packet))
                continue
            copy = self._file.add_stream_from_template(cover)
            copy.disposition = cover.disposition
            packet.stream = copy
            yield packet


def _takes(container: str, stream: Stream) -> bool:
    """Whether a container, by FFmpeg's name, has a place for a stream as it is, and players too.

    FFmpeg says no to some as it adds them, and to others only as it writes what the file begins
    with; so it is tried.
    """
    if container == "mp4" and stream.codec_context.name.startswith(SILENT):
        return False
    try:
        with av.open(io.BytesIO(), "w", format=container) as trial:
            trial.add_stream_from_template(stream)
            trial.start_encoding()
    except (FFmpegError, ValueError):
        return False
    return True


def _first_packets(source: InputContainer, covers: list[VideoStream]) -> "Iterator[Packet[Stream]]":
    """One packet of each."""
    awaited = {cover.index for cover in covers}
    for packet in source.demux(*covers):
        if packet.size and packet.stream.index in awaited:
            awaited.remove(packet.stream.index)
            yield packet
        if not awaited:
            return


def tags_of(stream: VideoStream, suffix: str) -> dict[str, str]:
    """What stays of the metadata of the moving pictures, in a file with a suffix."""
    tags = {**_with_language(stream.metadata, suffix), "title": title_of(stream)}
    return {k: value for k, value in tags.items() if k.lower() in _PICTURE_TAGS and value}


def _with_language(tags: Mapping[str, str], suffix: str) -> dict[str, str]:
    """A track's metadata with the code that the new file has for its language."""
    language = {name: written(code, suffix) for name, code in tags.items() if name == "language"}
    return {**tags, **language}
