"""How far what fills holes is from what was there, and found damage from the true one."""

from dataclasses import astuple, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.models import repair as model
from studio.nets.perceptual import grid_power
from studio.quality.features import load_vgg19

_LAYER = "relu3_1"
_EDGE, _PERIOD = 4, 4  # px from a hole's edge to where a grid is looked for, and from dot to dot
_RARE = 1.0  # weight of damaged pixels: what is not damaged must hardly ever be marked


@dataclass(frozen=True)
class Batch:
    """Photos (N, 3, S, S), where (N, 1, S, S) they are missing, and if thinly (N,); see `Print`."""

    clean: Tensor
    given: Tensor
    holes: Tensor
    scratched: Tensor
    damaged: Tensor
    thin: Tensor

    def to(self, device: torch.device) -> "Batch":
        """The same on a device."""
        return Batch(*(each.to(device) for each in astuple(self)))


class Objective(nn.Module):
    """Both nets in one module, so that one call trains them.

    Args:
        repairer: the nets.
        floor: mean squared error below which nothing is gained.
        learns: ``both``, ``inpainter`` or ``finder``.
        perceptual: weights of the features' distance, and of it where lines or dust are missing;
            both 0: they are not computed.
        grid: weight of a grid within holes, which the features' distance brings about; it counts
            beside that alone.
    """

    def __init__(
        self,
        repairer: model.Repairer,
        floor: float,
        learns: str,
        perceptual: tuple[float, float],
        grid: float = 0.0,
    ) -> None:
        super().__init__()
        self.repairer, self.floor, self.learns = repairer, floor, learns
        self.perceptual, self.grid = perceptual, grid
        self.vgg = load_vgg19() if any(perceptual) and learns != "finder" else None
        repairer.inpainter.requires_grad_(learns != "finder")
        repairer.finder.requires_grad_(learns != "inpainter")

    def forward(self, batch: Batch) -> Tensor:
        """Losses (3,): of the holes, of the features, of the finder; 0 of what does not learn."""
        none = batch.clean.new_zeros(())
        holes = features = found = none
        if self.learns != "finder":
            filled = self.repairer.inpainter(batch.given, batch.holes).float()
            filled = batch.clean + (filled - batch.clean) * batch.holes
            holes = self._of_holes(filled, batch)
            if self.vgg is not None:
                usual, thin = self.perceptual
                weights = usual + (thin - usual) * batch.thin
                features = (weights * features_error(self.vgg, filled, batch.clean)).mean()
                if self.grid:
                    features = features + self.grid * grid_within(filled, batch.holes).mean()
        if self.learns != "inpainter":
            logits = self.repairer.finder(batch.scratched)
            found = finding_error(logits.float(), batch.damaged)
        return torch.stack([holes, features, found])

    def _of_holes(self, filled: Tensor, batch: Batch) -> Tensor:
        squares = (filled - batch.clean).square().mean(1, keepdim=True).sum((1, 2, 3))
        return (squares / batch.holes.sum((1, 2, 3)).clamp(min=1) + self.floor).log().mean()


def features_error(vgg: nn.Module, filled: Tensor, clean: Tensor) -> Tensor:
    """Mean squared difference in VGG-19's relu3_1, as a share of what is there; its log, (N,)."""
    with torch.no_grad():
        wanted = vgg(clean, (_LAYER,))[_LAYER].float()
    error = (vgg(filled, (_LAYER,))[_LAYER].float() - wanted).square().mean((1, 2, 3))
    return (error / wanted.square().mean((1, 2, 3)) + 1e-4).log()


def grid_within(filled: Tensor, holes: Tensor) -> Tensor:
    """Power of a grid in what fills wide holes, (N,); see `grid_power`."""
    within = -F.max_pool2d(-holes, 2 * _EDGE + 1, 1, _EDGE)
    # Without what changes slowly, which is no grid but differs from phase to phase.
    mean = F.avg_pool2d(F.pad(filled, (1, 2, 1, 2), mode="replicate"), _PERIOD, 1)
    share = within.mean((1, 2, 3))
    return grid_power((filled - mean) * within, _PERIOD, cells=4) / (share + 0.05)


def finding_error(logits: Tensor, damaged: Tensor) -> Tensor:
    """Cross entropy, and one minus Dice's coefficient (Milletari et al., "V-Net", 2016).

    Args:
        logits: (N, 1, S, S).
        damaged: the same, 0 or 1.
    """
    weight = torch.tensor(_RARE, device=logits.device)
    entropy = F.binary_cross_entropy_with_logits(logits, damaged, pos_weight=weight)
    share = logits.sigmoid()
    dice = (2 * (share * damaged).sum() + 1) / (share.sum() + damaged.sum() + 1)
    return 3 * entropy + (1 - dice)
