"""The lines of pictures."""

from itertools import pairwise

import numpy as np
import pytest
import skimage.data

from studio.core.drawings.lines import find_lines, lay_out
from studio.core.picture import Picture


@pytest.mark.parametrize("name", ["chelsea", "coffee", "astronaut"])
def test_that_a_higher_threshold_never_adds_ink(name: str) -> None:
    pixels = getattr(skimage.data, name)().astype(np.float32) / 255
    outlines = lay_out(Picture(pixels), 256)
    amounts = [float(find_lines(outlines, share).sum()) for share in (0.0, 0.2, 0.4, 0.6, 0.8, 1)]
    assert all(more >= fewer for more, fewer in pairwise(amounts))
    assert amounts[1] > 0


def test_that_a_drawing_keeps_its_own_ink_as_lines() -> None:
    pixels = np.ones((300, 300, 3), np.float32)
    pixels[145:155, 50:250] = 0
    found = find_lines(lay_out(Picture(pixels), 256), 0.4)
    rows = np.flatnonzero(found[:, 128] > 0.5)
    assert rows.max() - rows.min() == len(rows) - 1, "one line, not its two edges"


@pytest.mark.parametrize("size", [(1, 1), (3000, 4), (7, 2000)])
def test_that_a_picture_of_any_shape_can_become_lines(size: tuple[int, int]) -> None:
    flat = Picture(np.full((size[1], size[0], 3), 0.5, np.float32))
    assert find_lines(lay_out(flat, 128), 0.3).shape == (128, 128)
