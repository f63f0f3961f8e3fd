"""One clock for all streams of a clip: it begins at 0 and is never set back."""

from dataclasses import dataclass
from fractions import Fraction

from av.packet import Packet
from av.stream import Stream

_BACK = Fraction(1, 10)  # seconds that decoding times may fall back by, as rounding makes them
_AHEAD = 10  # seconds: a larger gap tells of a clock that was set
_STEP = Fraction(1, 1000)  # seconds: the coarsest clock of the containers that are written
_SET = frozenset({"mpegts", "mpeg"})  # formats of recordings, whose clocks are set on the way


@dataclass
class _Track:
    """One stream.

    Attributes:
        setting: how many times its clock has been set.
        next: seconds, as mapped, at which its next packet is expected.
        last: ticks of the decoding time that was given out last.
    """

    setting: int = 0
    next: Fraction | None = None
    last: int | None = None


class Clock:
    """Maps the times of packets; what lies between sound and picture stays.

    Where recordings were joined the clock begins anew, for each stream a few packets sooner or
    later; what comes then follows what was before (as by FFmpeg's ``ts_offset``).

    Args:
        start: seconds at which the clip begins.
        format: FFmpeg's name of the clip's format.
    """

    def __init__(self, start: Fraction, format_: str) -> None:
        self._starts = [start]  # of each setting
        self._is_set = format_ in _SET
        self._tracks: dict[int, _Track] = {}

    def set(self, packet: "Packet[Stream]") -> None:
        """Gives a packet its time; one that has none keeps none."""
        base, known = packet.time_base, packet.pts if packet.dts is None else packet.dts
        if known is None:
            return
        track = self._tracks.setdefault(packet.stream.index, _Track())
        if packet.stream.type in {"video", "audio"}:
            self._follow(track, known * base)
        start = self._starts[track.setting]
        end = (known + (packet.duration or 0)) * base - start
        track.next = end if track.next is None else max(end, track.next)
        shift = round(start / base)
        packet.pts = None if packet.pts is None else packet.pts - shift
        packet.dts = None if packet.dts is None else packet.dts - shift

    def put_in_order(self, packet: "Packet[Stream]") -> None:
        """Gives a packet a decoding time behind its stream's last one, as containers ask for."""
        track = self._tracks.get(packet.stream.index)
        if track is None or packet.dts is None:
            return
        step = max(1, round(_STEP / packet.time_base))
        if track.last is not None and packet.dts < track.last + step:
            packet.dts = track.last + step
            packet.pts = None if packet.pts is None else max(packet.pts, packet.dts)
        track.last = packet.dts

    def _follow(self, track: _Track, raw: Fraction) -> None:
        """Goes over to the clock's next setting, if a packet's own time belongs to it."""
        if track.next is None or not self._is_set:
            return
        late = raw - self._starts[track.setting] - track.next
        if -_BACK <= late <= _AHEAD:
            return
        track.setting += 1
        if track.setting == len(self._starts):
            ends = [each.next for each in self._tracks.values() if each.next is not None]
            self._starts.append(raw - max(ends))
