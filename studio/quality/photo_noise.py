"""The noise that real photos have, drawn: of cameras, of film; and how noise is measured.

Brooks et al., "Unprocessing Images for Learned Raw Denoising" (2019); Guo et al., "CBDNet" (2019).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve, gaussian_filter

Floats = NDArray[np.floating]

# Rows: luma, and two axes of colour. Orthonormal: independent noise is as strong in each.
_AXES = np.array([[1, 1, 1], [1, -1, 0], [1, 1, -2]], np.float32) / np.sqrt(
    np.array([[3], [2], [6]], np.float32)
)
_LAG = 8  # px; grain that is larger counts as colour blotches do: by its strength alone
# From a camera's colours to sRGB's, about the mean of many (Brooks et al., section 3.3).
_TO_SRGB = np.array([[1.7, -0.55, -0.15], [-0.2, 1.5, -0.3], [0.0, -0.55, 1.55]], np.float32)
_GREEN = np.array([[0, 1, 0], [1, 4, 1], [0, 1, 0]], np.float32) / 4
_OTHER = np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]], np.float32) / 4


@dataclass(frozen=True)
class Noise:
    """Noise as it is told.

    Attributes:
        luma: standard deviation in grey levels of 255, as independent noise of the three channels
            would have that is as strong in luma.
        colour: the same in colour.
        size: how many px wide a grain of luma is, 1 to 5; 1 for independent pixels.
    """

    luma: float = 0.0
    colour: float = 0.0
    size: float = 1.0


def measure_noise(noise: Floats) -> Noise:
    """Measures noise alone (H, W, 3), in [-1, 1].

    A grain covers as many pixels as the squares of luma's autocorrelation sum up to: 1 for
    independent pixels, 2 pi s^2 for noise blurred by a Gaussian of s px.
    """
    luma, *colours = np.moveaxis((noise - noise.mean((0, 1))) @ _AXES.T, 2, 0)
    spectrum = np.fft.rfft2(luma)
    correlation = np.fft.irfft2(np.square(np.abs(spectrum)), s=luma.shape)
    alike = np.square(correlation / max(float(correlation[0, 0]), 1e-12))
    near = np.r_[-_LAG : _LAG + 1]
    by_chance = (near.size**2 - 1) / luma.size
    area = max(1.0, float(alike[np.ix_(near, near)].sum()) - by_chance)
    strength = float(np.std(luma)) * 255
    return Noise(
        strength,
        float(np.sqrt(np.mean(np.square(colours)))) * 255,
        min(5.0, area**0.5) if strength > 0.1 else 1.0,
    )


def camera_noise(photo: Floats, strength: float, random: np.random.Generator) -> Floats:
    """A sensor's noise after demosaicing, white balance, gamma and some noise reduction.

    Args:
        photo: (H, W, 3) in [0, 1].
        strength: root of its mean square, in grey levels of 255.
        random: the source of randomness.

    Returns:
        (H, W, 3), to be added.
    """
    gains = np.array([random.uniform(1.4, 2.6), 1, random.uniform(1.4, 2.6)], np.float32)
    mixed = np.eye(3, dtype=np.float32) * (1 - (mix := random.uniform(0, 1))) + _TO_SRGB * mix
    linear = np.maximum(photo, 1e-3).astype(np.float32) ** 2.2
    raw = np.maximum(linear @ np.linalg.inv(mixed).T.astype(np.float32), 0) / gains
    read = random.uniform(0.003, 0.06)  # variance beside shot noise's at full light
    noise = random.standard_normal(photo.shape, np.float32) * np.sqrt(raw + np.float32(read))
    noise = _demosaiced(noise) * gains @ mixed.T
    # Gamma steepens the shadows; above a share of the light noise is small, and the slope does.
    slope = np.maximum(linear, 0.02) ** (1 / 2.2 - 1)
    return _scaled(_reduced(noise * slope, random), strength)


def film_grain(
    photo: Floats, strength: float, random: np.random.Generator, softest: float = 2.2
) -> Floats:
    """Grain of 1 to 5 px, strongest in the mid-tones, grey or coloured; see `camera_noise`.

    Args:
        photo: (H, W, 3) in [0, 1].
        strength: see `camera_noise`.
        random: the source of randomness.
        softest: blur in px of the largest; a grain is 2.5 times as wide.
    """
    blur = random.uniform(0.3, 1.0 if random.random() < 0.4 else softest)
    tie = random.uniform(0.6, 1) if random.random() < 0.6 else random.uniform(0, 0.6)
    noise = random.standard_normal(photo.shape, np.float32)
    noise = np.sqrt(1 - tie) * noise + np.sqrt(tie) * noise[..., :1]
    if random.random() < 0.1:
        noise = np.repeat(noise[..., :1], 3, 2)
    noise = gaussian_filter(noise, (blur, blur, 0), mode="wrap", truncate=3)
    light = photo.mean(2, keepdims=True)
    floor = random.uniform(0.15, 1)
    return _scaled(noise * (floor + (1 - floor) * 4 * light * (1 - light)), strength)


def colour_blotches(
    shape: tuple[int, ...],
    strength: float,
    random: np.random.Generator,
    softest: float = 6.4,
) -> Floats:
    """Soft spots of wrong colour, 4 to 16 px wide, that change no luma; see `film_grain`."""
    blur = random.uniform(1.6, softest)
    noise = random.standard_normal((*shape[:2], 2), np.float32)
    noise = gaussian_filter(noise, (blur, blur, 0), mode="wrap", truncate=3)
    return _scaled(noise @ _AXES[1:], strength)


def _scaled(noise: Floats, strength: float) -> Floats:
    """Noise whose mean square's root is `strength` grey levels of 255."""
    rms = float(np.sqrt(np.square(noise).mean()))
    return (noise * np.float32(strength / 255 / max(rms, 1e-9))).astype(np.float32)


def _demosaiced(noise: Floats) -> Floats:
    """What a mosaic of red, green, green, blue keeps of (H, W, 3), the rest interpolated."""
    kept = np.zeros_like(noise)
    kept[::2, ::2, 0] = noise[::2, ::2, 0]
    kept[::2, 1::2, 1] = noise[::2, 1::2, 1]
    kept[1::2, ::2, 1] = noise[1::2, ::2, 1]
    kept[1::2, 1::2, 2] = noise[1::2, 1::2, 2]
    kernels = (_OTHER, _GREEN, _OTHER)
    return np.stack([convolve(kept[..., i], kernels[i], mode="mirror") for i in range(3)], 2)


def _reduced(noise: Floats, random: np.random.Generator) -> Floats:
    """What noise reduction leaves: softer luma, and colours in larger spots."""
    luma = noise @ _AXES[0]
    colours = noise @ _AXES[1:].T
    if random.random() < 0.6:
        blur, share = random.uniform(0.4, 1.4), random.uniform(0.4, 1)
        luma = luma + share * (gaussian_filter(luma, blur, mode="wrap", truncate=3) - luma)
    if random.random() < 0.6:
        blur, share = random.uniform(0.5, 4), random.uniform(0.4, 1)
        soft = gaussian_filter(colours, (blur, blur, 0), mode="wrap", truncate=3)
        colours = (colours + share * (soft - colours)) * random.uniform(0.3, 1.5)
    return luma[..., None] * _AXES[0] + colours @ _AXES[1:]
