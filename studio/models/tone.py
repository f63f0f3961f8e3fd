"""Tone: faded photos without their cast, and with their full contrast."""

from typing import cast

import torch
from msgspec import Struct
from torch import Tensor, nn

from studio.core.controls import Control, Settings, Slider
from studio.core.progress import Progress
from studio.models._spec import Hyperparameters, ModelSpec, Takes

_SHARES = (0.004, 0.996)  # of the pixels, that are darker than black, and than white
_ENOUGH = 250_000  # pixels that levels are taken from
_STEEPEST = 3.0  # how much contrast may grow: what is as pale as that is fog, or a blank
_FLAT = 1e-3  # levels
_BLANK = 0.02  # levels that differ by less say little of cast and contrast


class Hyper(Struct, forbid_unknown_fields=True):
    """There are none."""


class Tone(nn.Module):
    """Each channel's black and white, by percentiles: automatic levels, as photo programs call it.

    Nothing is learned. Which shares of the pixels are left out is kept as weights are.
    """

    def __init__(self, hyper: Hyperparameters) -> None:
        super().__init__()
        del hyper
        self.shares = nn.Parameter(torch.tensor(_SHARES), requires_grad=False)

    def forward(self, photo: Tensor, cast: float, contrast: float) -> Tensor:
        """A photo with other tones.

        Args:
            photo: (1, 3, H, W) in [0, 1].
            cast: how far the channels' blacks and whites are brought together, 0 to 1.
            contrast: how far they are then spread over the full range, 0 to 1.

        Returns:
            (1, 3, H, W) in [0, 1].
        """
        pixels = photo[0].flatten(1)
        some = pixels[:, :: max(1, pixels.shape[1] // _ENOUGH)].float()
        low, high = torch.quantile(some, self.shares.float(), dim=1)
        black, white = low.mean(), high.mean()
        slope = 1 + contrast * (1 / (white - black).clamp(min=1 / _STEEPEST) - 1)
        fixed = black / (1 - (white - black)).clamp(min=_FLAT)  # that level stays

        def spread(level: Tensor) -> Tensor:
            return fixed + slope * (level - fixed)

        low_to = spread(low + cast * (black - low))
        high_to = spread(high + cast * (white - high))
        # A channel that is one level all over, but for a few pixels, is spread as the photo is.
        gain = (high_to - low_to + slope * _FLAT) / (high - low + _FLAT)
        gain = gain.clamp(max=2 * _STEEPEST)
        gain, offset = (each.view(1, 3, 1, 1).to(photo) for each in (gain, low_to - gain * low))
        known = ((high - low).max() / _BLANK).clamp(max=1).to(photo)
        return photo.lerp(photo * gain + offset, known).clamp(0, 1)


def controls(hyper: Hyperparameters) -> tuple[Control, ...]:
    """The controls."""
    del hyper
    return (
        Slider("cast", "Cast", "How much of a tint over all of it to take out.", 0.0, 1.0, 0.8),
        Slider(
            "contrast", "Contrast", "How far to spread the tones from black to white.",
            0.0, 1.0, 1.0,
        ),
    )  # fmt: skip


def run(
    net: nn.Module,
    inputs: Tensor,
    settings: Settings,
    generator: torch.Generator,
    progress: Progress,
) -> Tensor:
    """The whole picture in other tones; see `ModelSpec.run`. Nothing is random here."""
    del generator
    progress.check()
    shares = (cast("float", settings[name]) for name in ("cast", "contrast"))
    return cast("Tone", net)(inputs, *shares)


SPEC = ModelSpec(
    id="enhance.tone",
    title="Tone",
    takes=Takes.PICTURE,
    minimum=1,
    multiple=1,
    hyperparameters=Hyper,
    controls=controls,
    build=Tone,
    working_size=lambda size, _settings: size,
    run=run,
    finish=lambda _photo, result, _mask, _settings: result,
    skips_net=lambda settings: settings["cast"] == 0 and settings["contrast"] == 0,
    tiny={},
)
