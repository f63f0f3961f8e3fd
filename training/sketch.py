"""Trains `sketch/cats`, a generator that draws a cat after any doodle, and `sketch/facades`.

    accelerate launch training/sketch.py --data ../shared/data --folder runs/4-cats
    accelerate launch training/sketch.py --data ../shared/data --folder runs/5-facades \
        --recipe facades
    accelerate launch training/sketch.py --subject my-photos --folder runs/shoes
    accelerate launch training/sketch.py --pairs my-pairs --folder runs/shoes

Isola et al. (2017): a conditional GAN with an L1 term; the discriminator of patches sees drawing
and photo together. To it are added a perceptual term (Johnson et al. 2016), a discriminator that
looks through fixed features (Sauer et al. 2021), both of which save much time on few pictures, and
a term for the drawing's lines, which a small edge net (`training/edges.py`) must see again, and for
cats one for the photo's contrast and sharpness, which means of what is guessed lack, and one for
lines that stand at the same place in all pictures.

Cats are drawn over prototypes: active appearance models (Cootes et al. 1998) of which a small net
finds the landmarks in the drawing. Their pairs are drawings by people, and photos that were bent
until eyes, ears and chin lay where these are drawn, see `training/data/cats.py`. The seed chooses a
prototype's colours and pattern. Of other things the generator is told the photo's rough colours, so
that it need not guess them; in the program the seed chooses them. With `--set l1_only=true` it is
the generator trained with L1 alone. A killed run goes on from its last checkpoint when started
again.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from accelerate import Accelerator
from torch import Tensor
from torch.nn import functional as F

from studio.nets.muon import Muon
from studio.quality.features import load_vgg19
from training.data.colours import ColourCode
from training.data.edges import lines_lost, load_edge_net
from training.data.pairs import Batch, Subject, to_batch
from training.data.seen import sample
from training.data.subjects import OWN_PAIRS, OWN_PHOTOS, find_subject
from training.lib.arguments import make_parser, read_configs
from training.lib.average import moving_average
from training.lib.recipe import BLANK, Card
from training.lib.run import Run, ahead, begin, frozen, set_rate
from training.lib.script import script
from training.lib.widen import initial_net
from training.losses.drawn import Critics, Looks, perceptual_distance

TERMS = (
    "l1",
    "perceptual",
    "adversarial",
    "lines",
    "look",
    "standing",
    "contrast",
    "patch",
    "projected",
)
_MOMENTUM = 0.9
_CODED = 500  # photos that the code of colours is made from
_SETTLING = 16  # batches that the normalisations' statistics are taken from


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
    drop: float = 0.5  # of the generator's dropout
    settled: bool = (
        False  # its decoder normalises by standing statistics; for late steps, `--start`
    )
    pairs: int = 4  # a step, of all processes together
    doodles: int = 2  # a step, likewise, that no photo belongs to
    rate: float = 0.006  # of Muon, for the generator
    rate_of_critics: float = 4e-4  # of Adam
    l1_weight: float = 12.0
    l1_size: int = 4  # px: averages that the L1 term compares; of single pixels it would blur
    perceptual_weight: float = 4.0
    perceptual_pairs: int = 4  # of those of a process; looking at one costs as much as drawing it
    line_weight: float = 0.3  # that there be an edge in the picture where there is a line
    look_weight: float = 0.0  # that contrast and sharpness be the photo's
    standing_weight: float = 0.0  # that no line stand at the same place in all pictures
    contrast_gain: float = 0.0  # that the mean contrast be the photos', see `HeldContrast`
    patch_gain: float = 12.0  # of its discriminator's scores, see `PatchDiscriminator`
    projected_gain: float = 4.0
    projected_weight: float = 2.5
    patch_weight: float = 0.5
    code_weight: float = 0.3  # that doodles have the colours that were asked for
    l1_only: bool = False
    warm_up: int = 300  # steps after a start, in which the critics learn the most
    steps: int = 100_000
    average: float = 0.99
    bf16: bool = False  # faster with avx512_bf16, amx_bf16 or a newer GPU
    log_steps: int = 50
    checkpoint_minutes: float = 5.0
    sample_minutes: float = 10.0

    @property
    def gains(self) -> tuple[float, float]:
        """Of the discriminators' scores: of patches, and of fixed features."""
        return self.patch_gain, self.projected_gain

    @property
    def critics_weights(self) -> tuple[float, float]:
        """Of their losses."""
        return self.patch_weight, self.projected_weight


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
        return to_batch(pairs, doodles)


class Judges:
    """The critics with their optimiser, and the perceptual distance."""

    def __init__(self, accelerator: Accelerator, subject: Subject, config: Config) -> None:
        self._accelerator, self._bf16 = accelerator, config.bf16
        self._rate, device = config.rate_of_critics, accelerator.device
        self._perceptual_pairs = config.perceptual_pairs
        critics = Critics(subject.channels, config.width, config.gains, config.critics_weights)
        critics.to(device)
        self._learning = [p for p in critics.parameters() if p.requires_grad]
        optimizer = torch.optim.Adam(self._learning, config.rate_of_critics, betas=(0.5, 0.99))
        self._rules = critics
        self._critics, self._optimizer = accelerator.prepare(critics, optimizer)
        vgg = load_vgg19().to(device)
        self._vgg = vgg.to(memory_format=torch.channels_last)
        self._edges = load_edge_net().to(device)
        self._looks = Looks(config.side, config.contrast_gain).to(device)
        accelerator.register_for_checkpointing(self._looks)
        self._sees_lines = config.line_weight > 0 and not subject.labels
        looks = config.line_weight, config.look_weight, config.standing_weight
        self._weights = torch.tensor((config.perceptual_weight, 1.0, *looks, 1.0), device=device)

    def judge(self, batch: Batch, fake: Tensor, doodled: Tensor) -> tuple[Tensor, Tensor]:
        """The critics learn, then judge.

        Args:
            batch: of drawings, photos and doodles.
            fake: (P, 3, S, S), what was made of the drawings.
            doodled: (D, 3, S, S), and of the doodles.

        Returns:
            The generator's loss, and what is logged: `TERMS` from the second on.
        """
        learnt = self._learn(batch, fake, doodled)
        drawings, photos = batch.drawings, batch.photos
        with frozen(self._learning), self._half():
            scores = self._rules(drawings, fake, doodled)
            few = slice(self._perceptual_pairs)
            perceptual = perceptual_distance(self._vgg, fake[few], photos[few])
            lost = perceptual.new_zeros(())
            if self._sees_lines:
                inks = torch.cat([drawings, batch.doodles])[:, :1]
                lost = lines_lost(self._edges, inks, torch.cat([fake, doodled]))
        adversarial = self._rules.loss_of_generator(scores)
        terms = torch.stack([perceptual, adversarial, lost, *self._looks(fake, photos)])
        return terms @ self._weights, torch.cat([terms.detach(), learnt])

    def _learn(self, batch: Batch, fake: Tensor, doodled: Tensor) -> Tensor:
        """One step of the critics; returns their losses (2,): patch, projected."""
        set_rate(self._optimizer, self._rate)
        self._optimizer.zero_grad()
        real = batch.photos, batch.photos.flip(3)[: len(doodled)], batch.plain
        with self._half():
            real_scores = self._critics(batch.drawings, *real)
            fake_scores = self._critics(batch.drawings, fake.detach(), doodled.detach())
        losses = self._rules.loss(real_scores, fake_scores)
        self._accelerator.backward(losses.sum())
        self._optimizer.step()
        return losses.detach()

    def _half(self) -> torch.autocast:
        device = self._accelerator.device.type
        return torch.autocast(device, torch.bfloat16, enabled=self._bf16)


def code_of(subject: Subject, config: Config) -> ColourCode:
    """The code of this subject's colours."""
    random = np.random.default_rng(config.seed)
    count = _CODED if config.code else 2  # of numbers that are none
    photos = [subject.pair(number % subject.count, random).photo for number in range(count)]
    return ColourCode(torch.stack(photos), config.code)


def train(config: Config) -> None:
    """Trains until the last step or until it is stopped."""
    accelerator = begin(config.run)
    device = accelerator.device
    torch.manual_seed(config.seed + accelerator.process_index)
    subject = find_subject(config.subject, config.data, config.side, config.run, config.start)
    kind = subject.channels, config.width, config.code, config.drop
    place = accelerator.process_index, accelerator.num_processes
    make_batch = Batches(subject, config, *place)
    seen = (make_batch(step).drawings for step in range(_SETTLING)) if config.settled else None
    net = initial_net(*kind, config.start, seen).to(device)
    average = moving_average(net, config.average)
    accelerator.register_for_checkpointing(average)  # first, see `averaged_state`
    optimizer = Muon(net, config.rate, _MOMENTUM, bf16=config.bf16)
    net, optimizer = accelerator.prepare(net, optimizer)
    judges = None if config.l1_only else Judges(accelerator, subject, config)
    run = Run(config.run, config, accelerator)
    run.resume(config.start)
    code = code_of(subject, config)

    batches = ahead(make_batch, run.step)

    run.start_clocks(config.checkpoint_minutes, config.sample_minutes)
    while run.step < config.steps:
        batch = next(batches).to(device)
        share = run.share_of_rate(config.warm_up, config.steps, config.steps)
        set_rate(optimizer, config.rate * share)
        drawings, photos = batch.drawings, batch.photos
        drawn_codes = torch.randn(len(batch.doodles), config.code, device=device)
        codes = torch.cat([code(photos), drawn_codes])
        with torch.autocast(device.type, torch.bfloat16, enabled=config.bf16):
            made = net(torch.cat([drawings, batch.doodles]), None, codes).float()
        fake, doodled = made[: len(drawings)], made[len(drawings) :]
        l1 = F.avg_pool2d(fake - photos, config.l1_size).abs().mean()
        loss, terms = config.l1_weight * l1, torch.zeros(len(TERMS) - 1)
        if judges is not None:
            judged, terms = judges.judge(batch, fake, doodled)
            colours = (code(doodled) - drawn_codes).square().sum() / max(1, drawn_codes.numel())
            loss = loss + judged + config.code_weight * colours
        optimizer.zero_grad()
        accelerator.backward(loss)
        optimizer.step()
        average.update_parameters(accelerator.unwrap_model(net))
        run.step += 1

        run.note(TERMS, torch.cat([l1.detach()[None], terms.to(device)]), config.log_steps)
        if run.checkpoint_is_due():
            run.checkpoint()
        if run.samples_are_due():
            run.grid(sample(average.module, subject), columns=6)
    run.checkpoint()


@script
def main() -> None:
    """Reads the command line."""
    parser = make_parser(__doc__, data_required=False)
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--subject", dest="photos", type=Path, metavar="DIR",
        help="photos of yours, of anything; the program finds the lines in them",
    )  # fmt: skip
    what.add_argument(
        "--pairs", dest="own", type=Path, metavar="DIR",
        help="photos of yours in DIR/photos, drawings of the same names in DIR/drawings",
    )  # fmt: skip
    args = parser.parse_args()
    own = args.own or args.photos
    if own is not None:
        args.subject, args.data = OWN_PAIRS if args.own else OWN_PHOTOS, own
    elif args.data is None:
        parser.error("give --data, or pictures of yours: --subject DIR or --pairs DIR")
    for config in read_configs(Config, args, "" if own else "cats"):
        train(config)


if __name__ == "__main__":
    main()
