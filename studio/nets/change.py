"""How a generator says what it changes, without torch: for its tensors and for numpy's arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor

_MOST = 3.0  # contrast of the photo that a change can be added to, in its own


def changed(photos: Tensor, found: Tensor) -> Tensor:
    """Photos (N, 3, H, W) with the change that was found (N, 5, H, W), beyond [0, 1] too.

    The contrast is the square of the last channel, for fine steps near 0, up to three times the
    photo's own.
    """
    return photos * (_MOST * found[:, 4:] ** 2) + 2 * found[:, :3] - 1
