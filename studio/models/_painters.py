"""The nets of the style tool, with the names that its settings have for what they paint."""

from collections.abc import Callable, Sequence
from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.core.controls import Settings
from studio.core.values.paintings import looked_at
from studio.models._spec import Hyperparameters
from studio.nets.any_style import AnyStyleNet, Manner
from studio.nets.layer import Step
from studio.nets.style_net import StyleNet, StyleNets


class Gallery(nn.Module):
    """A StyleNet, or a net for each style, that knows the names of its styles.

    Args:
        hyper: of `style.Hyper`.
        shares: of the styles, for some settings.
    """

    def __init__(
        self, hyper: Hyperparameters, shares: Callable[[Settings], Sequence[float]]
    ) -> None:
        super().__init__()
        sizes = {name: hyper[name] for name in ("stem", "width", "blocks", "tail")}
        sizes |= {name: hyper[name] for name in ("grain", "dilations") if name in hyper}
        kind = StyleNets if hyper.get("apart") else StyleNet
        self.net: StyleNet | StyleNets = kind(len(hyper["styles"]), **sizes)
        self._shares = shares

    def mixture(self, settings: Settings) -> Tensor:
        """Shares of the styles, (1, S)."""
        return torch.tensor([self._shares(settings)]).to(next(self.net.parameters()))

    def paint(self, photos: Tensor, settings: Settings) -> Tensor:
        """Paints (N, 3, H, W) at once."""
        return self.net(photos, self.mixture(settings))

    def steps(self, settings: Settings, photo: Tensor) -> list[Step]:
        """See `ModelSpec.steps`."""
        del photo
        return self.net.steps(self.mixture(settings))


class AnyPainting(nn.Module):
    """An AnyStyleNet that opens the paintings of its settings."""

    def __init__(self, hyper: Hyperparameters) -> None:
        super().__init__()
        sizes = {name: hyper[name] for name in ("stem", "width", "blocks", "tail", "hidden")}
        sizes |= {name: hyper[name] for name in ("grain", "dilations") if name in hyper}
        self.net = AnyStyleNet(**sizes)
        self._known: dict[tuple[object, ...], Manner] = {}  # the last one

    def manner(self, settings: Settings) -> Manner:
        """What is taken from the painting, or from two of them.

        Raises:
            StudioError: there is no painting, or none that can be read.
        """
        first, second = str(settings["painting"]), str(settings["second"])
        share = cast("float", settings["share"]) if second else 0.0
        key = first, second, share, next(self.parameters()).device
        if key not in self._known:
            manner = self._look(first)
            if share:
                manner = manner.blended(self._look(second), share)
            self._known = {key: manner}
        return self._known[key]

    def _look(self, value: str) -> Manner:
        pixels, size = looked_at(value)
        painting = torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None]
        seen = F.interpolate(painting, size, mode="bicubic", antialias=True).clamp(0, 1)
        return self.net.look(seen.to(next(self.net.parameters())))

    def paint(self, photos: Tensor, settings: Settings) -> Tensor:
        """Paints (1, 3, H, W) at once."""
        return self.net.paint(photos, self.manner(settings))

    def steps(self, settings: Settings, photo: Tensor) -> list[Step]:
        """See `ModelSpec.steps`."""
        return self.net.steps(self.manner(settings), photo)
