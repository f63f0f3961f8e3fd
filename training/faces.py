"""Trains `faces/portraits`, a generator of people who never were, `faces/digits`, or your own.

    accelerate launch training/faces.py --data ../shared/data --folder runs/6-portraits
    accelerate launch training/faces.py --folder runs/8-digits --recipe digits
    accelerate launch training/faces.py --folder runs/9-mine --subject a/folder/of/pictures
    python -m training.faces --folder runs/6-portraits --film

The generator is that of a DCGAN (Radford et al. 2016). At first it learns alone: each real picture
has a latent, and is to be drawn from it (see `training/lib/redrawing.py`); in minutes that gives
faces which are whole, if soft. Then it is judged by a discriminator of whole pictures and by one
that looks through fixed features (Sauer et al. 2021), and goes on to redraw coarsely, so that no
kind of picture is forgotten. `--start` goes on from weights; `training/details.py` doubles their
side. With `--set baseline=true` it is the plain pair, which the figures compare with. `--film`
makes a film and a sheet of a run's sample grids. A killed run goes on from its last checkpoint.
"""

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from accelerate import Accelerator
from torch import Tensor, nn

from studio.nets.dcgan import PictureDiscriminator
from studio.nets.projected import (
    ProjectedDiscriminator,
)
from studio.quality.features import load_efficientnet
from studio.quality.subjects import Subject, find_subject
from training.lib.arguments import make_parser, parse_pictures, read_configs
from training.lib.average import moving_average
from training.lib.film import make_film
from training.lib.generator import draw, initial_net
from training.lib.recipe import BLANK, Card
from training.lib.redrawing import Likeness, coarse_distance, codes_of
from training.lib.run import Run, ahead, begin, set_rate
from training.lib.script import script
from training.losses.judge import Judge, Judging

TERMS = ("redrawn", "picture", "projected", "generator, picture", "generator, projected")
SHOWN = 64  # latents of the sample grid, always the same


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
    width: int = 32  # of the generator
    widest: int = 12  # of its coarsest maps, times the width
    width_of_critic: int = 32  # of the discriminator of whole pictures
    latent: int = 100
    pictures: int = 16  # a step, of all processes together
    redraw_steps: int = 800  # in which the generator learns alone, to draw the real pictures
    redraw_rate: float = 2e-3  # of Adam at their start; it falls to `rate`
    redraw_weight: float = 10.0  # of their coarse likeness, in the steps after these
    redraw_noise: float = 0.2  # on their latents, so that what is near looks alike
    rate: float = 2e-4  # of Adam, for the generator
    rate_of_critics: float = 1e-3
    momentum: float = 0.5  # of Adam, its first one
    picture_gain: float = 12.0  # of the first discriminator's scores, see `PatchDiscriminator`
    projected_gain: float = 4.0
    colour: float = 0.2  # of the augmentation, see `augment`
    shift: float = 0.03  # more, and on aligned pictures the discriminators learn next to nothing
    cut: float = 0.0
    picture_weight: float = 1.0
    projected_weight: float = 1.0
    projected_side: int = 80  # px, at which it sees the pictures
    warm_up: int = 100  # steps after a start, in which the critics learn the most
    steps: int = 12_000
    average: float = 0.995
    bf16: bool = False  # faster with avx512_bf16, amx_bf16 or a newer GPU
    log_steps: int = 50
    checkpoint_minutes: float = 5.0
    sample_minutes: float = 5.0

    def judging(self, side: int) -> Judging:
        """Of a discriminator that sees the pictures at a side in px."""
        return Judging(
            side, self.colour, self.shift, self.cut, self.rate_of_critics, self.momentum, self.bf16
        )


PLAIN: dict[str, Any] = {
    "projected_weight": 0.0, "average": 0.0, "picture_gain": 1.0, "colour": 1.0,
    "redraw_steps": 0, "redraw_weight": 0.0,
}  # fmt: skip
"""Settings of the plain pair that the figures compare with: one discriminator, no average."""


class Batches:
    """Real pictures and latents of a run; the same step gives the same.

    Args:
        subject: whose pictures they are.
        config: of the run.
        process: this one's number.
        count: of processes, which share a step's pictures.
    """

    def __init__(self, subject: Subject, config: Config, process: int, count: int) -> None:
        self._subject, self._config = subject, config
        self._process, self._count = process, count
        redraws = config.redraw_steps or config.redraw_weight
        self._codes = codes_of(subject.real, config.latent) if redraws else None

    def __call__(self, step: int) -> tuple[Tensor, Tensor]:
        """This process's share of a step's real pictures (N, C, S, S) in [0, 1], and latents.

        At first all latents (N, Z) are those of the pictures, later the first half.
        """
        config, subject = self._config, self._subject
        seed = (config.seed << 40) + step * self._count + self._process
        random = torch.Generator().manual_seed(seed)
        share = config.pictures // self._count
        chosen = torch.randint(len(subject.real), (share,), generator=random)
        flipped = torch.rand(share, generator=random) < (0.5 if subject.mirrored else 0.0)
        real = subject.real[chosen]
        real = torch.where(flipped[:, None, None, None], real.flip(3), real)
        latents = torch.randn(share, config.latent, generator=random)
        if self._codes is not None:
            known = share if step < config.redraw_steps else share // 2
            noise = config.redraw_noise * latents[:known]
            latents[:known] = self._codes[flipped[:known].long(), chosen[:known]] + noise
        return (real.float() / 255).contiguous(memory_format=torch.channels_last), latents


class Judges:
    """Both discriminators, and the likeness of what is redrawn."""

    def __init__(self, accelerator: Accelerator, channels: int, config: Config) -> None:
        self._config = config
        critic = PictureDiscriminator(
            config.side, config.width_of_critic, channels, config.picture_gain
        )
        self._whole = Judge(accelerator, critic, config.judging(config.side))
        self._projected = self._likeness = None
        if config.redraw_steps:
            features = load_efficientnet().to(accelerator.device)
            self._likeness = Likeness(features, config.projected_side, bf16=config.bf16)
        if config.projected_weight:
            critic = ProjectedDiscriminator(load_efficientnet(), gain=config.projected_gain)
            self._projected = Judge(accelerator, critic, config.judging(config.projected_side))

    def judge(self, real: Tensor, fake: Tensor, step: int) -> tuple[Tensor, Tensor]:
        """Compares with what is to be redrawn; then has the discriminators learn, then judge.

        Returns:
            The generator's loss, and what is logged, see `TERMS`.
        """
        config, nothing = self._config, torch.zeros((), device=real.device)
        if self._likeness is not None and step < config.redraw_steps:
            loss = self._likeness(fake, real)
            return loss, torch.stack([loss.detach(), *[nothing] * 4])
        loss = redrawn = nothing
        if config.redraw_weight:
            known = len(real) // 2
            redrawn = coarse_distance(fake[:known], real[:known])
            loss = config.redraw_weight * redrawn
        learnt, judged = [nothing + 2] * 2, [nothing] * 2
        weights = config.picture_weight, config.projected_weight
        for number, judge in enumerate((self._whole, self._projected)):
            if judge is not None:
                learnt[number] = judge.learn(real, fake)
                judged[number] = judge.judge(fake)
                loss = loss + weights[number] * judged[number]
        return loss, torch.stack([redrawn, *learnt, *judged]).detach()


def set_own_rate(optimizer: torch.optim.Optimizer, config: Config, run: Run) -> None:
    """Sets the generator's learning rate for this step.

    Once it is judged, the critics learn first.
    """
    share = run.share_of_rate(config.warm_up, config.steps, config.steps)
    since = run.own_step - config.redraw_steps
    if since < 0:
        falling = config.rate - (config.redraw_rate - config.rate) * since / config.redraw_steps
        rate = falling * share
    else:
        rate = config.rate * min(share, (since + 1) / config.warm_up)
    set_rate(optimizer, rate)


def train(config: Config) -> None:
    """Trains until the last step or until it is stopped."""
    if config.baseline:
        config = replace(config, **PLAIN)
    accelerator = begin(config.run)
    device = accelerator.device
    torch.manual_seed(config.seed + accelerator.process_index)
    subject = find_subject(config.subject, config.data, config.side)
    channels = subject.real.shape[1]
    net: nn.Module = initial_net(asdict(config), channels).to(device)
    average = moving_average(net, config.average)
    adam = torch.optim.Adam(net.parameters(), config.rate, betas=(config.momentum, 0.99))
    net, optimizer = accelerator.prepare(net, adam)
    judges = Judges(accelerator, channels, config)
    accelerator.register_for_checkpointing(average)
    run = Run(config.run, config, accelerator)
    run.resume(config.start)

    place = accelerator.process_index, accelerator.num_processes
    batches = ahead(Batches(subject, config, *place), run.own_step)
    shown = torch.randn(SHOWN, config.latent, generator=torch.Generator().manual_seed(0))

    run.start_clocks(config.checkpoint_minutes, config.sample_minutes)
    while run.step < config.steps:
        real, latents = (each.to(device) for each in next(batches))
        set_own_rate(optimizer, config, run)
        with torch.autocast(device.type, torch.bfloat16, enabled=config.bf16):
            fake = net(latents)
        loss, terms = judges.judge(real, fake.float(), run.own_step)
        optimizer.zero_grad()
        accelerator.backward(loss)
        optimizer.step()
        average.update_parameters(accelerator.unwrap_model(net))
        run.step += 1

        run.note(TERMS, terms, config.log_steps)
        if run.checkpoint_is_due():
            run.checkpoint()
        if run.samples_are_due() or run.step == config.steps:
            run.grid(draw(average.module, shown), columns=8)
    run.checkpoint()


@script
def main() -> None:
    """Reads the command line."""
    parser = make_parser(__doc__, data_required=False)
    parser.add_argument("--film", action="store_true", help="of the run's grids; trains nothing")
    args = parse_pictures(parser)
    if args.film:
        for path in make_film(args.folder):
            print(path)
        return
    for config in read_configs(Config, args, "portraits" if args.own is None else ""):
        train(config)


if __name__ == "__main__":
    main()
