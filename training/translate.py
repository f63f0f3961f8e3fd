"""Trains `translate/horse2zebra` and back, or `translate/photo2monet` and back, in one run.

    accelerate launch training/translate.py --data ../shared/data --folder runs/9-zebras
    accelerate launch training/translate.py --data ../shared/data --folder runs/10-monet \
        --recipe photo2monet
    accelerate launch training/translate.py --a apples --b oranges --name apple2orange \
        --folder runs/11-oranges

CycleGAN (Zhu et al. 2017): least-squares, cycle and identity terms, a pool of earlier results, and
a moving average of both generators. What saves the compute are the animals' masks: crops are made
around the animals, each generator finds its mask under their supervision and changes nothing else
(Mejjati et al. 2018), and the discriminators see the animals before plain grey, so that no meadow
is told from a steppe. Beside the discriminator of patches stands one that looks through fixed
features (Sauer et al. 2021). A killed run goes on from its last checkpoint when started again.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from accelerate import Accelerator
from PIL import Image
from torch import Tensor, nn

from studio.core.catalogue import read_weights
from studio.models import translate as model
from studio.models._weights import load_net
from training.data.domains import Subject, find_subject
from training.data.photos import fit_short_side, to_tensor
from training.lib.arguments import make_parser, read_configs
from training.lib.average import moving_average
from training.lib.pool import Pool
from training.lib.recipe import BLANK, Card
from training.lib.run import Run, ahead, begin, frozen, set_rate
from training.lib.script import script
from training.losses.critics import BothCritics, Settings, before_grey
from training.losses.unpaired import Batch, Generators, Journey, faded, unpaired_terms

TERMS = (
    "forth", "back", "cycle_a", "cycle_b", "identity", "mask", "beside", "tone",
    "critic_a", "critic_b",
)  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """Until a step: the crops' side in px, and crops of each set a step of all processes."""

    until: int
    side: int
    crops: int


@dataclass(frozen=True)
class Config:
    """One run."""

    data: Path
    run: Path
    subject: str = "horse2zebra"
    start: Path | None = None  # weights that a new run begins from; those of the way back beside
    card: Card = BLANK
    a: Path | None = None  # own photos instead of `data`; with them the subject is any name
    b: Path | None = None
    seed: int = 0
    filters: int = 24  # of the generators
    blocks: int = 6
    stages: tuple[tuple[int, int, int], ...] = ((1_200, 64, 8), (100_000, 96, 6))  # see `Stage`
    rate: float = 3e-4  # of Adam, for the generators
    rate_of_critics: float = 8e-4
    warm_up: int = 200
    decay_from: int = 60_000  # from this step on the rates fall to nothing at `steps`
    steps: int = 100_000
    cycle_weights: tuple[float, float] = (5.0, 26.0)  # of A again and of B again
    cycle_squared: float = 5.0  # of the square of their errors, beside their absolute value
    identity_weight: float = 5.0
    faded: float = 0.05  # least contrast of those of B, see `faded`
    mask_weight: float = 1.0
    beside_weight: float = 10.0  # of changes beside the animals, which the critics do not see
    tone_weight: float = 0.0  # of changes in the large, which are blots where textures are wanted
    patch_weight: float = 1.0
    patch_gain: float = 4.0  # of its discriminator's scores, see `PatchDiscriminator`
    projected_weight: float = 1.0
    projected_gain: float = 4.0
    projected_side: int = 96  # px at which the fixed features see the crops
    projected_stages: int = 4  # the deepest tells a zebra from a horse, the finest its coat
    augmented_colour: float = 0.3  # see `augment`; more would hide what sets the two sets apart
    width_of_patch: int = 32
    identities: int = 2  # crops of each set a step for the identity term, of all processes
    pool: int = 50  # earlier results
    average: float = 0.998
    bf16: bool = False  # faster with avx512_bf16, amx_bf16 or a newer GPU
    log_steps: int = 50
    checkpoint_minutes: float = 5.0
    sample_minutes: float = 10.0

    @property
    def weights(self) -> tuple[float, ...]:
        """Of what `unpaired_terms` returns."""
        return (
            *self.cycle_weights, self.identity_weight, self.mask_weight, self.beside_weight,
            self.tone_weight,
        )  # fmt: skip

    @property
    def critics(self) -> Settings:
        """Of the discriminators."""
        return Settings(
            self.width_of_patch, self.patch_gain, self.patch_weight, self.projected_stages,
            self.projected_side, self.projected_gain, self.projected_weight, self.augmented_colour,
        )  # fmt: skip

    def stage(self, step: int) -> Stage:
        """The stage of a step."""
        stages = [Stage(*each) for each in self.stages]
        return next((stage for stage in stages if step < stage.until), stages[-1])


class Batches:
    """Crops of both sets.

    Args:
        subject: what is translated into what.
        config: of the run.
        process: this one's number.
        count: of processes, which share a step's crops.
    """

    def __init__(self, subject: Subject, config: Config, process: int, count: int) -> None:
        self._subject, self._config = subject, config
        self._process, self._count = process, count

    def __call__(self, step: int) -> Batch:
        """This process's share of a step's batch; the same step gives the same."""
        random = np.random.default_rng((self._config.seed, step, self._process))
        stage = self._config.stage(step)
        each = max(1, stage.crops // self._count)
        crops = [
            [domain.crop(stage.side, random) for _ in range(each)]
            for domain in (self._subject.a, self._subject.b)
        ]
        stacks = [
            torch.stack([getattr(crop, name) for crop in some])
            for some in crops
            for name in ("photo", "mask")
        ]
        return Batch(*stacks)


class Judges:
    """The critics of both sets with their optimiser and their pools."""

    def __init__(self, accelerator: Accelerator, config: Config) -> None:
        self._accelerator, self._config = accelerator, config
        self._rules = BothCritics(config.critics).to(accelerator.device)
        self._judged = [p for p in self._rules.parameters() if p.requires_grad]
        optimizer: torch.optim.Optimizer = torch.optim.Adam(self._judged, betas=(0.5, 0.99))
        self._critics, self.optimizer = accelerator.prepare(self._rules, optimizer)
        size = config.pool // accelerator.num_processes
        self._pools = [Pool(size, config.seed + number) for number in (1, 2)]

    def judge(self, as_a: Tensor, as_b: Tensor) -> tuple[Tensor, Tensor]:
        """The generators' adversarial terms, forth and back; the critics take no gradient of it."""
        with frozen(self._judged), half(self._accelerator, self._config):
            return self._rules.b.loss_of_generator(as_b), self._rules.a.loss_of_generator(as_a)

    def learn(self, a: Tensor, as_a: Tensor, b: Tensor, as_b: Tensor) -> Tensor:
        """One step of the critics; returns their losses (2,)."""
        as_a, as_b = (
            pool.exchange(made.detach())
            for pool, made in zip(self._pools, (as_a, as_b), strict=True)
        )
        with half(self._accelerator, self._config):
            losses = self._critics(a, as_a, b, as_b)
        self.optimizer.zero_grad()
        self._accelerator.backward(losses.sum())
        self.optimizer.step()
        return losses.detach()


def half(accelerator: Accelerator, config: Config) -> torch.autocast:
    """Half precision, where the run has it."""
    return torch.autocast(accelerator.device.type, torch.bfloat16, enabled=config.bf16)


def initial_nets(config: Config, subject: Subject) -> Generators:
    """Untrained generators, or those of the weights to start from and of the way back beside."""
    nets = Generators(config.filters, config.blocks)
    if config.start is not None:
        for net, name in ((nets.forth, subject.forth), (nets.back, subject.back)):
            weights = read_weights(config.start.with_name(f"{name}.safetensors"))
            net.load_state_dict(load_net(weights, model.SPEC).state_dict())
    return nets


def train(config: Config) -> None:
    """Trains until the last step or until it is stopped."""
    accelerator = begin(config.run)
    device = accelerator.device
    torch.manual_seed(config.seed + accelerator.process_index)
    subject = find_subject(config.subject, config.data, config.a, config.b)
    net: nn.Module = initial_nets(config, subject).to(device)
    average = moving_average(net, config.average)
    optimizer: torch.optim.Optimizer = torch.optim.Adam(net.parameters(), betas=(0.5, 0.99))
    net, optimizer = accelerator.prepare(net, optimizer)
    judges = Judges(accelerator, config)
    accelerator.register_for_checkpointing(average)
    run = Run(config.run, config, accelerator)
    run.resume(config.start)

    process, processes = accelerator.process_index, accelerator.num_processes
    batches = ahead(Batches(subject, config, process, processes), run.step)
    identities = max(1, config.identities // processes)
    shown = [[fixed(path) for path in some[:6]] for some in (subject.aside_a, subject.aside_b)]

    run.start_clocks(config.checkpoint_minutes, config.sample_minutes)
    while run.step < config.steps:
        batch = Batch(*(tensor.to(device) for tensor in vars(next(batches)).values()))
        share = run.share_of_rate(config.warm_up, config.decay_from, config.steps)
        set_rate(optimizer, config.rate * share)
        set_rate(judges.optimizer, config.rate_of_critics * share)

        with half(accelerator, config):
            like_b = faded(batch, identities, config.faded)
            made: Journey = net(batch.a, batch.b, batch.a[:identities], like_b)
        as_b = before_grey(made.forth.result, batch.a_mask)
        as_a = before_grey(made.back.result, batch.b_mask)
        forth, back = judges.judge(as_a, as_b)
        others = unpaired_terms(made, batch, identities, config.cycle_squared)
        loss = forth + back + others @ others.new_tensor(config.weights)
        optimizer.zero_grad()
        accelerator.backward(loss)
        optimizer.step()
        average.update_parameters(accelerator.unwrap_model(net))
        a, b = before_grey(batch.a, batch.a_mask), before_grey(batch.b, batch.b_mask)
        judgement = judges.learn(a, as_a, b, as_b)
        run.step += 1

        terms = torch.stack([forth, back, *others]).detach()
        run.note(TERMS, torch.cat([terms, judgement]), config.log_steps)
        if run.checkpoint_is_due():
            run.checkpoint()
        if run.samples_are_due():
            show(run, cast("Generators", average.module), *shown)
    run.checkpoint()


def fixed(path: Path, side: int = 160) -> Tensor:
    """The middle square of a photo kept aside: (3, side, side)."""
    with Image.open(path) as file:
        photo = fit_short_side(file.convert("RGB"), side)
    left, top = (photo.width - side) // 2, (photo.height - side) // 2
    return to_tensor(photo.crop((left, top, left + side, top + side)))


@torch.no_grad()
def show(run: Run, nets: Generators, photos_a: list[Tensor], photos_b: list[Tensor]) -> None:
    """Saves a grid, a row a photo: A, as B, as A again, its mask; B, as A, as B again, mask."""
    device = next(nets.parameters()).device
    cells: list[Tensor] = []
    for pair in zip(photos_a, photos_b, strict=False):
        for photo, there, again in zip(
            pair, (nets.forth, nets.back), (nets.back, nets.forth), strict=True
        ):
            made = there.translate(photo[None].to(device))
            returned = again.translate(made.result)
            mask = made.mask[0].expand(3, -1, -1)
            cells += [photo, made.result[0].cpu(), returned.result[0].cpu(), mask.cpu()]
    run.grid(cells, columns=8)


@script
def main() -> None:
    """Reads the command line."""
    parser = make_parser(__doc__, data_required=False)
    parser.add_argument("--a", type=Path, metavar="DIR", help="own photos instead of --data")
    parser.add_argument("--b", type=Path, metavar="DIR", help="what they are to become")
    parser.add_argument(
        "--name", dest="subject", help="of the way from --a to --b, such as apple2orange"
    )
    args = parser.parse_args()
    given = [args.a is not None, args.b is not None, args.subject is not None]
    if any(given) != all(given) or any(given) == (args.data is not None):
        parser.error("give --data, or all of --a, --b and --name")
    for config in read_configs(Config, args, "horse2zebra" if args.a is None else "folders"):
        train(config)


if __name__ == "__main__":
    main()
