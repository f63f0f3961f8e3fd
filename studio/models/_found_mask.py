"""A mask that a net finds: how a person's own is laid over it, and how it is shown.

Where the result is shown, numpy's arrays will do; see `ModelSpec.shares`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from studio.core.controls import SHOW, Choice, Option, Settings

if TYPE_CHECKING:
    from torch import Tensor

_TINT = (0.9, 0.1, 0.1)  # over the photo, RGB in [0, 1]
_OPACITY = 0.6

CHOICE = Choice(
    SHOW, "Show", "The result, the mask over the photo, or the mask alone.",
    (
        Option("result", "Result"), Option("overlay", "Mask over photo"),
        Option("mask", "Mask alone"),
    ), "result", after_net=True,
)  # fmt: skip
"""What `shown` goes by."""


def laid_over(found: Tensor, own: Tensor | None) -> Tensor:
    """The found mask with a person's own over it: all where that is white, nothing where black.

    Args:
        found: (1, 1, H, W) in [0, 1].
        own: (1, 1, H, W) in [0, 1]; what was found stays where it is mid-grey, or None.
    """
    if own is None:
        return found
    over = 2 * own - 1
    return found + (1 - found) * over.clip(0, None) + found * over.clip(None, 0)


def shown(photo: Tensor, changed: Tensor, mask: Tensor, settings: Settings) -> Tensor:
    """The photo, changed as far as mask and strength allow it; or the mask: (1, 3, H, W).

    Args:
        photo: (1, 3, H, W) in [0, 1].
        changed: the same, all over.
        mask: (1, 1, H, W) in [0, 1].
        settings: those of `CHOICE` and ``strength``.
    """
    match settings[SHOW]:
        case "mask":
            return mask.expand(-1, 3, -1, -1)
        case "overlay":
            tint = photo.new_tensor(_TINT).view(1, 3, 1, 1)
            return photo + (tint - photo) * mask * _OPACITY
        case _:
            return photo + (changed - photo) * (mask * cast("float", settings["strength"]))
