"""How a clip's colours are stored: as ITU-T H.273 numbers them."""

from dataclasses import dataclass, replace

from av.video.frame import VideoFrame

from studio.core.words.said import say

_RGB, _BT709, _UNSAID, _SMPTE170M = 0, 1, 2, 6
_SCALER = {1: 1, 4: 4, 5: 5, 6: 5, 7: 7, 9: 9, 10: 9}
"""Matrices of luma and chroma, by H.273's numbers, as FFmpeg's scaler numbers them."""

BT601 = 5  # the scaler's number
LIMITED, FULL = 1, 2  # ranges of luma
SITED = {"chroma_sample_location": "left"}
"""FFmpeg's option of codecs: of two columns that share a chroma sample, it belongs to the left."""

_HIGH = 720  # px of height from which on players take what says nothing for BT.709


@dataclass(frozen=True)
class Colours:
    """H.273's numbers of primaries, transfer and matrix; FFmpeg's scaler's own of the matrix.

    Attributes:
        full: whether luma takes all of the range.
        bits: of a channel.
        notes: what becomes of them, for people.
    """

    primaries: int
    transfer: int
    matrix: int
    full: bool
    bits: int
    scaler: int
    notes: tuple[str, ...] = ()

    @property
    def range(self) -> int:
        """FFmpeg's number of the range."""
        return FULL if self.full else LIMITED

    @property
    def named(self) -> "Colours":
        """The same with a matrix, where the clip does not say which."""
        if self.matrix != _UNSAID:
            return self
        return replace(self, matrix=_BT709 if self.scaler == _SCALER[_BT709] else _SMPTE170M)


_WIDE = 64  # px
_SAMPLINGS = {(64, 64): "4:4:4", (32, 64): "4:2:2", (64, 32): "4:4:0", (16, 64): "4:1:1"}
"""Chroma samples across and down for so many px, where they are more than 32 either way."""


def _finer(frame: VideoFrame) -> str:
    """How often chroma is stored, where that is more often than it will be; else empty."""
    chroma = frame.format
    if len(chroma.components) < 3:
        return ""
    return _SAMPLINGS.get((chroma.chroma_width(_WIDE), chroma.chroma_height(_WIDE)), "")


def read_colours(frame: VideoFrame) -> Colours:
    """Those of a decoded frame, as they are written again: as luma and chroma."""
    matrix, full = frame.colorspace, frame.color_range == FULL
    usual = _BT709 if frame.height >= _HIGH else _SMPTE170M
    notes: list[str] = []
    if frame.format.is_rgb or matrix == _RGB:
        name = "BT.709" if usual == _BT709 else "BT.601"
        notes.append(say("the clip is RGB; it is written as luma and chroma of {name}", name=name))
        matrix, full = usual, False
    elif matrix != _UNSAID and matrix not in _SCALER:
        notes.append(
            say("the clip's colour matrix ({matrix} of H.273) is taken for BT.601", matrix=matrix)
        )
    if finer := _finer(frame):
        notes.append(
            say(
                "the clip's colours ({finer}) are written at half their resolution (4:2:0)",
                finer=finer,
            )
        )
    bits = max((component.bits for component in frame.format.components), default=8)
    scaler = _SCALER.get(usual if matrix == _UNSAID else matrix, BT601)
    return Colours(frame.color_primaries, frame.color_trc, matrix, full, bits, scaler, tuple(notes))
