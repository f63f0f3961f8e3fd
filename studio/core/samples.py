"""Photos that scikit-image ships: to try a tool on, to show and measure it, to learn a style on.

No weights that ship were trained on them.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from studio.core.words.said import say

TITLES = {
    "astronaut.png": say("Astronaut"),
    "coffee.png": say("Coffee"),
    "chelsea.png": say("Cat"),
    "rocket.jpg": say("Rocket"),
    "motorcycle_left.png": say("Motorcycle"),
}
NAMES = tuple(TITLES)


def sample_photo(name: str) -> Path:
    """The file of one of `NAMES`."""
    return _folder() / name


def sample_photos() -> list[Path]:
    """The files of all of `NAMES`."""
    return [sample_photo(name) for name in NAMES]


def is_sample(path: Path) -> bool:
    """Whether a file is one of them, which nobody wants results beside."""
    return path.name in NAMES and path.parent == _folder()


@cache
def _folder() -> Path:
    """Found without importing scikit-image, which takes a while.

    Raises:
        ModuleNotFoundError: it is not installed.
    """
    found = find_spec("skimage")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("no module named 'skimage'", name="skimage")
    return Path(found.origin).with_name("data")
