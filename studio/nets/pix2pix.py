"""Drawings to pictures: a U-Net generator and a discriminator of patches.

Isola, Zhu, Zhou, Efros, "Image-to-Image Translation with Conditional Adversarial Networks" (2017).
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import spectral_norm

_DEPTH = 5  # halvings; the paper's 256 px net has 8, ours sees 128 px
_BOUND = 5.0  # standard deviations of a decoder's features
_NOISY = 3  # of the coarsest decoder levels: they may have dropout


class _Down(nn.Module):
    """Half the resolution."""

    def __init__(self, ins: int, outs: int, *, norm: bool) -> None:
        super().__init__()
        self.conv = nn.Conv2d(ins, outs, 4, 2, 1, bias=not norm)
        self.norm = nn.InstanceNorm2d(outs, affine=True) if norm else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to (N, C', H / 2, W / 2)."""
        return F.leaky_relu(self.norm(self.conv(x)), 0.2)


class _SettledNorm(nn.BatchNorm2d):
    """Normalises by statistics that are taken once and then stay, within bounds.

    By each picture's own statistics a generator learns one spike, which sets the scale of all else
    and stays as a blot (Karras et al., "Analyzing and Improving the Image Quality of StyleGAN",
    2020, section 2). Standing ones give a spike no use.
    """

    def __init__(self, channels: int) -> None:
        super().__init__(channels, momentum=None)
        self.takes = False

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 - as torch names it
        """(N, C, H, W) likewise; while it takes statistics, by those of the batch."""
        mean, variance = self.running_mean, self.running_var
        if self.takes and self.num_batches_tracked is not None:
            self.num_batches_tracked += 1
            share = 1 / float(self.num_batches_tracked)
            x = F.batch_norm(input, mean, variance, None, None, True, share, self.eps)
        else:
            x = F.batch_norm(input, mean, variance, eps=self.eps)
        x = x.clamp(-_BOUND, _BOUND)
        return x * self.weight[:, None, None] + self.bias[:, None, None]


class _Up(nn.Module):
    """Twice the resolution, by resize and convolution: no checkerboard (Odena et al. 2016)."""

    def __init__(self, ins: int, outs: int, *, settled: bool) -> None:
        super().__init__()
        self.conv = nn.Conv2d(ins, outs, 3, 1, 1, bias=False)
        self.norm = _SettledNorm(outs) if settled else nn.InstanceNorm2d(outs, affine=True)

    def forward(self, x: Tensor, film: tuple[Tensor, Tensor] | None) -> Tensor:
        """(N, C, H, W) to (N, C', 2 H, 2 W); what is added to scale and to shift, (N, C') each."""
        x = self.norm(self.conv(F.interpolate(x, scale_factor=2.0)))
        if film is not None:
            scale, shift = (each[..., None, None] for each in film)
            x = x * (1 + scale) + shift
        return F.relu(x)


class UNetGenerator(nn.Module):
    """Draws pictures after drawings.

    Args:
        channels: of a drawing: 1 for lines, or one for each label of a map.
        width: channels at half the resolution.
        code: numbers that tell what the drawing does not, such as colours; they scale and shift
            the decoder's features (Perez et al., "FiLM", 2018). 0: there are none.
        drop: share of the coarsest decoder levels' features that dropout takes.
        settled: whether the decoder normalises by standing statistics, see `settle`.
    """

    def __init__(
        self,
        channels: int = 1,
        width: int = 48,
        code: int = 0,
        drop: float = 0.5,
        *,
        settled: bool = False,
    ) -> None:
        super().__init__()
        self._drop = drop
        widths = [width * min(2**level, 8) for level in range(_DEPTH)]
        ins = [channels, *widths[:-1]]
        self.down = nn.ModuleList(
            _Down(before, after, norm=level > 0)
            for level, (before, after) in enumerate(zip(ins, widths, strict=True))
        )
        outs = [*reversed(widths[:-1]), width]
        skips = [0, *reversed(widths[:-1])]
        befores = [widths[-1], *outs[:-1]]
        self.up = nn.ModuleList(
            _Up(before + skip, out, settled=settled)
            for before, skip, out in zip(befores, skips, outs, strict=True)
        )
        self.last = nn.Conv2d(width + channels, 3, 3, 1, 1)
        self._outs = outs
        self.film = nn.Linear(code, 2 * sum(outs)) if code else None
        if self.film is not None:
            nn.init.zeros_(self.film.weight)
            nn.init.zeros_(self.film.bias)

    @property
    def multiple(self) -> int:
        """Both sides of a drawing must be multiples of this."""
        return 2**_DEPTH

    def forward(
        self,
        drawings: Tensor,
        generator: torch.Generator | None = None,
        codes: Tensor | None = None,
    ) -> Tensor:
        """Draws.

        Args:
            drawings: (N, channels, H, W) in [0, 1], 1 where there is a line or the label; H and W
                multiples of `multiple`, at least twice it.
            generator: of the dropout, which stays on after training too (paper, section 2.1); on
                the CPU, so that a seed means the same everywhere; None: torch's own.
            codes: (N, code); None: drawn from a normal distribution.

        Returns:
            (N, 3, H, W) RGB in [0, 1].
        """
        x, skips = drawings, [drawings]
        for down in self.down:
            x = down(x)
            skips.append(x)
        skips.pop()
        films = self._films(drawings, generator, codes)
        for level, up in enumerate(self.up):
            if level > 0:
                x = torch.cat([x, skips.pop()], 1)
            x = up(x, None if films is None else films[level])
            if level < _NOISY and self._drop > 0:
                kept = torch.rand(x.shape, generator=generator) >= self._drop
                x = x * (kept.to(x) / (1 - self._drop))
        return torch.sigmoid(self.last(torch.cat([x, skips.pop()], 1)))

    @torch.no_grad()
    def settle(self, drawings: Iterable[Tensor]) -> None:
        """Takes the statistics of the decoder's normalisations from batches (N, channels, H, W).

        Brock, Donahue, Simonyan, "Large Scale GAN Training" (2019), section 4.1: "standing
        statistics".
        """
        norms = [m for m in self.modules() if isinstance(m, _SettledNorm)]
        for norm in norms:
            norm.reset_running_stats()
            norm.takes = True
        for batch in drawings:
            self(batch)
        for norm in norms:
            norm.takes = False

    def _films(
        self, drawings: Tensor, generator: torch.Generator | None, codes: Tensor | None
    ) -> list[tuple[Tensor, Tensor]] | None:
        """Of each decoder level."""
        if self.film is None:
            return None
        if codes is None:
            codes = torch.randn(len(drawings), self.film.in_features, generator=generator)
        scales, shifts = self.film(codes.to(drawings)).chunk(2, 1)
        return list(zip(scales.split(self._outs, 1), shifts.split(self._outs, 1), strict=True))


class PatchDiscriminator(nn.Module):
    """Judges overlapping patches of a picture beside its drawing (paper, section 3.2).

    Spectral normalisation after Miyato et al. (2018).

    Args:
        channels: of picture and drawing together.
        width: channels of the first convolution.
        depth: halvings.
        gain: of the scores. Normalised layers keep them far below a margin of 1, and a
            discriminator that cannot be sure teaches little.
    """

    def __init__(
        self, channels: int = 4, width: int = 48, depth: int = 3, gain: float = 1.0
    ) -> None:
        super().__init__()
        self._gain = gain
        layers: list[nn.Module] = []
        ins = channels
        for level in range(depth):
            outs = width * min(2**level, 8)
            layers += [spectral_norm(nn.Conv2d(ins, outs, 4, 2, 1)), nn.LeakyReLU(0.2)]
            ins = outs
        layers += [spectral_norm(nn.Conv2d(ins, ins, 3, 1, 1)), nn.LeakyReLU(0.2)]
        layers.append(spectral_norm(nn.Conv2d(ins, 1, 3, 1, 1)))
        self.layers = nn.Sequential(*layers)

    def forward(self, pictures: Tensor) -> Tensor:
        """Scores (N, 1, h, w) of pictures (N, channels, H, W); above 0 is real."""
        return self.layers(pictures) * self._gain
