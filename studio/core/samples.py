"""Photos that scikit-image ships: to show what a model does, to measure it, to learn a style on.

No weights that ship were trained on them.

To look for one imports scikit-image, which takes a while: it is done when somebody asks.
"""

from pathlib import Path

NAMES = ("astronaut.png", "coffee.png", "chelsea.png", "rocket.jpg", "motorcycle_left.png")


def sample_photo(name: str) -> Path:
    """The file of one of `NAMES`."""
    import skimage.data

    return Path(skimage.data.__file__).with_name(name)


def sample_photos() -> list[Path]:
    """The files of all of `NAMES`."""
    return [sample_photo(name) for name in NAMES]
