"""How far cleaned photos are from clean ones, and found levels of damage from the true ones."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.models import enhance as model

_SIZE = 4  # place of the grain's size among the levels


@dataclass(frozen=True)
class Batch:
    """Crops (N, 3, S, S), what is left of them (N, 3, s, s), and the levels (N, 5) of damage."""

    clean: Tensor
    damaged: Tensor
    levels: Tensor


class Objective(nn.Module):
    """Both nets in one module, so that one call trains them."""

    def __init__(
        self, enhancer: model.Enhancer, floor: float, learns: str = "both", *, through: bool = False
    ) -> None:
        super().__init__()
        self.enhancer, self.floor, self.learns, self.through = enhancer, floor, learns, through
        enhancer.restorer.requires_grad_(learns != "estimator")
        enhancer.estimator.requires_grad_(learns != "restorer")

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Logarithm of the mean squared error, and the levels' error; each (N,).

        Of a net that does not learn it is 0; the estimator may learn through the restorer, too.
        """
        levels = told = batch.levels[:, : self.enhancer.levels]
        error = found_error = torch.zeros(len(levels), device=levels.device)
        if self.learns != "restorer":
            votes, weights = (
                each.float() for each in self.enhancer.estimator.ballots(batch.damaged)
            )
            found_error = levels_error(votes, weights, levels)
            if self.through:
                told = found_levels(votes, weights).clamp(0, 1)
        if self.through or self.learns != "estimator":
            restored = self.enhancer.restorer(batch.damaged, told)
            squares = (restored.float() - batch.clean).square().mean((1, 2, 3))
            error = (squares + self.floor).log()
        return error, found_error


def found_levels(votes: Tensor, weights: Tensor) -> Tensor:
    """What ballots (N, L, P) come to: (N, L)."""
    return (votes * weights).sum(2) / weights.sum(2)


def levels_error(votes: Tensor, weights: Tensor, levels: Tensor) -> Tensor:
    """How far ballots (N, L, P) are off levels (N, L): what they come to, and each by itself; (N,).

    By itself a vote is a median and its weight one over the spread around it (Kendall, Gal, "What
    Uncertainties Do We Need", 2017): each place learns, and learns how much it knows. Weak damage
    counts by its share; the size of grain that is hardly there counts little.
    """
    share = (levels + 0.02).sqrt()
    found = found_levels(votes, weights)
    whole = F.smooth_l1_loss(found, levels, reduction="none", beta=0.05) / share
    each = (votes - levels[..., None]).abs() / share[..., None]
    apart = (weights * each - weights.log()).mean(2)
    error = whole + 0.02 * apart
    if levels.shape[1] > _SIZE:
        seen = (levels[:, 0] * 10).clamp(max=1)
        error = torch.cat([error[:, :_SIZE], error[:, _SIZE:] * seen[:, None]], 1)
    return error.mean(1)
