"""Trains `faces/portraits`, a generator of people who never were, and `faces/digits`.

    accelerate launch training/faces.py --data ../shared/data --folder runs/6-portraits
    accelerate launch training/faces.py --folder runs/7-digits --recipe digits
    python -m training.faces --folder runs/6-portraits --film

The generator is that of a DCGAN (Radford et al. 2016); it is judged by a discriminator of whole
pictures and, from a step on and ever more, by one that looks through fixed features (Sauer et al.
2021): from the start, that one beats a generator that draws noise yet, which then learns nothing.
With `--set baseline=true` it is the plain pair, which the figures compare with. `--film` makes a
film and a sheet of a run's sample grids. A killed run goes on from its last checkpoint.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

import torch
from accelerate import Accelerator
from torch import Tensor, nn
from torch.nn import functional as F

from studio.core.catalogue import read_weights
from studio.models import faces as model
from studio.models._portraits import SUBJECTS, Subject
from studio.models._weights import load_net
from studio.nets.dcgan import DCGANGenerator, PictureDiscriminator
from studio.nets.projected import (
    ProjectedDiscriminator,
    hinge_of_discriminator,
    hinge_of_generator,
)
from studio.quality.features import load_efficientnet
from training.lib.arguments import make_parser, read_configs
from training.lib.augment import augment
from training.lib.average import moving_average
from training.lib.film import make_film
from training.lib.recipe import BLANK, Card
from training.lib.run import Run, ahead, begin, frozen, set_rate
from training.lib.script import script

TERMS = ("picture", "projected", "generator, picture", "generator, projected")
SHOWN = 64  # latents of the sample grid, always the same
SETTLING = 1024  # latents that an average's statistics are taken from


@dataclass(frozen=True)
class Config:
    """One run."""

    data: Path
    run: Path
    subject: str = "portraits"
    start: Path | None = None  # weights that a new run begins from
    card: Card = BLANK
    baseline: bool = False  # see `PLAIN`
    seed: int = 0
    side: int = 64  # of the pictures, px; 8 for digits
    width: int = 48  # of generator and discriminator
    latent: int = 100
    pictures: int = 32  # a step, of all processes together
    rate: float = 2e-4  # of Adam, for the generator
    rate_of_critics: float = 2e-4
    momentum: float = 0.5  # of Adam, its first one
    picture_gain: float = 8.0  # of the first discriminator's scores, see `PatchDiscriminator`
    projected_gain: float = 2.0
    colour: float = 0.3  # of the augmentation, see `augment`
    shift: float = 0.125
    cut: float = 0.3
    picture_weight: float = 1.0
    projected_weight: float = 1.0
    projected_from: int = 200  # steps before the projected discriminator begins to learn
    projected_ramp: int = 300  # steps in which its weight then rises
    projected_side: int = 96  # px, at which it sees the pictures
    warm_up: int = 300  # steps after a start, in which the critics learn the most
    steps: int = 12_000
    average: float = 0.998
    bf16: bool = False  # faster with avx512_bf16, amx_bf16 or a newer GPU
    log_steps: int = 50
    checkpoint_minutes: float = 5.0
    sample_minutes: float = 5.0


PLAIN: dict[str, Any] = {
    "projected_weight": 0.0, "average": 0.0, "picture_gain": 1.0, "colour": 1.0, "cut": 0.0
}  # fmt: skip
"""Settings of the plain pair that the figures compare with: one discriminator, no average."""


def make_batch(subject: Subject, config: Config, step: int, process: int, count: int) -> Tensor:
    """A process's share of a step's real pictures; the same arguments give the same."""
    random = torch.Generator().manual_seed((config.seed << 40) + step * count + process)
    share = config.pictures // count
    real = subject.real[torch.randint(len(subject.real), (share,), generator=random)]
    if subject.mirrored:
        flipped = torch.rand(share, 1, 1, 1, generator=random) < 0.5
        real = torch.where(flipped, real.flip(3), real)
    return (real.float() / 255).contiguous(memory_format=torch.channels_last)


class Judge:
    """One discriminator with its optimiser.

    Args:
        accelerator: of the run.
        net: scores of pictures (N, C, S, S).
        config: of the run.
        side: at which it sees the pictures, in px.
    """

    def __init__(self, accelerator: Accelerator, net: nn.Module, config: Config, side: int) -> None:
        self._accelerator, self._config, self._side = accelerator, config, side
        net = net.to(accelerator.device).to(memory_format=torch.channels_last)
        self._learning = [p for p in net.parameters() if p.requires_grad]
        betas = (config.momentum, 0.99)
        optimizer = torch.optim.Adam(self._learning, config.rate_of_critics, betas=betas)
        self._judging = net  # while it judges, no gradient of its own is gathered
        self._net, self._optimizer = accelerator.prepare(net, optimizer)

    def learn(self, real: Tensor, fake: Tensor) -> Tensor:
        """One step; returns its loss: 2 where it cannot tell, 0 where it always can."""
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
        config = self._config
        seen = augment(pictures, colour=config.colour, shift=config.shift, cut=config.cut)
        if seen.shape[3] != self._side:
            seen = F.interpolate(seen, (self._side, self._side), mode="bilinear")
        seen = seen.contiguous(memory_format=torch.channels_last)
        device = self._accelerator.device.type
        with torch.autocast(device, torch.bfloat16, enabled=config.bf16):
            scores = net(seen)
        return [s.float() for s in (scores if isinstance(scores, list) else [scores])]


class Judges:
    """Both discriminators; the second joins later, and counts for ever more."""

    def __init__(self, accelerator: Accelerator, channels: int, config: Config) -> None:
        self._config = config
        critic = PictureDiscriminator(config.side, config.width, channels, config.picture_gain)
        self._whole = Judge(accelerator, critic, config, config.side)
        self._projected = None
        if config.projected_weight:
            critic = ProjectedDiscriminator(load_efficientnet(), gain=config.projected_gain)
            self._projected = Judge(accelerator, critic, config, config.projected_side)

    def judge(self, real: Tensor, fake: Tensor, step: int) -> tuple[Tensor, Tensor]:
        """Has them learn, then judge.

        Returns:
            The generator's loss, and what is logged, see `TERMS`.
        """
        config, nothing = self._config, torch.zeros((), device=real.device)
        learnt = [self._whole.learn(real, fake), nothing + 2]
        judged = [self._whole.judge(fake), nothing]
        part = 0.0
        if self._projected is not None and step >= config.projected_from:
            learnt[1] = self._projected.learn(real, fake)
            judged[1] = self._projected.judge(fake)
            part = min(1.0, (step - config.projected_from) / config.projected_ramp)
        loss = config.picture_weight * judged[0] + config.projected_weight * part * judged[1]
        return loss, torch.stack([*learnt, *judged]).detach()


def initial_net(config: Config, channels: int) -> DCGANGenerator:
    """An untrained generator, or that of the weights to start from."""
    net = DCGANGenerator(config.side, config.width, channels, config.latent)
    if config.start is not None:
        known = cast("model.Faces", load_net(read_weights(config.start), model.SPEC))
        net.load_state_dict(known.generator.state_dict())
    return net.to(memory_format=torch.channels_last)


def train(config: Config) -> None:
    """Trains until the last step or until it is stopped."""
    if config.baseline:
        config = replace(config, **PLAIN)
    accelerator = begin(config.run)
    device = accelerator.device
    torch.manual_seed(config.seed + accelerator.process_index)
    subject = SUBJECTS[config.subject](config.data, config.side)
    channels = subject.real.shape[1]
    net: nn.Module = initial_net(config, channels).to(device)
    average = moving_average(net, config.average)
    optimizer = torch.optim.Adam(net.parameters(), config.rate, betas=(config.momentum, 0.99))
    net, optimizer = accelerator.prepare(net, optimizer)
    judges = Judges(accelerator, channels, config)
    accelerator.register_for_checkpointing(average)
    run = Run(config.run, config, accelerator)
    run.resume(config.start)

    place = accelerator.process_index, accelerator.num_processes
    batches = ahead(lambda step: make_batch(subject, config, step, *place), run.step)
    shown = torch.randn(SHOWN, config.latent, generator=torch.Generator().manual_seed(0))
    seen: list[Tensor] = []

    run.start_clocks(config.checkpoint_minutes, config.sample_minutes)
    while run.step < config.steps:
        real = next(batches).to(device)
        share = run.share_of_rate(config.warm_up, config.steps, config.steps)
        set_rate(optimizer, config.rate * share)
        latents = torch.randn(len(real), config.latent, device=device)
        with torch.autocast(device.type, torch.bfloat16, enabled=config.bf16):
            fake = net(latents)
        loss, terms = judges.judge(real, fake.float(), run.step)
        optimizer.zero_grad()
        accelerator.backward(loss)
        optimizer.step()
        average.update_parameters(accelerator.unwrap_model(net))
        run.step += 1

        seen.append(terms)
        if run.step % config.log_steps == 0:
            run.log(dict(zip(TERMS, torch.stack(seen).mean(0).tolist(), strict=True)))
            seen.clear()
        if run.checkpoint_is_due():
            run.checkpoint()
        if run.samples_are_due() or run.step == config.steps:
            run.grid(draw(average.module, shown), columns=8)
    run.checkpoint()


@torch.no_grad()
def draw(net: nn.Module, latents: Tensor) -> Tensor:
    """What a generator's average makes of latents (N, Z): (N, C, S, S) on the CPU.

    The average's statistics are taken anew, each time from the same latents.
    """
    if not isinstance(net, DCGANGenerator):
        raise TypeError("no generator of latents")
    device = next(net.parameters()).device
    random = torch.Generator().manual_seed(1)
    net.settle(torch.randn(SETTLING, latents.shape[1], generator=random).to(device))
    return net(latents.to(device)).float().cpu()


@script
def main() -> None:
    """Reads the command line."""
    parser = make_parser(__doc__, data_required=False)
    parser.add_argument("--film", action="store_true", help="of the run's grids; trains nothing")
    args = parser.parse_args()
    if args.film:
        for path in make_film(args.folder):
            print(path)
        return
    for config in read_configs(Config, args, "portraits"):
        train(config)


if __name__ == "__main__":
    main()
