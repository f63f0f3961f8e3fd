"""Earlier results that a discriminator is shown again."""

import numpy as np
import torch
from torch import Tensor


class Pool:
    """Earlier results, half of what is shown to a critic (Shrivastava et al. 2017; Zhu, 4).

    Args:
        size: how many are kept.
        seed: of the choice.
    """

    def __init__(self, size: int, seed: int) -> None:
        self._size = size
        self._kept: list[Tensor] = []
        self._random = np.random.default_rng(seed)

    def exchange(self, pictures: Tensor) -> Tensor:
        """Keeps some of (N, 3, S, S), and gives earlier ones of that size in their place."""
        if self._kept and self._kept[0].shape != pictures.shape[1:]:
            self._kept.clear()
        shown: list[Tensor] = []
        for picture in pictures:
            if len(self._kept) < self._size:
                self._kept.append(picture)
            elif self._random.random() < 0.5:
                place = int(self._random.integers(self._size))
                self._kept[place], picture = picture, self._kept[place]  # noqa: PLW2901
            shown.append(picture)
        return torch.stack(shown)
