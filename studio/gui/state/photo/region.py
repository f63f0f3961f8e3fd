"""Which region of a photo to ask for, so that small moves of the view ask for nothing."""

Region = tuple[int, int, int, int]  # left, top, width, height in px of the photo
Seen = tuple[float, float, float, float]  # left, top, right, bottom in px

_GRID = 64  # px that a region's edges are snapped to
_LEAST_SPARE = 32.0  # px
# A region that holds more than so many times what a new one would is too much work for a slider.
_WASTE = 3


def region_for(seen: Seen, photo: tuple[int, int], spare: float, kept: Region | None) -> Region:
    """The region to look at.

    Args:
        seen: of the photo, that is to be seen.
        photo: (width, height) of the photo in px.
        spare: how much more to take on every side, as a share of its own side.
        kept: the region that was asked for last; it is kept if it still does.
    """
    left, top, right, bottom = seen
    starts, stops = [], []
    for start, stop, length in ((left, right, photo[0]), (top, bottom, photo[1])):
        more = max(_LEAST_SPARE, spare * (stop - start))
        starts.append(max(0, int(start - more) // _GRID * _GRID))
        stops.append(min(length, -(-int(stop + more) // _GRID) * _GRID))
    width, height = (stop - start for start, stop in zip(starts, stops, strict=True))
    new = (starts[0], starts[1], width, height)
    if kept is not None and _holds(kept, seen) and _area(kept) <= _WASTE * _area(new):
        return kept
    return new


def is_worth_it(region: Region, photo: tuple[int, int], preview_side: int) -> bool:
    """Whether a region tells more, or comes clearly sooner, than a preview of the whole photo."""
    return max(photo) > preview_side or _area(region) * 2 <= photo[0] * photo[1]


def _holds(region: Region, seen: Seen) -> bool:
    left, top, width, height = region
    inside = left <= seen[0] and top <= seen[1]
    return inside and seen[2] <= left + width and seen[3] <= top + height


def _area(region: Region) -> int:
    return region[2] * region[3]
