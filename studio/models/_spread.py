"""Parts spread over a photo, which say of a large one soon how it is as a whole."""

from collections.abc import Iterator

from torch import Tensor

_SIDE = 256  # px
_COUNT = 5  # parts a side at most


def spread(photo: Tensor) -> Iterator[Tensor]:
    """Parts (1, 3, h, w) of at most 256 px a side of a photo (1, 3, H, W), of a small one most."""
    for rows in _along(photo.shape[2]):
        for columns in _along(photo.shape[3]):
            yield photo[:, :, rows, columns]


def _along(length: int) -> list[slice]:
    """Parts of one side, spread evenly; they begin where JPEG's blocks do."""
    count = min(_COUNT, -(-length // _SIDE))
    room = max(0, length - _SIDE)
    starts = [round(room * (i + 0.5) / count) // 8 * 8 for i in range(count)]
    return [slice(start, start + _SIDE) for start in starts]
