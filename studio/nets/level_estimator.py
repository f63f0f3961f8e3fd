"""Finds how a photo is damaged: after the noise estimator of Guo et al., "CBDNet" (2019)."""

from collections.abc import Iterable
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

_ROOM = 8  # px a side that a coarser stage needs


class LevelEstimator(nn.Module):
    """Each place of a photo votes for the levels; a vote counts by its own confidence.

    Noise shows best where the photo is flat, blur best where it has edges: a plain mean would
    listen to both everywhere. Where there are coarser stages, each votes too: fine noise shows in
    small places, which may be flat; large grain only in large ones. Where there are copies, the
    same stages look at these too: large grain is fine grain in a smaller copy.

    Args:
        levels: number of levels L.
        width: channels.
        coarser: further stages, each at half the resolution of the one before.
        copies: of the photo, each half as large as the one before.
    """

    def __init__(self, levels: int = 3, width: int = 32, coarser: int = 0, copies: int = 0) -> None:
        super().__init__()
        self.levels = levels
        self.body = nn.Sequential(
            nn.Conv2d(3, width, 3), nn.ReLU(),
            nn.Conv2d(width, width, 3), nn.ReLU(),
            nn.Conv2d(width, 2 * width, 4, 2), nn.ReLU(),
            nn.Conv2d(2 * width, 2 * width, 3), nn.ReLU(),
            nn.Conv2d(2 * width, 2 * width, 4, 2), nn.ReLU(),
            nn.Conv2d(2 * width, 2 * width, 3), nn.ReLU(),
        )  # fmt: skip
        self.vote = nn.Conv2d(2 * width, 2 * levels, 1)
        self.coarser = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(2 * width, 2 * width, 4, 2), nn.ReLU(),
                nn.Conv2d(2 * width, 2 * width, 3), nn.ReLU(),
            )
            for _ in range(coarser)
        )  # fmt: skip
        votes = [nn.Conv2d(2 * width, 2 * levels, 1) for _ in range(coarser)]
        for vote in votes:  # they are heard once they know something
            nn.init.constant_(vote.bias[levels:], -6.0)  # type: ignore[index]
        self.coarser_votes = nn.ModuleList(votes)
        self.copies_votes = nn.ModuleList(
            nn.ModuleList(nn.Conv2d(2 * width, 2 * levels, 1) for _ in range(1 + coarser))
            for _ in range(copies)
        )

    @property
    def smallest(self) -> int:
        """Sides of photos must have so many px at least."""
        side = 1
        for _ in range(2 + len(self.coarser)):
            side = 2 * (side + 2) + 2
        return side + 4

    def ballots(self, photos: Tensor) -> tuple[Tensor, Tensor]:
        """The vote of each place and its weight, both (N, L, places of all stages).

        Args:
            photos: (N, 3, H, W) RGB in [0, 1], sides of at least `smallest` px.
        """
        said = self._said(photos, [self.vote, *self.coarser_votes])
        for votes in self.copies_votes:
            photos = F.avg_pool2d(photos, 2)
            said += self._said(photos, cast("nn.ModuleList", votes))
        votes, confidence = torch.cat([each.flatten(2) for each in said], 2).split(self.levels, 1)
        return votes, F.softplus(confidence) + 1e-4

    def _said(self, photos: Tensor, votes: Iterable[nn.Module]) -> list[Tensor]:
        """By each stage that finds room in photos (N, 3, H, W): (N, 2 L, h, w)."""
        said: list[Tensor] = []
        x = photos - 0.5
        for stage, vote in zip([self.body, *self.coarser], votes, strict=True):
            if said and min(x.shape[2:]) < _ROOM:
                break
            x = stage(x)
            said.append(vote(x))
        return said

    def votes(self, photos: Tensor) -> tuple[Tensor, Tensor]:
        """Sums of weighted votes and of weights, each (N, L); sums of several parts may be added.

        Args:
            photos: see `ballots`.
        """
        votes, weights = self.ballots(photos)
        return (votes * weights).sum(2), weights.sum(2)

    def forward(self, photos: Tensor) -> Tensor:
        """Levels (N, L) of photos (N, 3, H, W)."""
        votes, weights = self.votes(photos)
        return torch.div(votes, weights)
