"""What happens to photos: blur, noise of all kinds, JPEG. Each with the levels it is told by."""

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import gaussian_filter

from studio.quality.photo_noise import (
    Noise,
    camera_noise,
    colour_blotches,
    film_grain,
    measure_noise,
)
from studio.quality.restoration import compressed

Floats = NDArray[np.floating]


class Kind(Enum):
    """Where noise comes from."""

    GAUSSIAN = "gaussian"  # drawn: independent for each pixel and channel
    CAMERA = "camera"
    FILM = "film"


@dataclass(frozen=True)
class Damage:
    """What is done to a photo, in this order.

    Attributes:
        grey: whether the photo is a black and white one, and its noise is grey.
        resize: how many times as large the photo was when it was taken.
        blur: standard deviation of a Gaussian in px of the result.
        kind: of the noise.
        noise: its standard deviation in grey levels of 255, before what follows.
        blotches: the same, of spots of wrong colour.
        large: whether film's grain and blotches may be half as large again as is usual.
        first_jpeg: quality of a compression before the photo is resized, 100 for none.
        sharpening: how much of what a blur takes away is added.
        cast: how far its colours and its contrast are off; stays, as the photo's own.
        dust: number of specks on 100 x 100 px.
        jpeg: quality of the last compression, 100 for none.
        rounded: whether the result is rounded and clipped to 8 bits, as in a file.
    """

    grey: bool = False
    resize: float = 1.0
    blur: float = 0.0
    kind: Kind = Kind.GAUSSIAN
    noise: float = 0.0
    blotches: float = 0.0
    large: bool = False
    first_jpeg: int = 100
    sharpening: float = 0.0
    cast: float = 0.0
    dust: float = 0.0
    jpeg: int = 100
    rounded: bool = True

    @property
    def plain(self) -> bool:
        """Whether the levels are known as they are: one damage alone, of the drawn kinds."""
        return self == Damage(noise=self.noise, rounded=self.rounded) or self == Damage(
            jpeg=self.jpeg
        )


@dataclass(frozen=True)
class Damaged:
    """A damaged photo and what it should become, both (H, W, 3) float32, and its levels."""

    clean: Floats
    given: Floats
    noise: Noise
    jpeg: int
    blur: float


def draw_damage(random: np.random.Generator, real: float = 0.5, large: float = 0.0) -> Damage:
    """A random damage: plainly drawn, most of it Gaussian noise, as is measured; or real.

    Strong noise is drawn more often than weak, as it takes the longest to learn.

    Args:
        random: the source of randomness.
        real: share of damage as cameras, film, and several of its kinds together do it.
        large: share of cameras' and film's damage whose grain or blotches may be large.
    """
    if random.random() < real:
        kind = random.choice(("both", "camera", "film"), p=(0.16, 0.44, 0.4))
    else:
        kind = random.choice(("noise", "jpeg", "none"), p=(0.5, 0.2, 0.3))
    quality = int(np.clip(100 - random.exponential(45), 5, 98))
    match kind:
        case "noise":
            noise = 60 * float(random.uniform()) ** 0.5 if random.random() < 0.9 else 0.0
            return Damage(noise=noise, rounded=bool(random.random() < 0.3))
        case "jpeg":
            return Damage(jpeg=quality)
        case "none":
            return Damage()
        case "both":
            return Damage(
                noise=float(random.uniform(0, 40)) if random.random() < 0.7 else 0.0,
                jpeg=quality if random.random() < 0.7 else 100,
                blur=float(random.uniform(0.3, 1.6)) if random.random() < 0.5 else 0.0,
            )
        case "camera":
            return _taken(Kind.CAMERA, 35, large, random)
        case _:
            return _taken(Kind.FILM, 40, large, random)


def _taken(kind: Kind, strongest: float, large: float, random: np.random.Generator) -> Damage:
    """A photo's life: taken, developed, perhaps scanned, sent, resized and saved again."""
    film = kind is Kind.FILM
    often = random.random
    is_large = often() < large
    blotches = float(random.uniform(1, 25 if is_large else 10))
    noise = strongest * float(random.uniform(0.03, 1)) ** 0.9
    blotches_alone = is_large and often() < 0.25
    resize = float(2 ** random.uniform(-0.8, 1)) if often() < 0.4 else 1.0
    return Damage(
        grey=often() < (0.25 if film else 0.04),
        resize=resize,
        blur=float(random.uniform(0.3, 1.2)) if often() < (0.3 if film else 0.15) else 0.0,
        kind=kind,
        noise=0.0 if blotches_alone else noise,
        blotches=blotches if blotches_alone or often() < (0.5 if is_large else 0.25) else 0.0,
        large=is_large,
        # On pixels that stay as they are its blocks would be those of the last one.
        first_jpeg=int(random.integers(50, 98)) if resize != 1 and often() < 0.6 else 100,
        sharpening=float(random.uniform(0.2, 1)) if often() < 0.3 else 0.0,
        cast=float(random.uniform(0, 1)) if often() < (0.5 if film else 0.15) else 0.0,
        dust=float(random.exponential(3)) if film and often() < 0.2 else 0.0,
        jpeg=int(np.clip(98 - random.exponential(22), 10, 98)) if often() < 0.6 else 100,
    )


def damage(photo: Floats, what: Damage, random: np.random.Generator) -> Damaged:
    """Damages a photo.

    Noise is told as it is measured in the result: what comes after it makes it weaker or larger.
    Sharpening, resizing and cast are not undone: they are the photo's own.

    Args:
        photo: (H, W, 3) in [0, 1].
        what: how.
        random: the source of randomness.
    """
    size = photo.shape[:2]
    then = tuple(round(side * what.resize) for side in size)
    wanted = _resized(photo.astype(np.float32), (then[0], then[1]))
    if what.grey:
        wanted = np.repeat(wanted.mean(2, keepdims=True), 3, 2)
    if what.cast:
        wanted = _faded(wanted, what.cast, random)
    soft = wanted
    if blur := what.blur * what.resize:
        soft = gaussian_filter(soft, (blur, blur, 0), mode="reflect", truncate=3)
    given = soft + _noise(soft, what, random)
    if what.first_jpeg < 100:
        given = compress(given, what.first_jpeg, random)
    pictures = [_resized(each, (size[0], size[1])) for each in (wanted, soft, given)]
    if what.sharpening:
        pictures = [_sharpened(each, what.sharpening) for each in pictures]
    wanted, soft, given = pictures
    if what.rounded:
        soft, given = (np.rint(each.clip(0, 1) * 255) / 255 for each in (soft, given))
    corner = random.integers(0, 8, 2)
    if what.jpeg < 100:
        given = compress(given, what.jpeg, corner=corner)
    noise = Noise(what.noise, what.noise)
    if not what.plain:
        without = compress(soft, what.jpeg, corner=corner) if what.jpeg < 100 else soft
        noise = measure_noise(given - without)
    if what.dust:
        given = _dusty(given, what.dust, random)
    return Damaged(wanted.clip(0, 1), given.astype(np.float32), noise, what.jpeg, what.blur)


def _resized(photo: Floats, size: tuple[int, int]) -> Floats:
    """A photo or noise (H, W, 3), float32, at another (height, width), bicubic."""
    if photo.shape[:2] == size:
        return photo
    channels = [
        Image.fromarray(np.ascontiguousarray(photo[..., channel], np.float32)).resize(
            (size[1], size[0]), Image.Resampling.BICUBIC
        )
        for channel in range(3)
    ]
    return np.stack([np.asarray(channel) for channel in channels], 2)


def _noise(photo: Floats, what: Damage, random: np.random.Generator) -> Floats:
    match what.kind:
        case Kind.GAUSSIAN:
            noise = random.standard_normal(photo.shape, np.float32)
            noise = noise * np.float32(what.noise / 255)
        case Kind.CAMERA:
            noise = camera_noise(photo, what.noise, random)
        case Kind.FILM:
            noise = film_grain(photo, what.noise, random, 3.3 if what.large else 2.2)
    if what.blotches:
        softest = 9.6 if what.large else 6.4
        noise = noise + colour_blotches(photo.shape, what.blotches, random, softest)
    return np.repeat(noise[..., :1], 3, 2) if what.grey else noise


def _faded(photo: Floats, how_far: float, random: np.random.Generator) -> Floats:
    """Another white and another black for each channel, another gamma for all."""
    white = 1 - how_far * random.uniform(0, 0.3, 3)
    black = how_far * random.uniform(0, 0.2, 3)
    gamma = 2 ** (how_far * random.uniform(-0.5, 0.5))
    return (black + (white - black) * photo.clip(0, 1) ** gamma).astype(np.float32)


def _sharpened(photo: Floats, amount: float) -> Floats:
    soft = gaussian_filter(photo, (1, 1, 0), mode="reflect", truncate=3)
    return photo + np.float32(amount) * (photo - soft)


def _dusty(photo: Floats, often: float, random: np.random.Generator) -> Floats:
    """Specks of 1 to 3 px, bright or dark."""
    specks = np.zeros((*photo.shape[:2], 1), np.float32)
    places = random.integers(0, photo.shape[:2], (random.poisson(often * specks.size / 1e4), 2))
    specks[tuple(places.T)] = 1
    blur = random.uniform(0.4, 0.9)
    specks = gaussian_filter(specks, (blur, blur, 0), truncate=3) * 2 * np.pi * blur**2
    specks = specks.clip(0, 1) * random.uniform(0.5, 1)
    return photo * (1 - specks) + specks * random.integers(2)


def compress(
    photo: Floats,
    quality: int,
    random: np.random.Generator | None = None,
    corner: NDArray[np.integer] | tuple[int, int] = (0, 0),
) -> Floats:
    """A photo (H, W, 3) in [0, 1] after JPEG whose blocks begin anywhere, float32.

    Args:
        photo: the photo.
        quality: of JPEG.
        random: shifts the grid of blocks by a random offset.
        corner: the offset, (down, right) in px, where it is not random.
    """
    top, left = corner if random is None else random.integers(0, 8, 2)
    padded = np.pad(photo, ((top, 0), (left, 0), (0, 0)), mode="edge")
    return compressed(padded, quality)[top:, left:].astype(np.float32)
