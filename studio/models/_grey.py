"""Whether a photo is a grey one, which stays so: nets would tint it a little."""

from torch import Tensor

_APART = 1.5 / 255  # difference of channels up to which a photo is grey
_ROWS = 256  # of a large photo that are looked at together


def is_grey(photo: Tensor, missing: Tensor | None = None) -> bool:
    """Whether what is known of a photo has no colours.

    Args:
        photo: (1, 3, H, W) in [0, 1].
        missing: (1, 1, H, W), 1 where it is not known, else 0; None: nowhere.
    """
    for top in range(0, photo.shape[2], _ROWS):
        rows = slice(top, top + _ROWS)
        apart = photo[:, :, rows].amax(1) - photo[:, :, rows].amin(1)
        if missing is not None:
            apart = apart * (1 - missing[:, 0, rows])
        if float(apart.amax()) > _APART:
            return False
    return True
