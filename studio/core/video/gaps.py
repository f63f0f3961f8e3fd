"""Frames that are not in a damaged file at all: who demuxes it skips to where it can go on."""

from collections.abc import Callable
from fractions import Fraction

from av.packet import Packet
from av.stream import Stream

from studio.core.words.said import say

_UNREAD = 256  # bytes between packets that are more than heads
_SOON = 1  # seconds: a packet that is known to be damaged stands so near to those that are lost
_MOST = 5  # gaps that are named
_HOLE = Fraction(1, 5)  # seconds

_Hole = tuple[Fraction, Fraction]


class Gaps:
    """Watches the packets of a file for times without frames, and damage or silence beside them.

    Either alone is no sign: a clip may show a frame for long, and joined recordings look damaged.

    Args:
        shown: the stream of moving pictures.
        format_: FFmpeg's name of the file's format.
        usual: seconds that a frame stays.
        tell: takes what is lost, in words for people.
    """

    def __init__(
        self, shown: Stream, format_: str, usual: Fraction, tell: Callable[[str], None]
    ) -> None:
        self._shown, self._usual, self._tell = shown, usual, tell
        # Packets of these have nothing between them.
        self._is_read_through = "matroska" in format_ or format_ == "flv"
        self._at = self._read = 0  # bytes: where the last packet stands, and ends
        self._next: Fraction | None = None  # seconds at which the next frame is due
        self._damaged = Fraction(-2 * _SOON)  # seconds at which damage was seen
        self._setting = self._found = 0
        self._sounds: dict[int, tuple[int, Fraction]] = {}  # setting, and when the next is due
        self._unseen: _Hole | None = None  # the last hole of the pictures, without damage beside it
        self._silent: _Hole | None = None  # that of the sound

    def see(self, packet: "Packet[Stream]", setting: int) -> None:
        """Takes a packet, of any stream, with its time on the clip's own clock.

        Args:
            packet: the next one of the file.
            setting: as `Clock.setting` of it: where recordings were joined nothing is lost.
        """
        is_damaged = packet.is_corrupt or self._skips(packet)
        if packet.dts is None or not packet.size:
            return
        now = packet.dts * packet.time_base
        if is_damaged:
            self._damaged = now
        if packet.stream.type == "audio":
            self._listen(packet, setting, now)
        if packet.stream is not self._shown:
            return
        due = self._next if setting == self._setting else None
        self._setting = setting
        self._next = now + max(self._usual, (packet.duration or 0) * packet.time_base)
        if due is None or now < due + self._usual:
            return
        if self._damaged >= due - _SOON:
            self._say(say("the file is damaged: its frames from {part} are lost"), due, now)
        elif now - due > _HOLE:
            self._unseen = due, now
            self._compare()

    def _listen(self, packet: "Packet[Stream]", setting: int, now: Fraction) -> None:
        """Takes the time of a packet of sound."""
        before, due = self._sounds.get(packet.stream.index, (setting, now))
        self._sounds[packet.stream.index] = setting, now + (packet.duration or 0) * packet.time_base
        if before == setting and now - due > _HOLE:
            self._silent = due, now
            self._compare()

    def _compare(self) -> None:
        """Tells of a time of which there is neither picture nor sound."""
        if self._unseen is None or self._silent is None:
            return
        start, end = (pick(self._unseen[n], self._silent[n]) for n, pick in enumerate((max, min)))
        if start < end:
            words = say(
                "the file has neither frames nor sound from {part}: it is damaged, or paused there"
            )
            self._say(words, *self._unseen)
            self._unseen = self._silent = None

    def _say(self, words: str, start: Fraction, end: Fraction) -> None:
        self._found += 1
        if self._found <= _MOST:
            part = say("{begin:.2f} s to {end:.2f} s", begin=float(start), end=float(end))
            self._tell(say(words, part=part))

    def _skips(self, packet: "Packet[Stream]") -> bool:
        """Whether bytes before a packet belong to none, or who read it went back to find it."""
        if not self._is_read_through or packet.pos is None or packet.pos < 0:
            return False
        is_laced = packet.pos == self._at  # several packets in one block
        unread = packet.pos - self._read if self._read else 0  # a file's head is as long as it is
        self._at, self._read = packet.pos, (self._read if is_laced else packet.pos) + packet.size
        return not is_laced and abs(unread) > _UNREAD
