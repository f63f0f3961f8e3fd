"""Latents to pictures: the generator of a DCGAN, and a discriminator of whole pictures.

Radford, Metz, Chintala, "Unsupervised Representation Learning with Deep Convolutional Generative
Adversarial Networks" (2016).
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

_COARSEST = 4  # px, side of the first layer's maps
_GROUP = 8  # pictures that are looked at together for their variety


class DCGANGenerator(nn.Module):
    """Draws a picture from a latent.

    The paper's: a projection to 4 x 4 maps, then twice the resolution at each transposed
    convolution, batch normalisation and ReLU after all but the last. Kernels of 4 at stride 2 reach
    every pixel equally often, so nothing in them favours a checkerboard (Odena, Dumoulin, Olah,
    "Deconvolution and Checkerboard Artifacts", 2016), at less than half of the cost of a
    resize and a convolution of 3. The last layer works at the full resolution, where it smooths
    what pattern is left.

    Args:
        side: of the pictures in px, 8 or twice that, four times ...
        width: channels at the full resolution.
        channels: 3 for RGB, 1 for grey.
        latent: numbers a latent has.
        widest: times the width, channels of the coarsest maps at most.
    """

    def __init__(
        self,
        side: int,
        width: int = 32,
        channels: int = 3,
        latent: int = 100,
        widest: int = 8,
    ) -> None:
        super().__init__()
        self.side = side
        widths = _widths(side, width, widest)[::-1]
        self.first = nn.Linear(latent, widths[0] * _COARSEST**2, bias=False)
        self.first_norm = nn.BatchNorm2d(widths[0])
        self.ups = nn.ModuleList(
            nn.ConvTranspose2d(ins, outs, 4, 2, 1, bias=False) for ins, outs in pairwise(widths)
        )
        self.norms = nn.ModuleList(nn.BatchNorm2d(outs) for outs in widths[1:])
        self.last = nn.Conv2d(widths[-1], channels, 3, 1, 1)
        for layer in self.modules():
            if isinstance(layer, nn.Linear | nn.ConvTranspose2d):
                nn.init.normal_(layer.weight, 0, 0.02)

    def forward(self, latents: Tensor) -> Tensor:
        """Draws.

        Args:
            latents: (N, latent), from a normal distribution.

        Returns:
            (N, channels, side, side) in [0, 1].
        """
        x = self.first(latents).unflatten(1, (-1, _COARSEST, _COARSEST))
        x = x.contiguous(memory_format=torch.channels_last)
        x = F.relu(self.first_norm(x))
        for up, norm in zip(self.ups, self.norms, strict=True):
            x = F.relu(norm(up(x)))
        return torch.sigmoid(self.last(x))

    @torch.no_grad()
    def settle(self, latents: Tensor) -> None:
        """Takes the statistics of the normalisations from many latents (N, latent).

        Brock, Donahue, Simonyan, "Large Scale GAN Training" (2019), section 4.1: "standing
        statistics". A moving average of weights needs it, for it never saw a batch.
        """
        norms = [m for m in self.modules() if isinstance(m, nn.BatchNorm2d)]
        for norm in norms:
            norm.reset_running_stats()
            norm.momentum = None  # the mean of all batches
        self.train()
        for batch in latents.split(128):
            self(batch)
        self.eval()

    @torch.no_grad()
    def directions(self, count: int) -> Tensor:
        """Where in the latents the first layer's maps change most: (count, latent), orthonormal.

        Shen and Zhou, "Closed-Form Factorization of Latent Semantics in GANs" (2021), equation 6:
        the leading eigenvectors of A'A, A the first layer with its normalisation. As the layer is
        linear and latents are normal, they are also what the principal components of its maps lead
        back to (Härkönen et al., "GANSpace", 2020). The largest number of each is positive.
        """
        norm = self.first_norm
        if norm.running_var is None:
            raise TypeError("a normalisation without statistics")
        scale = norm.weight / (norm.running_var + norm.eps).sqrt()
        matrix = self.first.weight * scale.repeat_interleave(_COARSEST**2)[:, None]
        found = torch.linalg.svd(matrix.float(), full_matrices=False).Vh[:count]
        peaks = found.gather(1, found.abs().argmax(1, keepdim=True))
        return found * peaks.sign()


class PictureDiscriminator(nn.Module):
    """Judges whole pictures; the paper's, with spectral normalisation (Miyato et al. 2018).

    Before its last layer it is told how much the pictures of a group vary (Karras et al.,
    "Progressive Growing of GANs", 2018, section 3), so that sameness gives a generator away.

    Args:
        side: of the pictures in px, as in `DCGANGenerator`.
        width: channels of the first convolution.
        channels: of the pictures.
        gain: of the scores, as in `PatchDiscriminator`.
    """

    def __init__(self, side: int, width: int = 32, channels: int = 3, gain: float = 1.0) -> None:
        super().__init__()
        self._gain = gain
        widths = [channels, *_widths(side, width, 8)[1:]]
        layers: list[nn.Module] = []
        for ins, outs in pairwise(widths):
            layers += [spectral_norm(nn.Conv2d(ins, outs, 4, 2, 1)), nn.LeakyReLU(0.2)]
        self.layers = nn.Sequential(*layers)
        self.last = spectral_norm(nn.Conv2d(widths[-1] + 1, 1, _COARSEST))

    def forward(self, pictures: Tensor) -> Tensor:
        """Scores (N, 1) of pictures (N, channels, side, side) in [0, 1]; above 0 is real."""
        x = self.layers(pictures * 2 - 1)
        return self.last(torch.cat([x, _variety(x)], 1)).flatten(1) * self._gain


def _widths(side: int, width: int, widest: int) -> list[int]:
    """Channels at each resolution, from `side` down to 4 px."""
    levels = (side // _COARSEST).bit_length()
    if _COARSEST << (levels - 1) != side or levels < 2:
        raise ValueError(f"pictures are 8, 16, 32 ... px, not {side}")
    return [width * min(2**level, widest) for level in range(levels)]


def _variety(x: Tensor) -> Tensor:
    """Mean standard deviation of features (N, C, H, W) within each group, (N, 1, H, W)."""
    size = _GROUP if len(x) % _GROUP == 0 else len(x)
    groups = x.float().unflatten(0, (-1, size))
    spread = (groups.var(1, correction=0) + 1e-8).sqrt().mean((1, 2, 3))
    plane = spread.repeat_interleave(size)[:, None, None, None].to(x)
    return plane.expand(-1, 1, *x.shape[2:])
