"""What the faces tool shows, as plain values."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Annotated

import numpy as np
from msgspec import Meta

from studio.core import latents
from studio.core.words.tongue import tr
from studio.gui.state.look import Look

LAST_SEED = (1 << 31) - 1
"""Of the first sample: what a field for numbers holds."""


@dataclass(frozen=True)
class Face:
    """A latent, and what it is called."""

    latent: tuple[float, ...]
    name: str


@dataclass(frozen=True)
class Pin:
    """A face that is kept, and its share of the mixture, 0 to 1."""

    face: Face
    share: Annotated[float, Meta(ge=0, le=1)] = 1.0


@dataclass(frozen=True)
class Album:
    """What a person has done with one set of weights.

    Attributes:
        look: the weights, and the sliders that move every face.
        seed: of the first sample; each further one has the next.
        pins: faces that are kept, in the order of a film through them.
        source: path of the file that faces were opened from; empty: of none.
    """

    look: Look
    seed: Annotated[int, Meta(ge=0, le=LAST_SEED)] = 0
    pins: tuple[Pin, ...] = ()
    source: str = ""

    @property
    def pinned(self) -> tuple[tuple[float, ...], ...]:
        """The latents of the pinned faces."""
        return tuple(pin.face.latent for pin in self.pins)

    @property
    def mixture(self) -> Face | None:
        """What lies between the pinned faces; None where fewer than two have a share."""
        mixed = [pin for pin in self.pins if pin.share > 0]
        if len(mixed) < 2:
            return None
        rows = np.asarray([pin.face.latent for pin in mixed], np.float32)
        latent = latents.mix(rows, [pin.share for pin in mixed])
        return Face(_numbers(latent), tr("Mixture of {count}", count=len(mixed)))

    @property
    def percents(self) -> list[int]:
        """The shares as they count in the mixture, in whole per cent that sum to 100."""
        total = sum(pin.share for pin in self.pins)
        if not total:
            return [0] * len(self.pins)
        exact = [100 * pin.share / total for pin in self.pins]
        found = [int(share) for share in exact]
        by_rest = sorted(range(len(exact)), key=lambda n: found[n] - exact[n])
        for n in by_rest[: 100 - sum(found)]:
            found[n] += 1
        return found

    def on_the_way(self, at: int, frames: int) -> Face:
        """The face at one of the frames of the way through the pinned ones and back."""
        rows = np.asarray(self.pinned, np.float32)
        latent = latents.walk(rows, frames, loop=True)[at]
        part, away = divmod(at * len(self.pins), frames)
        one, other = (self.pins[n % len(self.pins)].face for n in (part, part + 1))
        between = tr("Between {one} and {other}", one=one.name, other=other.name)
        return Face(_numbers(latent), between) if away else one

    def samples(self, count: int, size: int) -> list[Face]:
        """So many faces from the seed on, of latents with `size` numbers."""
        seeds = range(self.seed, self.seed + count)
        rows = latents.draw(seeds, size)
        return [
            Face(_numbers(row), tr("No. {number}", number=n))
            for n, row in zip(seeds, rows, strict=True)
        ]

    def is_pinned(self, face: Face) -> bool:
        """Whether a face is kept."""
        return any(pin.face.latent == face.latent for pin in self.pins)

    def pinning(self, face: Face) -> "Album":
        """With one more face kept; the mixture, without a share, so that it stays what it is."""
        share = 0.0 if face == self.mixture else 1.0
        return replace(self, pins=(*self.pins, Pin(face, share)))

    def with_pins(self, pins: Iterable[Pin]) -> "Album":
        """With more faces kept."""
        return replace(self, pins=(*self.pins, *(p for p in pins if not self.is_pinned(p.face))))

    def without(self, face: Face) -> "Album":
        """With one face kept no more."""
        kept = tuple(pin for pin in self.pins if pin.face.latent != face.latent)
        return replace(self, pins=kept)

    def sharing(self, index: int, share: float) -> "Album":
        """With another share for one of the pinned faces."""
        pins = list(self.pins)
        pins[index] = replace(pins[index], share=share)
        return replace(self, pins=tuple(pins))


def _numbers(latent: latents.Latents) -> tuple[float, ...]:
    return tuple(latent.tolist())
