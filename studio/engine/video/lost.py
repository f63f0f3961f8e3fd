"""What of a clip's words its new file lacks: containers drop unsaid what they cannot hold."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import av
from av.container import InputContainer
from av.stream import Disposition, Stream

from studio.core.formats.boxes import has_credentials
from studio.core.words.said import say
from studio.engine.video.languages import is_same

OF_THE_FILE = frozenset(
    {"encoder", "software", "major_brand", "minor_version", "compatible_brands", "duration",
     "handler_name", "vendor_id", "alpha_mode", "filename", "mimetype", "bps",
     # of MXF (SMPTE 377-1, identification)
     "operational_pattern_ul", "uid", "generation_uid", "product_uid", "company_name",
     "product_name", "product_version", "product_version_num", "toolkit_version_num",
     "application_platform", "modification_date", "material_package_umid", "file_package_umid"}
)  # fmt: skip
"""Tags that tell how a file was written."""
_FLAGS = (
    Disposition.forced, Disposition.comment, Disposition.hearing_impaired,
    Disposition.visual_impaired, Disposition.original, Disposition.dub, Disposition.descriptions,
)  # fmt: skip


def lost(source: Path, written: Path, pairs: Mapping[int, int]) -> list[str]:
    """What is missing, in words for people.

    Args:
        source: the clip.
        written: the new file.
        pairs: index of a stream of the clip, and of the one that it became.
    """
    with av.open(str(source)) as before, av.open(str(written)) as after:
        found = [*_of_all(before, after), *_of_streams(before, after, pairs)]
    with source.open("rb") as file:
        return [*found, say("content credentials")] if has_credentials(file) else found


def _of_all(before: InputContainer, after: InputContainer) -> Iterator[str]:
    had, has = _words(before.metadata), _words(after.metadata)
    for stream in after.streams:
        has |= {n: text for n, text in stream.metadata.items() if n == "timecode"}
    names = [name for name, text in had.items() if name not in has and text not in has.values()]
    if names:
        yield say("what it says under {names}", names=names)
    if before.chapters() and not after.chapters():
        yield say("its chapters")


def _of_streams(
    before: InputContainer, after: InputContainer, pairs: Mapping[int, int]
) -> Iterator[str]:
    for old, new in pairs.items():
        one, other = before.streams[old], after.streams[new]
        kinds = {"audio": say("sound"), "subtitle": say("subtitles")}
        what = kinds.get(one.type, say("pictures"))
        language = one.metadata.get("language", "und")
        if language != "und" and not is_same(language, other.metadata.get("language", "und")):
            yield say("the language of its {what} ({language})", what=what, language=language)
        title = title_of(one)
        if title and title != title_of(other):
            yield say("the title of its {what} ({title})", what=what, title=title)
        for flag in _FLAGS:
            if one.disposition & flag and not other.disposition & flag:
                yield say("the mark '{name}' of its {what}", name=flag.name, what=what)


def title_of(stream: Stream) -> str:
    """The title of a track; MP4 calls it its name."""
    return stream.metadata.get("title") or stream.metadata.get("name", "")


def _words(metadata: Mapping[str, str]) -> dict[str, str]:
    named = {name.casefold(): text for name, text in metadata.items()}
    return {name: text for name, text in named.items() if name not in OF_THE_FILE}
