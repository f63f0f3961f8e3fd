"""Where the net for any painting looks: at squares of the size at which it learned to."""

from itertools import product

SIDE = 288  # px


def glances(height: int, width: int) -> list[tuple[slice, slice]]:
    """Squares that cover a picture, evenly spread: its rows and columns in px.

    What is smaller than a square is seen whole.
    """
    return list(product(_spread(height), _spread(width)))


def _spread(length: int) -> list[slice]:
    gaps = -(-length // SIDE) - 1
    free = max(0, length - SIDE)
    starts = [round(free * number / max(1, gaps)) for number in range(gaps + 1)]
    return [slice(start, start + SIDE) for start in starts]
