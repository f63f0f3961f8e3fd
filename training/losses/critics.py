"""The discriminators of both sets of a CycleGAN, and their losses."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.nets.pix2pix import PatchDiscriminator
from studio.nets.projected import (
    ProjectedDiscriminator,
    hinge_of_discriminator,
    hinge_of_generator,
)
from studio.quality.features import load_efficientnet
from training.lib.augment import augment


@dataclass(frozen=True)
class Settings:
    """Of the critics of a set.

    Attributes:
        width: channels of the discriminator of patches.
        patch_gain, projected_gain: of the scores.
        patch_weight, projected_weight: of the losses.
        stages: of the fixed features, how many are looked at.
        side: px, at which they see the pictures.
        colour: of the augmentation, see `augment`.
    """

    width: int
    patch_gain: float
    patch_weight: float
    stages: int
    side: int
    projected_gain: float
    projected_weight: float
    colour: float


def before_grey(pictures: Tensor, masks: Tensor) -> Tensor:
    """Pictures (N, 3, S, S) with grey where the masks (N, 1, S, S) are 0."""
    return 0.5 + (pictures - 0.5) * masks


class Critics(nn.Module):
    """Both discriminators of one set: of patches, and of fixed features."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.patch = PatchDiscriminator(3, settings.width, gain=settings.patch_gain)
        self.projected = ProjectedDiscriminator(
            load_efficientnet(), stages=settings.stages, gain=settings.projected_gain
        )
        self._side, self._colour = settings.side, settings.colour
        self._weights = settings.patch_weight, settings.projected_weight

    def forward(self, pictures: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Scores of patches and those of the features' heads, of pictures before grey."""
        size = (self._side, self._side)
        changed = augment(pictures, colour=self._colour, cut=0)
        large = F.interpolate(changed, size, mode="bilinear")
        return self.patch(pictures).float(), [s.float() for s in self.projected(large)]

    def loss(self, real: Tensor, fake: Tensor) -> Tensor:
        """Of the discriminators: least squares (Mao et al. 2017) and hinge, weighted."""
        (real_patch, real_heads), (fake_patch, fake_heads) = self(real), self(fake)
        patch = ((real_patch - 1).square().mean() + fake_patch.square().mean()) / 2
        heads = hinge_of_discriminator(real_heads, fake_heads)
        of_patch, of_features = self._weights
        return of_patch * patch + of_features * heads

    def loss_of_generator(self, fake: Tensor) -> Tensor:
        """Of the generator."""
        patch, heads = self(fake)
        of_patch, of_features = self._weights
        return of_patch * (patch - 1).square().mean() + of_features * hinge_of_generator(heads)


class BothCritics(nn.Module):
    """The critics of both sets."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.a, self.b = Critics(settings), Critics(settings)

    def forward(self, a: Tensor, made_a: Tensor, b: Tensor, made_b: Tensor) -> Tensor:
        """Losses (2,) of the critics of A and of B, of pictures before grey."""
        return torch.stack([self.a.loss(a, made_a), self.b.loss(b, made_b)])
