"""What happens to photos: blur, camera noise, JPEG. Each damage with the level it is told by."""

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class Damage:
    """Levels as people read them.

    Attributes:
        noise: standard deviation in grey levels of 255.
        jpeg: quality, 100 for none.
        blur: standard deviation of a Gaussian in px.
        camera: whether the noise is that of a camera: stronger in the light, partly smoothed,
            with its colours tied; else independent and Gaussian.
        rounded: whether the result is rounded and clipped to 8 bits, as in a file.
    """

    noise: float = 0.0
    jpeg: int = 100
    blur: float = 0.0
    camera: bool = False
    rounded: bool = True


def draw_damage(random: np.random.Generator) -> Damage:
    """A random damage; more than half of them are Gaussian noise alone, as denoising is measured.

    Photos that are both noisy and compressed are many: cameras save JPEG files. Strong noise is
    drawn more often than weak, as it takes the longest to learn.
    """
    kind = random.choice(("noise", "jpeg", "camera", "all", "none"), p=(0.6, 0.12, 0.04, 0.2, 0.04))
    noise = 60 * float(random.uniform()) ** 0.5 if random.random() < 0.9 else 0.0
    quality = int(np.clip(100 - random.exponential(45), 5, 98))
    match kind:
        case "noise":
            return Damage(noise, rounded=bool(random.random() < 0.3))
        case "jpeg":
            return Damage(jpeg=quality)
        case "camera":
            return Damage(noise * 0.6, camera=True)
        case "all":
            return Damage(
                noise=float(random.uniform(0, 40)) if random.random() < 0.7 else 0.0,
                jpeg=quality if random.random() < 0.7 else 100,
                blur=float(random.uniform(0.3, 1.6)) if random.random() < 0.5 else 0.0,
                camera=bool(random.random() < 0.5),
            )
        case _:
            return Damage()


def damage(photo: Floats, what: Damage, random: np.random.Generator) -> Floats:
    """Damages a photo.

    Args:
        photo: (H, W, 3) in [0, 1].
        what: how.
        random: the source of randomness.

    Returns:
        (H, W, 3); in [0, 1] where it is rounded.
    """
    if what.blur:
        photo = gaussian_filter(photo, (what.blur, what.blur, 0), mode="reflect", truncate=3)
    if what.noise:
        noise = random.standard_normal(photo.shape, np.float32)
        if what.camera:
            noise = _as_a_camera(photo, noise, random)
        photo = photo + noise * np.float32(what.noise / 255)
    if what.rounded:
        photo = np.rint(photo.clip(0, 1) * 255) / np.float32(255)
    if what.jpeg < 100:
        photo = compress(photo, what.jpeg, random)
    return photo.astype(np.float32)


def _as_a_camera(photo: Floats, noise: Floats, random: np.random.Generator) -> Floats:
    """Noise of a demosaiced, gamma-corrected sensor; its mean square over the photo stays 1."""
    tie = random.uniform(0, 0.7)  # demosaicing ties the channels
    noise = (1 - tie) * noise + tie * noise.mean(2, keepdims=True) * np.float32(3**0.5)
    smooth = random.uniform(0, 0.8)
    if smooth > 0.25:  # and neighbours
        noise = gaussian_filter(noise, (smooth, smooth, 0), mode="wrap", truncate=3)
    shot = random.uniform(0, 1)  # shot noise grows with the light
    noise = noise * np.sqrt(1 - shot + shot * photo / max(float(photo.mean()), 1e-3))
    return (noise / np.sqrt(np.square(noise).mean() + 1e-12)).astype(np.float32)


def compress(photo: Floats, quality: int, random: np.random.Generator | None = None) -> Floats:
    """A photo (H, W, 3) in [0, 1] after JPEG, its colours at half size as is usual.

    Args:
        photo: the photo.
        quality: of JPEG.
        random: shifts the grid of blocks by a random offset; None leaves it at the corner.
    """
    left, top = (0, 0) if random is None else random.integers(0, 8, 2)
    padded = np.pad(photo, ((top, 0), (left, 0), (0, 0)), mode="edge")
    file = BytesIO()
    Image.fromarray(np.rint(padded.clip(0, 1) * 255).astype(np.uint8)).save(
        file, "JPEG", quality=quality
    )
    with Image.open(file) as image:
        pixels = np.asarray(image.convert("RGB"), np.float32) / 255
    return pixels[top:, left:]
