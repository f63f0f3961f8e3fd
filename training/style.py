"""Trains `style/gallery`: a network for each painting, all of one family, so that they mix.

    accelerate launch training/style.py --data ../shared/data --folder runs/1-style
    accelerate launch training/style.py --paintings my-paintings --photos my-photos \
        --start weights/style/gallery.safetensors --folder runs/mine

The method is that of Johnson et al. (2016). One network for many paintings (Dumoulin et al. 2017)
was tried first: it had to share what each painting needs. Each network begins as another one, and
has its turn. The loss holds means and covariances of the features apart and looks at a picture from
three distances, so that strokes and what they make up count as much as the tint; the colours have a
term of their own. A killed run goes on from its last checkpoint when started again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from studio.core.catalogue import read_weights
from studio.core.errors import StudioError
from studio.models import style as model
from studio.models._painters import Gallery
from studio.models._weights import load_net
from studio.nets.muon import Muon
from studio.nets.style_loss import WEIGHTS, Objective
from studio.nets.style_net import StyleNet, StyleNets
from studio.quality.features import load_vgg19
from training.data.paintings import Work, works_of
from training.data.photos import (
    draw_photo,
    fit_short_side,
    photos_of,
    random_crop,
    read_photos,
    to_tensor,
)
from training.lib.arguments import make_parser, read_configs
from training.lib.average import moving_average
from training.lib.recipe import BLANK, Card
from training.lib.run import Run, ahead, begin, set_rate
from training.lib.script import script
from training.lib.turns import Turn, nearest, take_up

TERMS = ("loss", "strokes", "style", "palette", "content", "grid")
GRAIN = 0.05  # deviation of the noise laid over photos, whose range is [0, 1]
DILATIONS = (1, 2, 4, 2, 1)  # of the blocks: strokes are longer than what small kernels see


@dataclass(frozen=True)
class Source:
    """A folder of photos: the share of crops from it, and the range of short sides in px.

    The folder lies in that of all data, or is anybody's.
    """

    folder: str
    share: float
    shortest: tuple[int, int]


# Mostly photos that are sharp at the 512 px of the test; many small ones show more kinds of things.
SOURCES = (
    Source("photos/sharp", 0.35, (384, 560)),
    Source("bsds500/train", 0.2, (320, 560)),
    Source("bsds500/test", 0.2, (320, 560)),
    Source("photos/objects", 0.15, (256, 400)),
    Source("photos/landscapes", 0.1, (256, 400)),
)
EVERY = 7  # of the own photos one is never trained on
# Never trained on: the photos that the figures are measured with.
HELD_OUT = {
    "photos/sharp": (5, 8, 10, 11, 52, 57, 60, 63, 66, 69, 71, 83, 87),
    "photos/landscapes": (0, 1),
}


@dataclass(frozen=True)
class Config:
    """One run. Sizes in px, rates as Muon takes them.

    The paintings have their turns one after the other, round after round until the last step. Where
    nothing is begun from, each begins as the one before it, and the first has a longer turn.
    """

    data: Path
    run: Path
    start: Path | None = None  # weights that a new run begins from
    card: Card = BLANK
    paintings: Path | None = None  # own ones instead of the gallery
    photos: Path | None = None  # own ones instead of `SOURCES`
    seed: int = 0
    photos_a_step: int = 1  # of each process
    side: int = 384  # of a crop
    window: int = 160  # of the part of it that is seen at full size
    turn: int = 220  # steps
    first_turn: int = 4000  # steps, where nothing is begun from
    rate: float = 0.006
    adam_share: float = 0.3  # a style's scales and shifts are learned at this share of the rate
    warm_up: int = 3  # steps of a turn in which the momentum of a trained net settles
    settling: float = 0.3  # share of a turn's steps, the last, in which the rate falls to nothing
    steps: int = 100_000
    views: tuple[float, float, float] = WEIGHTS  # how much full, half and quarter size count for
    stroke_weight: float = 0.5
    content_weight: float = 1.2
    palette_weight: float = 0.02
    grid_weight: float = 100.0
    bf16: bool = False  # nets in bfloat16: twice as fast with avx512_bf16, amx_bf16 or a newer GPU
    average: float = 0.9
    checkpoint_minutes: float = 5.0
    log_steps: int = 50


def sources_of(photos: Path | None) -> tuple[Source, ...]:
    """Where the crops come from: `SOURCES`, or a folder of one's own."""
    return tuple(SOURCES) if photos is None else (Source(str(photos.resolve()), 1.0, (256, 560)),)


def draw_crop(
    sources: Sequence[Source],
    photos: Sequence[Sequence[Image.Image]],
    side: int,
    random: np.random.Generator,
) -> Tensor:
    """A random square (3, side, side) of the photos of each source."""
    index, photo = draw_photo(photos, [source.share for source in sources], random)
    return random_crop(photo, side, sources[index].shortest, random)


def held_out(data: Path, photos: Path | None = None) -> list[Path]:
    """The files of `HELD_OUT`, or every so many of the own ones."""
    if photos is not None:
        return photos_of(photos.resolve())[::EVERY]
    return [data / folder / f"{n:05}.jpg" for folder, numbers in HELD_OUT.items() for n in numbers]


def shown_photos(aside: Sequence[Path]) -> list[Tensor]:
    """Squares (3, 256, 256) of some photos kept aside, for the grids."""
    return [
        to_tensor(fit_short_side(Image.open(path).convert("RGB"), 256, 4))[:, :256, :256]
        for path in aside[:14:5]
    ]


@dataclass(frozen=True)
class Batch:
    """Crops (P, 3, S, S), and the top and left in px of the part that is seen at full size."""

    photos: Tensor
    corner: tuple[int, int]


class Batches:
    """Random crops of the photos.

    Args:
        config: of the run.
        process: this one's number.
    """

    def __init__(self, config: Config, process: int) -> None:
        self.config, self.process = config, process
        self.sources = sources_of(config.photos)
        aside = frozenset(held_out(config.data, config.photos))
        self.photos = [
            read_photos([config.data / source.folder], exclude=aside) for source in self.sources
        ]
        if not all(self.photos):
            raise StudioError(f"there are too few photos in {config.photos}", "give two or more")

    def __call__(self, step: int) -> Batch:
        """This process's share of a step's batch; the same step gives the same."""
        config, random = self.config, np.random.default_rng((self.config.seed, step, self.process))
        crops = [
            draw_crop(self.sources, self.photos, config.side, random)
            for _ in range(config.photos_a_step)
        ]
        top, left = random.integers(config.side - config.window + 1, size=2).tolist()
        return Batch(torch.stack(crops), (top, left))


def initial_nets(config: Config, works: Sequence[Work], objective: Objective) -> StyleNets:
    """New nets, or those of a weights file, by row; new paintings begin as the nearest of them."""
    nets = StyleNets(len(works), grain=GRAIN, dilations=DILATIONS)
    if config.start is None:
        return nets
    weights = read_weights(config.start)
    begun = cast("Gallery", load_net(weights, model.SPEC))
    rows = [begun.net.alone(row) for row in range(begun.net.styles)]
    ids = [style["id"] for style in weights.hyperparameters["styles"]]
    photo = shown_photos(held_out(config.data, config.photos))[0][None, :, :128, :128]
    new = [index for index, work in enumerate(works) if work.id not in ids]
    found = dict(zip(new, nearest(rows, photo, objective, new), strict=True)) if new else {}
    for index, work in enumerate(works):
        known = rows[found[index] if index in found else ids.index(work.id)]
        nets.nets[index].load_state_dict(known.state_dict())
    return nets


def train(config: Config) -> None:
    """Trains until the last step or until it is stopped."""
    accelerator = begin(config.run)
    device = accelerator.device
    torch.manual_seed(config.seed)
    batches = Batches(config, accelerator.process_index)
    works = works_of(config.paintings)
    paintings = [work.pixels(config.data).to(device) for work in works]
    objective = Objective(
        load_vgg19(averages=True).to(device), paintings, weights=config.views, bf16=config.bf16
    )
    nets = initial_nets(config, works, objective).to(device)
    net: nn.Module = StyleNet(1, grain=GRAIN, dilations=DILATIONS).to(device)
    average = moving_average(net, config.average)
    optimizer: torch.optim.Optimizer = Muon(net, config.rate, adam_share=config.adam_share)
    net, optimizer = accelerator.prepare(net, optimizer)
    accelerator.register_for_checkpointing(nets, average)
    run = Run(config.run, config, accelerator)
    run.resume(config.start)

    coming = ahead(batches, run.step)
    shown = [photo.to(device) for photo in shown_photos(held_out(config.data, config.photos))]
    run.start_clocks(config.checkpoint_minutes, 0)
    first = config.first_turn if config.start is None else None
    ones = torch.ones(config.photos_a_step, 1, device=device)
    while run.step < config.steps:
        turn = Turn.of(run.own_step, config.turn, first, len(works))
        own = cast("StyleNet", nets.nets[turn.painting])
        if turn.step == 0:
            take_up(turn, nets, accelerator.unwrap_model(net), average, optimizer)
        batch = next(coming)
        photos = batch.photos.to(device)
        set_rate(optimizer, config.rate * turn.share_of_rate(config.warm_up, config.settling))
        with torch.autocast(device.type, torch.bfloat16, enabled=config.bf16):
            painted = net(photos, ones).float()
        styles = torch.full((len(photos),), turn.painting, device=device)
        strokes, style, palette, content, grid = objective(
            photos, painted, styles, batch.corner, config.window
        )
        terms = style + config.stroke_weight * strokes + config.palette_weight * palette
        terms = terms + config.content_weight * content + config.grid_weight * grid
        loss = terms.mean()
        accelerator.backward(loss)
        accelerator.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        average.update_parameters(accelerator.unwrap_model(net))
        own.load_state_dict(average.module.state_dict())
        run.step += 1

        each = (loss, strokes, style, palette, content, grid)
        run.note(TERMS, torch.stack([term.mean() for term in each]), config.log_steps)
        if run.checkpoint_is_due():
            run.checkpoint()
        if turn.step + 1 == turn.steps or run.step == config.steps:
            show(run, nets, shown)
    run.checkpoint()


@torch.no_grad()
def show(run: Run, nets: StyleNets, photos: list[Tensor]) -> None:
    """Saves a grid: a row a photo, first the photo and then each style."""
    rows: list[Tensor] = []
    for photo in photos:
        rows.append(photo.cpu())
        styles = torch.eye(nets.styles, device=photo.device)
        rows.extend(nets(photo[None], style[None])[0].cpu() for style in styles)
    run.grid(rows, columns=nets.styles + 1)


@script
def main() -> None:
    """Reads the command line."""
    parser = make_parser(__doc__, data_required=False)
    parser.add_argument("--paintings", type=Path, metavar="DIR", help="own paintings: a style each")
    parser.add_argument("--photos", type=Path, metavar="DIR", help="own photos to train with")
    args = parser.parse_args()
    if args.data is None and (args.paintings is None or args.photos is None):
        parser.error("give --data, or both --paintings and --photos")
    own = args.paintings is not None or args.photos is not None
    for config in read_configs(Config, args, "" if own else "gallery"):
        train(config)


if __name__ == "__main__":
    main()
