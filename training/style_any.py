"""Trains `style/any`: one network for paintings that it has never seen.

    accelerate launch training/style_any.py --data ../shared/data --folder runs/1-any \
        --start weights/style/gallery.safetensors

The method is that of Ghiasi et al. (2017), see `studio/nets/any_style.py`, with the loss of
`training/style.py`. Few paintings are at hand, so any square of any picture is taken for one, at
any size: paintings, photos, label maps, drawn edges. It begins from the gallery's trunk and from a
head that knows which of its styles a picture is like; or from weights of its own kind. A share of
the pictures is redrawn by code first, see `training/data/manners.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn

from studio.core.values.paintings import GLANCE
from studio.nets.any_style import AnyStyleNet
from studio.nets.muon import Muon
from studio.nets.style_loss import Objective
from studio.quality.features import load_vgg19
from training.data.manners import redraw
from training.data.paintings import GALLERY, Work
from training.data.photos import read_photos
from training.lib.any_style import fill
from training.lib.arguments import make_parser, read_configs
from training.lib.average import moving_average
from training.lib.checkpoint import find_checkpoint
from training.lib.recipe import BLANK, Card
from training.lib.run import Run, ahead, begin, set_rate
from training.lib.script import script
from training.losses.fringes import fringes
from training.style import (
    DILATIONS,
    GRAIN,
    SOURCES,
    TERMS,
    Source,
    draw_crop,
    held_out,
    shown_photos,
)

# Pictures that are taken for paintings: short sides in px of the whole, of which a square is seen.
MANNERS = (
    Source("paintings", 0.5, (352, 640)),
    Source("monet", 0.2, (320, 448)),
    Source("photos/objects", 0.1, (320, 512)),
    Source("photos/sharp", 0.05, (352, 640)),
    Source("photos/landscapes", 0.05, (320, 448)),
    Source("facades/train", 0.05, (320, 512)),
    Source("cats/heads_160_edges", 0.05, (320, 448)),
)
# Never trained on: the paintings that the figures are measured with.
ASIDE = (
    Work("gauguin-tahiti", "Tahiti, Gauguin"),
    Work("vangogh-la-cafe", "The Night Café, Van Gogh"),
    Work(
        "mondrian-composition-1912-14", "Composition, Mondrian",
        "paintings/mondrian_composition_1912-14.jpg",
    ),
    Work("roman-mosaic-ducks-massimo", "Ducks, Roman mosaic"),
    Work("picabia-edtaonisl-1913", "Edtaonisl, Picabia"),
)  # fmt: skip

HIDDEN = 512  # units of the head: with fewer it cannot tell even the paintings that it learns
_KNOWN = 48  # crops of photos by which is told how much there usually is in one


@dataclass(frozen=True)
class Config:
    """One run. Sizes in px, rates as Muon takes them."""

    data: Path
    run: Path
    start: Path | None = None  # weights that a new run begins from: the gallery's, or its own kind
    card: Card = BLANK
    seed: int = 0
    photos_a_step: int = 1  # of each process
    styles_a_photo: int = 3  # they share the photo's content features
    side: int = 192  # of a crop
    window: int = 96  # of the part of it that is seen at full size
    painting: int = GLANCE  # side of the square that is taken for a painting
    pool: int = 32  # paintings that are known at a time
    drawn: float = 0.4  # share of them that is redrawn by code
    fresh: int = 2  # steps after which one of them gives way to a new one
    rate: float = 0.01
    adam_share: float = 0.3  # all but kernels learn at this share of the rate
    warm_up: int = 20
    decay_from: int = 100_000  # from this step on the rate falls to nothing at `steps`
    steps: int = 100_000
    stroke_weight: float = 0.15
    content_weight: float = 0.4
    palette_weight: float = 0.02
    grid_weight: float = 100.0
    fringe_weight: float = 0.0  # of colours that swing within a few px
    bf16: bool = False  # VGG in bfloat16, see training/style.py
    average: float = 0.98
    checkpoint_minutes: float = 5.0
    sample_minutes: float = 10.0


@dataclass(frozen=True)
class Batch:
    """Crops (P, 3, S, S), and the places in the pool (P * K,) of their paintings.

    The corner is the top and left in px of the part of the crops that is seen at full size. At some
    steps a new painting (1, 3, S', S') comes to a place.
    """

    photos: Tensor
    styles: Tensor
    corner: tuple[int, int]
    place: int
    painting: Tensor | None


class Batches:
    """Random crops of the photos, and squares of anything that is taken for a painting.

    Args:
        config: of the run.
        process: this one's number.
    """

    def __init__(self, config: Config, process: int) -> None:
        self.config, self.process = config, process
        aside = frozenset(held_out(config.data) + [work.path(config.data) for work in ASIDE])
        folders = {source.folder for source in (*SOURCES, *MANNERS)}
        self.pictures = {
            folder: read_photos([config.data / folder], exclude=aside) for folder in folders
        }

    def __call__(self, step: int) -> Batch:
        """This process's share of a step's batch; the same step gives the same."""
        config, random = self.config, np.random.default_rng((self.config.seed, step, self.process))
        count, side = config.photos_a_step, config.side
        crops = [self._crop(SOURCES, side, random) for _ in range(count)]
        styles = random.choice(config.pool, count * config.styles_a_photo, replace=False)
        top, left = random.integers(side - config.window + 1, size=2).tolist()
        number = step // config.fresh
        painting = None if step % config.fresh else self.painting(number)
        place = number % config.pool
        return Batch(torch.stack(crops), torch.from_numpy(styles), (top, left), place, painting)

    def known(self, step: int) -> list[Tensor]:
        """The pool before a step."""
        last = -(-step // self.config.fresh) - 1
        numbers = [last - (last - place) % self.config.pool for place in range(self.config.pool)]
        return [self.painting(number) for number in numbers]

    def photo(self, number: int) -> Tensor:
        """A crop (1, 3, S, S): the same for the same number."""
        random = np.random.default_rng((self.config.seed, 2, number, self.process))
        return self._crop(SOURCES, self.config.side, random)[None]

    def painting(self, number: int) -> Tensor:
        """What is taken for a painting, (1, 3, S', S'): the same for the same number."""
        key = (self.config.seed, 1, number % (1 << 32), self.process)
        random = np.random.default_rng(key)
        crop = self._crop(MANNERS, self.config.painting, random)
        if random.random() < self.config.drawn:
            crop = torch.from_numpy(redraw(crop.permute(1, 2, 0).numpy(), random)).permute(2, 0, 1)
        if random.random() < 0.3:
            crop = crop.rot90(int(random.integers(1, 4)), (1, 2))
        if random.random() < 0.3:
            crop = crop[torch.from_numpy(random.permutation(3))]
        if random.random() < 0.1:
            crop = 1 - crop
        return crop[None].contiguous()

    def _crop(self, sources: Sequence[Source], side: int, random: np.random.Generator) -> Tensor:
        pictures = [self.pictures[source.folder] for source in sources]
        return draw_crop(sources, pictures, side, random)


def initial_net(config: Config, batches: Batches) -> AnyStyleNet:
    """The net of weights to begin from; that of a run which goes on is filled later."""
    net = AnyStyleNet(hidden=HIDDEN, grain=GRAIN, dilations=DILATIONS)
    if find_checkpoint(config.run) is None:
        fill(net, config.start, batches.painting, config.data, config.painting)
    return net


class Pool:
    """The paintings that are known at a time, and how far results are from them.

    Args:
        config: of the run.
        paintings: each (1, 3, S', S').
        device: to compute on.
    """

    def __init__(self, config: Config, paintings: list[Tensor], device: torch.device) -> None:
        vgg = load_vgg19(averages=True).to(device)
        self.config, self.paintings = config, [each.to(device) for each in paintings]
        self.objective = Objective(vgg, self.paintings, bf16=config.bf16)

    def replace(self, place: int, painting: Tensor) -> None:
        """Puts another painting in a place."""
        self.paintings[place] = painting.to(self.paintings[place])
        self.objective.replace(place, self.paintings[place])

    def terms(self, net: nn.Module, batch: Batch) -> tuple[Tensor, ...]:
        """Means over a batch: the loss, and what it is made of, as `TERMS`."""
        config, place = self.config, self.paintings[0].device
        photos, styles = batch.photos.to(place), batch.styles.to(place)
        paintings = torch.cat([self.paintings[n] for n in styles.tolist()])
        painted = net(photos.repeat_interleave(len(styles) // len(photos), 0), paintings)
        terms = self.objective(photos, painted, styles, batch.corner, config.window)
        strokes, style, palette, content, grid = terms
        unlike = style + config.stroke_weight * strokes + config.palette_weight * palette
        # Of the logarithm: the few paintings that no net can do would count for more than the rest.
        # Twice it is about as steep as the terms were, beside which the other weights were chosen.
        loss = 2 * (unlike + config.content_weight * content).log().mean()
        loss = loss + config.grid_weight * grid.mean() + config.fringe_weight * fringes(painted)
        return loss, *(term.mean() for term in terms)


def train(config: Config) -> None:
    """Trains until the last step or until it is stopped."""
    accelerator = begin(config.run)
    device = accelerator.device
    torch.manual_seed(config.seed)
    batches = Batches(config, accelerator.process_index)
    net: nn.Module = initial_net(config, batches).to(device)
    average = moving_average(net, config.average)
    optimizer: torch.optim.Optimizer = Muon(net, config.rate, adam_share=config.adam_share)
    net, optimizer = accelerator.prepare(net, optimizer)
    accelerator.register_for_checkpointing(average)
    run = Run(config.run, config, accelerator)
    run.resume(config.start)

    pool = Pool(config, batches.known(run.step), device)
    pool.objective.know([batches.photo(n).to(device) for n in range(_KNOWN)], config.window)
    coming = ahead(batches, run.step)
    shown = shown_photos(held_out(config.data))
    run.start_clocks(config.checkpoint_minutes, config.sample_minutes)
    while run.step < config.steps:
        batch = next(coming)
        if batch.painting is not None:
            pool.replace(batch.place, batch.painting)
        share = run.share_of_rate(config.warm_up, config.decay_from, config.steps)
        set_rate(optimizer, config.rate * share)
        terms = pool.terms(net, batch)
        accelerator.backward(terms[0])
        accelerator.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        average.update_parameters(accelerator.unwrap_model(net))
        run.step += 1

        run.note(TERMS, torch.stack(terms), 20)
        if run.checkpoint_is_due():
            run.checkpoint()
        if run.samples_are_due():
            painter = cast("AnyStyleNet", average.module)
            show(run, painter, [photo.to(device) for photo in shown], config.data)
    run.checkpoint()


@torch.no_grad()
def show(run: Run, net: AnyStyleNet, photos: list[Tensor], data: Path) -> None:
    """Saves a grid: on top the paintings kept aside and some others, then a row a photo."""
    paintings = [work.pixels(data) for work in (*ASIDE, *GALLERY[:3])]
    manners = [net.look(painting.to(photos[0].device)) for painting in paintings]
    rows = [torch.zeros(3, 256, 256)]
    for painting in paintings:
        square = painting[0, :, :512, :512]
        rows.append(nn.functional.interpolate(square[None], (256, 256), mode="area")[0])
    for photo in photos:
        rows.append(photo.cpu())
        rows.extend(net.paint(photo[None], manner)[0].cpu() for manner in manners)
    run.grid(rows, columns=len(paintings) + 1)


@script
def main() -> None:
    """Reads the command line."""
    args = make_parser(__doc__).parse_args()
    for config in read_configs(Config, args, "any"):
        train(config)


if __name__ == "__main__":
    main()
