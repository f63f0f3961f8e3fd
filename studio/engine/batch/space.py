"""How much room the results will take, estimated before the first one is made."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from studio.core.errors import StudioError
from studio.core.formats.disk import resolved
from studio.core.formats.suffixes import SUFFIXES
from studio.core.picture_files import read_size
from studio.core.requests import SaveOptions
from studio.engine.batch.plan import Item

_SAMPLED = 48  # pictures whose size in px is looked up; the others are taken to be like them
# Bytes a pixel of photos as the studio writes them: 4:4:4 at a quality of 92, 8 bits a channel.
_BYTES = {
    "JPEG": 0.6, "PNG": 1.8, "WEBP": 0.3, "TIFF": 2.0, "AVIF": 0.25, "HEIC": 0.3,
    "BMP": 3.0, "GIF": 0.7,
}  # fmt: skip
_LOSSLESS = 1.5  # bytes a pixel of WebP and HEIC without loss
# The estimate may be too high by this: less room than that is clearly not enough.
_DOUBT = 2.5


def estimate(
    items: Sequence[Item], scale: int, save: SaveOptions, check: Callable[[], None]
) -> int:
    """Size of the results in bytes.

    Args:
        items: what is still to be done.
        scale: how many times as wide and high as the picture a result is.
        save: how results are written.
        check: called now and then; what it raises ends the estimate.
    """
    total = sum(item.size for item in items)
    sampled = results = 0
    for item in items[:: max(1, len(items) // _SAMPLED)]:
        check()
        try:
            width, height = read_size(item.source)
        except StudioError:
            continue  # a picture that cannot be opened needs no room
        sampled += item.size
        results += round(width * height * scale**2 * _bytes(item.output, save))
    return round(total * results / sampled) if sampled else 0


def free_bytes(folder: Path) -> int:
    """Room on the disk of a folder, which need not exist yet."""
    existing = next(path for path in (folder, *resolved(folder).parents) if path.exists())
    return shutil.disk_usage(existing).free


def refuse_full_disk(needed: int, free: int, folder: Path) -> None:
    """Raises a StudioError where the disk clearly does not suffice."""
    if needed > free * _DOUBT:
        raise StudioError(
            f"the results need about {_size(needed)}, and the disk of {folder} has {_size(free)}",
            "make room, or give a folder on another disk",
        )


def _bytes(output: Path, save: SaveOptions) -> float:
    kind = SUFFIXES[output.suffix.lower()]
    return _LOSSLESS if save.lossless and kind in {"WEBP", "HEIC"} else _BYTES[kind]


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
