"""Pictures from noise: a generator and a discriminator of strided convolutions.

Radford, Metz, Chintala, "Unsupervised Representation Learning with Deep Convolutional Generative
Adversarial Networks" (2016). Spectral normalisation (Miyato et al. 2018) takes the place of batch
normalisation in the discriminator; the generator enlarges by resize and convolution (Odena et al.
2016), which leaves no checkerboard.
"""

from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

_FIRST = 4  # px, side of the coarsest picture


class _Up(nn.Module):
    """Twice the resolution."""

    def __init__(self, ins: int, outs: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(ins, outs, 3, 1, 1, bias=False)
        self.norm = nn.BatchNorm2d(outs)

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C', 2 H, 2 W)."""
        return F.relu(self.norm(self.conv(F.interpolate(x, scale_factor=2.0))))


class Generator(nn.Module):
    """Latents to pictures.

    Args:
        latent: length of a latent.
        width: channels of the last layer but one.
        size: side of the pictures in px, 4 times a power of 2.
        channels: 3 for RGB, 1 for grey.
    """

    def __init__(
        self, latent: int = 100, width: int = 48, size: int = 64, channels: int = 3
    ) -> None:
        super().__init__()
        doublings = (size // _FIRST).bit_length() - 1
        widths = [width * min(2**level, 8) for level in reversed(range(doublings + 1))]
        self.latent = latent
        self.first = nn.Linear(latent, widths[0] * _FIRST**2, bias=False)
        self.norm = nn.BatchNorm2d(widths[0])
        self.up = nn.ModuleList(
            _Up(a, b) for a, b in zip(widths[:-1], widths[1:], strict=True)
        )
        self.last = nn.Conv2d(widths[-1], channels, 3, 1, 1)

    def forward(self, latents: Tensor) -> Tensor:
        """Draws.

        Args:
            latents: (N, latent), of a standard normal distribution.

        Returns:
            (N, channels, size, size) in [0, 1].
        """
        x = self.first(latents).view(len(latents), -1, _FIRST, _FIRST)
        x = F.relu(self.norm(x))
        for up in self.up:
            x = up(x)
        return self.last(x).sigmoid()


class Discriminator(nn.Module):
    """Pictures to scores, above 0 for real.

    Args:
        width: channels of the first layer.
        size: side of the pictures in px.
        channels: of the pictures.
    """

    def __init__(self, width: int = 48, size: int = 64, channels: int = 3) -> None:
        super().__init__()
        halvings = (size // _FIRST).bit_length() - 1
        layers: list[nn.Module] = []
        ins = channels
        for level in range(halvings):
            outs = width * min(2**level, 8)
            layers += [spectral_norm(nn.Conv2d(ins, outs, 4, 2, 1)), nn.LeakyReLU(0.2)]
            ins = outs
        self.layers = nn.Sequential(*layers)
        self.score = spectral_norm(nn.Linear(ins * _FIRST**2, 1))

    def forward(self, pictures: Tensor) -> Tensor:
        """Scores (N, 1) of pictures (N, channels, size, size) in [0, 1]."""
        return self.score(self.layers(pictures * 2 - 1).flatten(1))
