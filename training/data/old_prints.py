"""Photos as prints that have grown old: grey or faded, with grain, scratched; and whole."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.quality.photo_noise import film_grain
from training.data.damage import compress
from training.data.scenes import draw_scene
from training.data.scratches import draw_holes, scratch

Floats = NDArray[np.floating]
Learns = Literal["both", "inpainter", "finder"]
_LEAST = (0.08, 0.3)  # share of a photo that is missing: the more, the more there is to learn
_SCENES = 0.1  # share of what a finder sees that is drawn, see `training.data.scenes`
_WHOLE = 0.75  # share of these in which the finder shall find nothing
_UNDAMAGED = 0.34  # share of the others in which the finder shall find nothing


@dataclass(frozen=True)
class Print:
    """What the inpainter and the finder learn from, of one photo.

    Attributes:
        clean: (H, W, 3) float32 in [0, 1], what should come out.
        given: the same with grain, for the inpainter.
        holes: (H, W) bool, where it is to fill.
        scratched: (H, W, 3) what the finder sees.
        damaged: (H, W) bool, what it shall find.
        thin: whether what is missing is lines or dust.
    """

    clean: Floats
    given: Floats
    holes: NDArray[np.bool_]
    scratched: Floats
    damaged: NDArray[np.bool_]
    thin: bool


def draw_print(photo: Floats, random: np.random.Generator, learns: Learns = "both") -> Print:
    """An old print of a clean photo.

    Args:
        photo: (H, W, 3) float32 in [0, 1].
        random: the source of randomness.
        learns: what; it has no holes for a finder, no damage for an inpainter.
    """
    drawn = learns == "finder" and random.random() < _SCENES
    if drawn:
        photo = draw_scene(photo, random)
    clean = _faded(photo, random)
    grain = np.zeros_like(clean)
    if random.random() < 0.35:
        grain = film_grain(clean, random.uniform(1, 14), random)
        if np.ptp(clean, 2).max() < 1e-3:
            grain = np.repeat(grain[..., :1], 3, 2)
    holes, thin = np.zeros(photo.shape[:2], bool), False
    scratched, damaged = clean, np.zeros_like(holes)
    if learns != "finder":
        holes, thin = draw_holes((photo.shape[0], photo.shape[1]), random.uniform(*_LEAST), random)
    if learns != "inpainter" and random.random() >= (_WHOLE if drawn else _UNDAMAGED):
        scratched, damaged = _scratched(clean, random)
    scratched = (scratched + grain).clip(0, 1)
    if random.random() < 0.35:
        scratched = compress(scratched, int(random.integers(50, 98)), random)
    given = (clean + grain).clip(0, 1)
    return Print(
        clean, given.astype(np.float32), holes, scratched.astype(np.float32), damaged, thin
    )


def _scratched(photo: Floats, random: np.random.Generator) -> tuple[Floats, NDArray[np.bool_]]:
    """A photo with damage on it, and where; some was scanned larger, which is softer and wider."""
    height, width = photo.shape[:2]
    factor = random.uniform(1.3, 3) if random.random() < 0.4 else 1.0
    size = (round(width / factor), round(height / factor))
    both = scratch(_resized(photo, size), random)
    damaged = _resized(np.repeat(both.damaged[..., None].astype(np.float32), 3, 2), (width, height))
    return _resized(both.given, (width, height)), damaged[..., 0] > 0.5


def _resized(photo: Floats, size: tuple[int, int]) -> Floats:
    """A photo (H, W, 3) float32 at another (width, height)."""
    if photo.shape[1::-1] == size:
        return photo
    how = cv2.INTER_AREA if size[0] < photo.shape[1] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(photo, size, interpolation=how), np.float32)


def _faded(photo: Floats, random: np.random.Generator) -> Floats:
    """Black and white, sepia, pale, or as it is."""
    what = random.random()
    if what > 0.4:
        return photo
    if what < 0.25:
        photo = np.repeat((photo @ (0.299, 0.587, 0.114))[..., None], 3, 2)
    if what > 0.15:
        black, white = random.uniform(0, 0.2, 3), random.uniform(0.75, 1, 3)
        if random.random() < 0.5:
            white[1:] = white[0] * np.array([0.92, 0.78]) ** random.uniform(0, 1)
        photo = black + (white - black) * photo
    return photo.astype(np.float32)
