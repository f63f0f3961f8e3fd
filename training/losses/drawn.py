"""What a picture that is made of a drawing is judged by."""

import torch
from torch import Tensor, nn

from studio.nets.pix2pix import PatchDiscriminator
from studio.nets.projected import (
    ProjectedDiscriminator,
    hinge_of_discriminator,
    hinge_of_generator,
)
from studio.nets.vgg19 import VGG19
from studio.quality.features import load_efficientnet
from studio.quality.sketch import look_of, luma_of
from training.lib.augment import augment

PERCEPTUAL_LAYERS = ("relu1_2", "relu2_2", "relu3_3")
_BLOCK = 32  # px of a line that are looked at together
_NEWEST = 0.02  # share of a batch in a moving mean
_RECOLOURED = 0.15  # with more, a discriminator of patches learns nothing in 100 steps


class Critics(nn.Module):
    """Both discriminators: of patches, and of fixed features.

    Args:
        channels: of a drawing.
        width: of the first one's first layer.
        gains: of their scores.
        weights: of their losses.
    """

    def __init__(
        self, channels: int, width: int, gains: tuple[float, float], weights: tuple[float, float]
    ) -> None:
        super().__init__()
        self.patch = PatchDiscriminator(3 + channels, width, gain=gains[0])
        self.projected = ProjectedDiscriminator(load_efficientnet(), gain=gains[1])
        self.weights = weights

    def forward(
        self, drawings: Tensor, photos: Tensor, doodled: Tensor, plain: Tensor | None = None
    ) -> list[list[Tensor]]:
        """Scores of each discriminator's heads.

        Args:
            drawings: (P, C, S, S).
            photos: (P, 3, S, S), real or generated, of these drawings.
            doodled: (D, 3, S, S), generated from doodles that no photo belongs to, or real.
            plain: (P, 3, S, S), real ones that nobody has bent, which the second one is shown in
                place of `photos`.
        """
        # Doodles look other than the drawings of photos: their results are judged without them.
        blank = torch.zeros_like(drawings[:1]).expand(len(doodled), -1, -1, -1)
        both = torch.cat([torch.cat([photos, drawings], 1), torch.cat([doodled, blank], 1)])
        both = augment(both, colour=_RECOLOURED, cut=0)
        alone = torch.cat([photos if plain is None else plain, doodled])
        alone = augment(alone, colour=_RECOLOURED, cut=0)
        return [[self.patch(both).float()], [s.float() for s in self.projected(alone)]]

    def loss_of_generator(self, scores: list[list[Tensor]]) -> Tensor:
        """Hinge loss of the generator, weighted."""
        terms = zip(self.weights, scores, strict=True)
        return torch.stack([w * hinge_of_generator(s) for w, s in terms]).sum()

    def loss(self, real: list[list[Tensor]], fake: list[list[Tensor]]) -> Tensor:
        """Hinge loss of the discriminators, each (2,): patch, projected."""
        return torch.stack([hinge_of_discriminator(r, f) for r, f in zip(real, fake, strict=True)])


def perceptual_distance(vgg: VGG19, fake: Tensor, real: Tensor) -> Tensor:
    """Mean over layers of the L1 distance of features, relative to the real picture's."""
    with torch.no_grad():
        wanted = {n: f.float() for n, f in vgg(real, PERCEPTUAL_LAYERS).items()}
    found = vgg(fake, PERCEPTUAL_LAYERS)
    terms = [(found[n].float() - f).abs().mean() / f.abs().mean() for n, f in wanted.items()]
    return torch.stack(terms).mean()


def look_distance(fake: Tensor, real: Tensor) -> Tensor:
    """How much contrast and sharpness of each picture (N, 3, S, S) differ from the real one's.

    The other terms are all at their least where contrast is lost, as what is guessed is a mean.
    """
    found, wanted = look_of(fake), look_of(real)
    return ((found - wanted) / wanted.mean(1, keepdim=True)).square().mean()


class HeldContrast(nn.Module):
    """Holds the mean contrast of pictures at the real ones': a Lagrange multiplier, by dual ascent.

    `look_distance` alone settles where it is in balance with the terms that wash out, short of it.

    Args:
        gain: how much the multiplier grows in a step, of the share of contrast that lacks.
    """

    def __init__(self, gain: float) -> None:
        super().__init__()
        self._gain = gain
        self.register_buffer("multiplier", torch.zeros(()))
        self.multiplier: Tensor

    def forward(self, fake: Tensor, real: Tensor) -> Tensor:
        """What lacks of the contrast of pictures (N, 3, S, S), as a share, times the multiplier."""
        lacking = 1 - look_of(fake)[1].mean() / look_of(real)[1].mean()
        self.multiplier += self._gain * lacking.detach()
        return self.multiplier.clone() * lacking


class StandingLines(nn.Module):
    """What stands at the same place in all pictures, as the net's own grid does: no photo has it.

    Args:
        side: of the pictures, px.
    """

    def __init__(self, side: int) -> None:
        super().__init__()
        shape = 2, 2, side - 2, side // _BLOCK  # fake and real, level and upright
        self.register_buffer("means", torch.zeros(shape))
        self.means: Tensor

    def forward(self, fake: Tensor, real: Tensor) -> Tensor:
        """Half the squared moving mean of lines in (N, 3, S, S) that are not in the real ones'."""
        found = torch.stack([_lines(fake), _lines(real)])
        self.means.lerp_(found.detach(), _NEWEST)
        lines = self.means[0] - self.means[1]
        return (lines * found[0]).sum()  # whose gradient is that of half its square


class Looks(nn.Module):
    """What is judged of pictures as a whole, beside their photos.

    Args:
        side: of the pictures, px.
        gain: see `HeldContrast`.
    """

    def __init__(self, side: int, gain: float) -> None:
        super().__init__()
        self._standing, self._contrast = StandingLines(side), HeldContrast(gain)

    def forward(self, fake: Tensor, real: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """`look_distance`, `StandingLines` and `HeldContrast` of pictures (N, 3, S, S)."""
        return look_distance(fake, real), self._standing(fake, real), self._contrast(fake, real)


def _lines(pictures: Tensor) -> Tensor:
    """Second difference of luma across rows and across columns: means over pictures and blocks."""
    luma = luma_of(pictures).mean(0)[0]
    both = torch.stack([luma, luma.T])
    bent = both[:, 1:-1] - (both[:, :-2] + both[:, 2:]) / 2
    whole = bent.shape[2] // _BLOCK * _BLOCK
    return bent[:, :, :whole].unflatten(2, (-1, _BLOCK)).mean(3)
