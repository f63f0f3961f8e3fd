"""A discriminator that looks through fixed features of a classifier.

Sauer, Chitta, Müller, Geiger, "Projected GANs Converge Faster" (2021): features of several
resolutions are mixed by random, fixed convolutions, and each is judged by a small head of its own.
"""

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from studio.nets.efficientnet_lite import STAGE_CHANNELS, EfficientNetLite0


class ProjectedDiscriminator(nn.Module):
    """Heads over the stages of a frozen EfficientNet-Lite0.

    Args:
        features: the classifier, with its weights loaded.
        width: channels of the random projections and of the heads.
        stages: how many of the stages are looked at, from the finest on.
        gain: of the scores, as in `PatchDiscriminator`.
    """

    def __init__(
        self,
        features: EfficientNetLite0,
        width: int = 64,
        stages: int = 3,
        gain: float = 1.0,
    ) -> None:
        super().__init__()
        self._gain = gain
        self.features = features.requires_grad_(False)
        channels = STAGE_CHANNELS[:stages]
        self.mixes = nn.ModuleList(nn.Conv2d(c, width, 1, bias=False) for c in channels)
        self.mixes.requires_grad_(False)
        self.heads = nn.ModuleList(_head(width) for _ in channels)

    def forward(self, pictures: Tensor) -> list[Tensor]:
        """Scores (N, 1, h, w) by each head, of pictures (N, 3, H, W) in [0, 1]."""
        found = self.features.stages(pictures, len(self.heads))
        coarser: Tensor | None = None
        scores: list[Tensor] = []
        for mix, head, features in reversed(
            list(zip(self.mixes, self.heads, found, strict=True))
        ):  # fmt: skip
            x = mix(features)
            if coarser is not None:  # each resolution also sees what the coarser ones see
                x = x + nn.functional.interpolate(coarser, x.shape[2:])
            coarser = x
            scores.append(head(x) * self._gain)
        return scores


def _head(width: int) -> nn.Sequential:
    return nn.Sequential(
        spectral_norm(nn.Conv2d(width, width, 3, 1, 1)),
        nn.LeakyReLU(0.2),
        spectral_norm(nn.Conv2d(width, 1, 1)),
    )


def hinge_of_discriminator(real: list[Tensor], fake: list[Tensor]) -> Tensor:
    """Lim and Ye, "Geometric GAN" (2017): mean over the heads."""
    terms = [
        torch.relu(1 - r).mean() + torch.relu(1 + f).mean() for r, f in zip(real, fake, strict=True)
    ]
    return torch.stack(terms).mean()


def hinge_of_generator(fake: list[Tensor]) -> Tensor:
    """The generator's side of it: mean over the heads."""
    return torch.stack([-f.mean() for f in fake]).mean()
