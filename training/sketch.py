"""Trains `sketch/cats`, a generator that draws a cat after any doodle, and `sketch/facades`.

    accelerate launch training/sketch.py --data ../shared/data --folder runs/4-cats
    accelerate launch training/sketch.py --data ../shared/data --folder runs/5-facades \
        --recipe facades
    accelerate launch training/sketch.py --pairs my-pairs --folder runs/shoes

Isola et al. (2017): a conditional GAN with an L1 term; the discriminator of patches sees drawing
and photo together. To it are added a perceptual term (Johnson et al. 2016) and a discriminator that
looks through fixed features (Sauer et al. 2021), both of which save much time on few pictures.
Doodles that no photo belongs to are trained on too: of them only that one asks that a cat come out.
The generator is told the photo's rough colours, so that it need not guess them; in the program the
seed chooses them. With `--set l1_only=true` it is the generator trained with L1 alone, which the
figures compare with. A killed run goes on from its last checkpoint when started again.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from accelerate import Accelerator
from torch import Tensor, nn

from studio.core.catalogue import read_weights
from studio.models import sketch as model
from studio.models._weights import load_net
from studio.nets.pix2pix import PatchDiscriminator, UNetGenerator
from studio.nets.projected import (
    ProjectedDiscriminator,
    hinge_of_discriminator,
    hinge_of_generator,
)
from studio.nets.vgg19 import VGG19
from studio.quality.features import load_efficientnet, load_vgg19
from training.data.colours import ColourCode
from training.data.pairs import OWN, Subject, find_subject
from training.lib.arguments import make_parser, read_configs
from training.lib.augment import augment
from training.lib.average import moving_average
from training.lib.recipe import BLANK, Card
from training.lib.run import Run, ahead, begin, frozen, set_rate
from training.lib.script import script

_CODED = 500  # photos that the code of colours is made from
PERCEPTUAL_LAYERS = ("relu1_2", "relu2_2", "relu3_3")


@dataclass(frozen=True)
class Config:
    """One run."""

    data: Path
    run: Path
    subject: str = "cats"
    start: Path | None = None  # weights that a new run begins from
    card: Card = BLANK
    seed: int = 0
    side: int = 128  # of the pictures, px
    width: int = 32  # of generator and discriminator
    code: int = 8  # numbers that tell a photo's colours, see `ColourCode`; 0: none
    pairs: int = 4  # a step, of all processes together
    doodles: int = 2  # a step, likewise
    rate: float = 2e-4  # of Adam, for the generator
    rate_of_critics: float = 2e-4
    l1_weight: float = 10.0
    perceptual_weight: float = 5.0
    patch_gain: float = 4.0  # of its discriminator's scores, see `PatchDiscriminator`
    projected_weight: float = 1.0
    patch_weight: float = 1.0
    code_weight: float = 0.1  # that doodles have the colours that were asked for
    l1_only: bool = False
    warm_up: int = 300  # steps after a start, in which the critics learn the most
    steps: int = 100_000
    average: float = 0.998
    bf16: bool = False  # faster with avx512_bf16, amx_bf16 or a newer GPU
    log_steps: int = 50
    checkpoint_minutes: float = 5.0
    sample_minutes: float = 10.0


@dataclass(frozen=True)
class Batch:
    """Drawings (P, C, S, S) and photos (P, 3, S, S) of pairs, and doodles (D, C, S, S)."""

    drawings: Tensor
    photos: Tensor
    doodles: Tensor


class Batches:
    """Pairs and doodles.

    Args:
        subject: what is drawn.
        config: of the run.
        process: this one's number.
        count: of processes, which share a step's batch.
    """

    def __init__(self, subject: Subject, config: Config, process: int, count: int) -> None:
        self._subject, self._config = subject, config
        self._process, self._count = process, count

    def __call__(self, step: int) -> Batch:
        """This process's share of a step's batch; the same step gives the same."""
        subject, config = self._subject, self._config
        random = np.random.default_rng((config.seed, step, self._process))
        indices = random.integers(0, subject.count, config.pairs // self._count)
        pairs = [subject.pair(int(index), random) for index in indices]
        doodles = [subject.doodle(random) for _ in range(config.doodles // self._count)]
        drawings = torch.stack([pair.drawing for pair in pairs])
        return Batch(
            drawings,
            torch.stack([pair.photo for pair in pairs]),
            torch.stack(doodles) if doodles else drawings[:0],
        )


class Critics(nn.Module):
    """Both discriminators."""

    def __init__(self, channels: int, config: Config) -> None:
        super().__init__()
        self.patch = PatchDiscriminator(3 + channels, config.width, gain=config.patch_gain)
        self.projected = ProjectedDiscriminator(load_efficientnet())
        self.weights = config.patch_weight, config.projected_weight

    def forward(self, drawings: Tensor, photos: Tensor, doodled: Tensor) -> list[list[Tensor]]:
        """Scores of each discriminator's heads.

        Args:
            drawings: (P, C, S, S).
            photos: (P, 3, S, S), real or generated, of these drawings.
            doodled: (D, 3, S, S) generated from doodles that no photo belongs to; may be empty.
        """
        both = augment(torch.cat([photos, drawings], 1))
        alone = augment(torch.cat([photos, doodled]))
        return [[self.patch(both).float()], [s.float() for s in self.projected(alone)]]

    def loss_of_generator(self, scores: list[list[Tensor]]) -> Tensor:
        """Hinge loss of the generator, weighted."""
        terms = zip(self.weights, scores, strict=True)
        return torch.stack([w * hinge_of_generator(s) for w, s in terms]).sum()

    def loss(self, real: list[list[Tensor]], fake: list[list[Tensor]]) -> Tensor:
        """Hinge loss of the discriminators, each (2,): patch, projected."""
        return torch.stack([hinge_of_discriminator(r, f) for r, f in zip(real, fake, strict=True)])


class Judges:
    """The critics with their optimiser, and the perceptual distance."""

    def __init__(self, accelerator: Accelerator, channels: int, config: Config) -> None:
        self._accelerator, self._bf16 = accelerator, config.bf16
        self._perceptual_weight = config.perceptual_weight
        critics = Critics(channels, config).to(accelerator.device)
        self._learning = [p for p in critics.parameters() if p.requires_grad]
        optimizer = torch.optim.Adam(self._learning, config.rate_of_critics, betas=(0.0, 0.99))
        self._rules = critics
        self._critics, self._optimizer = accelerator.prepare(critics, optimizer)
        vgg = load_vgg19().to(accelerator.device)
        self._vgg = vgg.to(memory_format=torch.channels_last)

    def judge(
        self, drawings: Tensor, photos: Tensor, fake: Tensor, doodled: Tensor
    ) -> tuple[Tensor, Tensor]:
        """The critics learn, then judge.

        Returns:
            The generator's loss, and what is logged: perceptual and adversarial term, and the
            critics' losses.
        """
        learnt = self._learn(drawings, photos, fake, doodled)
        with frozen(self._learning), self._half():
            scores = self._rules(drawings, fake, doodled)
            perceptual = perceptual_distance(self._vgg, fake, photos)
        adversarial = self._rules.loss_of_generator(scores)
        loss = self._perceptual_weight * perceptual + adversarial
        return loss, torch.stack([perceptual, adversarial, *learnt]).detach()

    def _learn(self, drawings: Tensor, photos: Tensor, fake: Tensor, doodled: Tensor) -> Tensor:
        """One step of the critics; returns their losses (2,): patch, projected."""
        self._optimizer.zero_grad()
        with self._half():
            real_scores = self._critics(drawings, photos, photos[:0])
            fake_scores = self._critics(drawings, fake.detach(), doodled.detach())
        losses = self._rules.loss(real_scores, fake_scores)
        self._accelerator.backward(losses.sum())
        self._optimizer.step()
        return losses.detach()

    def _half(self) -> torch.autocast:
        device = self._accelerator.device.type
        return torch.autocast(device, torch.bfloat16, enabled=self._bf16)


def perceptual_distance(vgg: VGG19, fake: Tensor, real: Tensor) -> Tensor:
    """Mean over layers of the L1 distance of features, relative to the real picture's."""
    with torch.no_grad():
        wanted = {n: f.float() for n, f in vgg(real, PERCEPTUAL_LAYERS).items()}
    found = vgg(fake, PERCEPTUAL_LAYERS)
    terms = [(found[n].float() - f).abs().mean() / f.abs().mean() for n, f in wanted.items()]
    return torch.stack(terms).mean()


def initial_net(config: Config, channels: int) -> UNetGenerator:
    """An untrained generator, or that of the weights to start from."""
    net = UNetGenerator(channels, config.width, config.code)
    if config.start is not None:
        known = cast("model.Sketcher", load_net(read_weights(config.start), model.SPEC))
        net.load_state_dict({**net.state_dict(), **known.generator.state_dict()})
    return net.to(memory_format=torch.channels_last)


def code_of(subject: Subject, config: Config) -> ColourCode:
    """The code of this subject's colours."""
    random = np.random.default_rng(config.seed)
    photos = [subject.pair(number % subject.count, random).photo for number in range(_CODED)]
    return ColourCode(torch.stack(photos), config.code)


def train(config: Config) -> None:
    """Trains until the last step or until it is stopped."""
    accelerator = begin(config.run)
    device = accelerator.device
    torch.manual_seed(config.seed + accelerator.process_index)
    subject = find_subject(config.subject, config.data, config.side)
    channels = len(subject.labels) or 1
    net: nn.Module = initial_net(config, channels).to(device)
    average = moving_average(net, config.average)
    optimizer = torch.optim.Adam(net.parameters(), config.rate, betas=(0.0, 0.99))
    net, optimizer = accelerator.prepare(net, optimizer)
    judges = None if config.l1_only else Judges(accelerator, channels, config)
    accelerator.register_for_checkpointing(average)
    run = Run(config.run, config, accelerator)
    run.resume(config.start)
    code = code_of(subject, config)

    place = accelerator.process_index, accelerator.num_processes
    batches = ahead(Batches(subject, config, *place), run.step)
    seen: list[Tensor] = []

    run.start_clocks(config.checkpoint_minutes, config.sample_minutes)
    while run.step < config.steps:
        batch = next(batches)
        share = run.share_of_rate(config.warm_up, config.steps, config.steps)
        set_rate(optimizer, config.rate * share)
        drawings, photos, doodles = (
            t.to(device) for t in (batch.drawings, batch.photos, batch.doodles)
        )
        drawn_codes = torch.randn(len(doodles), config.code, device=device)
        codes = torch.cat([code(photos), drawn_codes])
        with torch.autocast(device.type, torch.bfloat16, enabled=config.bf16):
            made = net(torch.cat([drawings, doodles]), None, codes).float()
        fake, doodled = made[: len(drawings)], made[len(drawings) :]
        l1 = (fake - photos).abs().mean()
        loss, terms = config.l1_weight * l1, torch.zeros(4)
        if judges is not None:
            judged, terms = judges.judge(drawings, photos, fake, doodled)
            colours = (code(doodled) - drawn_codes).square().sum() / max(1, drawn_codes.numel())
            loss = loss + judged + config.code_weight * colours
        optimizer.zero_grad()
        accelerator.backward(loss)
        optimizer.step()
        average.update_parameters(accelerator.unwrap_model(net))
        run.step += 1

        seen.append(torch.cat([l1.detach()[None], terms.to(device)]))
        if run.step % config.log_steps == 0:
            names = ("l1", "perceptual", "adversarial", "patch", "projected")
            run.log(dict(zip(names, torch.stack(seen).mean(0).tolist(), strict=True)))
            seen.clear()
        if run.checkpoint_is_due():
            run.checkpoint()
        if run.samples_are_due():
            show(run, average.module, subject)
    run.checkpoint()


@torch.no_grad()
def show(run: Run, net: nn.Module, subject: Subject) -> None:
    """Saves a grid: drawing, result and photo of pairs kept aside; then doodles and results."""
    doodles = [subject.doodle(np.random.default_rng(number)) for number in range(12)]
    device = next(net.parameters()).device

    def result(drawing: Tensor, seed: int = 0) -> Tensor:
        generator = torch.Generator().manual_seed(seed)
        return net(drawing[None].to(device), generator)[0].cpu()

    cells: list[Tensor] = []
    for pair in subject.held_out()[:6]:
        cells += [as_seen(pair.drawing, subject), result(pair.drawing), pair.photo]
    for seed, doodle in enumerate(doodles):
        cells += [as_seen(doodle, subject), result(doodle, seed)]
    run.grid(cells, columns=6)


def as_seen(drawing: Tensor, subject: Subject) -> Tensor:
    """A drawing (C, S, S) as people see it: dark on light, or in its labels' colours; (3, S, S)."""
    if not subject.labels:
        return 1 - drawing.expand(3, -1, -1)
    colours = torch.tensor([label.rgb for label in subject.labels]) / 255
    return torch.einsum("lhw,lc->chw", drawing, colours)


@script
def main() -> None:
    """Reads the command line."""
    parser = make_parser(__doc__, data_required=False)
    parser.add_argument(
        "--pairs", dest="own", type=Path, metavar="DIR",
        help="photos of yours in DIR/photos, drawings of the same names in DIR/drawings",
    )  # fmt: skip
    args = parser.parse_args()
    if args.own is not None:
        args.subject, args.data = OWN, args.own
    elif args.data is None:
        parser.error("give --data or --pairs")
    for config in read_configs(Config, args, "cats" if args.own is None else ""):
        train(config)


if __name__ == "__main__":
    main()
