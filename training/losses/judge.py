"""A discriminator and what it is taught with."""

from dataclasses import dataclass

import torch
from accelerate import Accelerator
from torch import Tensor, nn
from torch.nn import functional as F

from studio.nets.projected import hinge_of_discriminator, hinge_of_generator
from training.lib.augment import augment
from training.lib.run import frozen, set_rate


@dataclass(frozen=True)
class Judging:
    """How a discriminator is taught.

    Attributes:
        side: at which it sees the pictures, in px.
        colour, shift, cut: of the augmentation, see `augment`.
        rate, momentum: of Adam, its first one.
        bf16: whether it works in bfloat16.
    """

    side: int
    colour: float
    shift: float
    cut: float
    rate: float
    momentum: float
    bf16: bool


class Judge:
    """One discriminator with its optimiser.

    Args:
        accelerator: of the run.
        net: scores of pictures (N, C, S, S).
        how: it is taught, and sees the pictures.
    """

    def __init__(self, accelerator: Accelerator, net: nn.Module, how: Judging) -> None:
        self._accelerator, self._how = accelerator, how
        net = net.to(accelerator.device).to(memory_format=torch.channels_last)
        self._learning = [p for p in net.parameters() if p.requires_grad]
        betas = (how.momentum, 0.99)
        optimizer = torch.optim.Adam(self._learning, how.rate, betas=betas)
        self._judging = net  # while it judges, no gradient of its own is gathered
        self._net, self._optimizer = accelerator.prepare(net, optimizer)

    def learn(self, real: Tensor, fake: Tensor) -> Tensor:
        """One step; returns its loss: 2 where it cannot tell, 0 where it always can."""
        set_rate(self._optimizer, self._how.rate)
        self._optimizer.zero_grad()
        scores = [self._scores(self._net, pictures) for pictures in (real, fake.detach())]
        loss = hinge_of_discriminator(*scores)
        self._accelerator.backward(loss)
        self._optimizer.step()
        return loss.detach()

    def judge(self, fake: Tensor) -> Tensor:
        """The generator's hinge loss."""
        with frozen(self._learning):
            return hinge_of_generator(self._scores(self._judging, fake))

    def _scores(self, net: nn.Module, pictures: Tensor) -> list[Tensor]:
        how = self._how
        seen = augment(pictures, colour=how.colour, shift=how.shift, cut=how.cut)
        if seen.shape[3] != how.side:
            seen = F.interpolate(seen, (how.side, how.side), mode="bilinear")
        seen = seen.contiguous(memory_format=torch.channels_last)
        device = self._accelerator.device.type
        with torch.autocast(device, torch.bfloat16, enabled=how.bf16):
            scores = net(seen)
        return [s.float() for s in (scores if isinstance(scores, list) else [scores])]
