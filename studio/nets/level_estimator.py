"""Finds how a photo is damaged: after the noise estimator of Guo et al., "CBDNet" (2019)."""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class LevelEstimator(nn.Module):
    """Each place of a photo votes for the levels; a vote counts by its own confidence.

    Noise shows best where the photo is flat, blur best where it has edges: a plain mean would
    listen to both everywhere.

    Args:
        levels: number of levels L.
        width: channels.
    """

    def __init__(self, levels: int = 3, width: int = 32) -> None:
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

    def votes(self, photos: Tensor) -> tuple[Tensor, Tensor]:
        """Sums of weighted votes and of weights, each (N, L); sums of several parts may be added.

        Args:
            photos: (N, 3, H, W) RGB in [0, 1], sides of at least 32 px.
        """
        votes, confidence = self.vote(self.body(photos - 0.5)).split(self.levels, 1)
        weights = F.softplus(confidence) + 1e-4
        return (votes * weights).sum((2, 3)), weights.sum((2, 3))

    def forward(self, photos: Tensor) -> Tensor:
        """Levels (N, L) of photos (N, 3, H, W)."""
        votes, weights = self.votes(photos)
        return torch.div(votes, weights)
