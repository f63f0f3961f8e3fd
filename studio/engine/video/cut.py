"""A part of a clip: what is shown and heard between two moments of it."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from av.packet import Packet
from av.stream import Stream

from studio.core.errors import StudioError
from studio.core.video.clip import Clip
from studio.core.video.frames import Copied, Frame
from studio.core.words.said import say
from studio.engine.video.kept import Items

_SLACK = 1e-4  # seconds: a time that was rounded on its way still means its frame
_LATE = 2.0  # seconds that sound may lie behind its frames in a file


def part_of(clip: Clip, begin: float, end: float | None) -> Clip:
    """A clip as if there were a part of it alone.

    Args:
        clip: all of it.
        begin: of the part, in seconds from the clip's beginning.
        end: of the part, likewise; None: the clip's end.

    Raises:
        StudioError: there is no such part.
    """
    if end is not None and end <= begin:
        raise StudioError(
            say("a part from {begin:g} s to {end:g} s has no length", begin=begin, end=end),
            "let it end later",
        )
    if clip.seconds and begin >= clip.seconds:
        raise StudioError(
            say("{path} is {seconds:.1f} s long", path=clip.path, seconds=clip.seconds),
            "let the part begin sooner",
        )
    ends = min(filter(None, (end, clip.seconds)), default=begin)
    start = clip.start + Fraction(begin).limit_denominator(1_000_000)
    return replace(clip, start=start, seconds=ends - begin)


def cut(items: Items, clip: Clip, begin: float, end: float | None) -> Items:
    """The frames and packets of a part, at their times in it; it begins with what is shown then.

    Args:
        items: of the whole clip, in the file's order.
        clip: as in `part_of`.
        begin: as in `part_of`.
        end: as in `part_of`.

    Raises:
        StudioError: no frame is shown there.
    """
    ends = float("inf") if end is None else end - _SLACK
    before: Frame | None = None  # the last one that begins before the part
    is_empty = True
    try:
        for item in items:
            if isinstance(item, Copied):
                yield from _moved(item, begin, ends)
            elif item.seconds >= ends + _LATE:
                break
            elif item.seconds < begin - _SLACK:
                before = item
            elif item.seconds < ends:
                if before is not None and item.seconds > begin + _SLACK:
                    yield _in_part(before, clip, begin, ends)
                before, is_empty = None, False
                yield _in_part(item, clip, begin, ends)
        if before is not None:
            yield _in_part(before, clip, begin, ends)
        elif is_empty:
            raise StudioError(
                say("{path} has no frames there", path=clip.path), "choose another part"
            )
    finally:
        items.close()


def _in_part(frame: Frame, clip: Clip, begin: float, ends: float) -> Frame:
    """A frame at its time in the part, for as long as it is shown there."""
    first = round(Fraction(begin) / clip.time_base)
    pts, over = max(0, frame.pts - first), frame.pts + frame.duration
    if ends != float("inf"):
        over = min(over, round(Fraction(ends + _SLACK) / clip.time_base))
    length = max(1, over - first - pts) if frame.duration else 0
    return replace(frame, pts=pts, duration=length, seconds=max(0.0, frame.seconds - begin))


def _moved(copied: Copied, begin: float, ends: float) -> Iterator[Copied]:
    """A packet at its time in the part, if it begins there; what is written is shortened to fit."""
    packet: Packet[Stream] = copied.packet
    base, pts = packet.time_base, packet.pts
    if pts is None:
        return
    starts, length = float(pts * base), float((packet.duration or 0) * base)
    is_text = packet.stream.type == "subtitle"
    over = starts >= ends or starts < begin - _SLACK
    if over and not (is_text and starts < ends and starts + length > begin):
        return
    shift = round(Fraction(begin) / base)
    if is_text:
        last = min(starts + length, ends)
        packet.duration = round(Fraction(last - max(starts, begin)) / base)
    packet.pts = max(0, pts - shift)
    packet.dts = None if packet.dts is None else max(0, packet.dts - shift)
    yield copied
