"""Trains `style/gallery`: one network, many paintings, mixed by conditional instance normalisation.

    accelerate launch training/style.py --data ../shared/data --folder runs/1-style

The method is that of Johnson et al. (2016) with the style representation of Dumoulin et al. (2017).
The loss is written in the very figures that the result is judged by: the relative squared Gram
error at relu1_1 to relu4_1 as a share of the untouched photo's, and the relative squared error of
the content at relu3_3. A killed run goes on from its last checkpoint when started again.
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
from studio.models import style as model
from studio.models._features import load_vgg19
from studio.models._style_quality import painting_grams
from studio.models._weights import load_net
from studio.nets.perceptual import (
    CONTENT_LAYER,
    STYLE_LAYERS,
    relative_squared_error,
    style_error,
)
from studio.nets.style_net import StyleNet
from studio.nets.vgg19 import VGG19
from training._muon import Muon
from training._photos import fit_short_side, random_crop, read_photos, to_tensor
from training._run import MovingAverage, Run, make_parser, set_rate
from training._script import script

# The painting's file, the style's id, its title. A new painting goes to the end of the list.
GALLERY = (
    ("vangogh_starry_night_1889_hires", "The Starry Night, Van Gogh, 1889"),
    ("hokusai_great_wave_1831", "The Great Wave, Hokusai, 1831"),
    ("munch_the_scream_1893", "The Scream, Munch, 1893"),
    ("kandinsky_composition_vii_1913", "Composition VII, Kandinsky, 1913"),
    ("picabia_udnie_1913", "Udnie, Picabia, 1913"),
    ("monet_water_lilies_1919", "Water Lilies, Monet, 1919"),
    ("sakai_hoitsu_flowers", "Flowering Cherry, Sakai Hōitsu"),
    ("leger_contrast_of_forms_1913", "Contrast of Forms, Léger, 1913"),
    ("turner_shipwreck_minotaur", "Wreck of the Minotaur, Turner"),
    ("vangogh_wheat_field", "Wheat Field with Cypresses, Van Gogh"),
)
PAINTING_SIDE = 512  # short side in px at which a painting is looked at


@dataclass(frozen=True)
class Source:
    """A folder of photos: the share of crops from it, and the range of short sides in px."""

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
PROBE_SIDE = 256  # px of the crops that the untouched photos' style error is taken from
# Never trained on: the photos that the figures are measured with.
HELD_OUT = {
    "photos/sharp": (5, 8, 10, 11, 52, 57, 60, 63, 66, 69, 71, 83, 87),
    "photos/landscapes": (0, 1),
}


@dataclass(frozen=True)
class Config:
    """One run. Sizes in px, rates as Muon takes them."""

    data: Path
    run: Path
    start: Path | None = None  # weights that a new run begins from
    seed: int = 0
    photos_a_step: int = 1  # of each process
    styles_a_photo: int = 2  # they share the photo's content features
    stages: tuple[tuple[int, int], ...] = ((1200, 160), (100_000, 256))  # until step, crop side
    rate: float = 0.015
    warm_up: int = 100  # steps after a start, in which the momentum of a trained net settles
    decay_from: int = 100_000  # from this step on the rate falls to nothing at `steps`
    steps: int = 100_000
    content_weight: float = 0.12
    grid_weight: float = 100.0
    bf16: bool = False  # VGG in bfloat16: twice as fast with avx512_bf16, amx_bf16 or a newer GPU
    average: float = 0.998
    checkpoint_minutes: float = 5.0
    sample_minutes: float = 10.0


def held_out(data: Path) -> list[Path]:
    """The files of `HELD_OUT`."""
    return [data / folder / f"{n:05}.jpg" for folder, numbers in HELD_OUT.items() for n in numbers]


def painting(data: Path, file: str) -> Tensor:
    """A painting at the short side at which it is looked at: (1, 3, H, W) in [0, 1]."""
    with Image.open(data / "paintings" / f"{file}.jpg") as image:
        return to_tensor(fit_short_side(image.convert("RGB"), PAINTING_SIDE))[None]


def gallery_grams(vgg: VGG19, data: Path) -> dict[str, Tensor]:
    """Gram matrices (S, C, C) of the paintings, for each style layer."""
    found = [painting_grams(vgg, painting(data, file)) for file, _ in GALLERY]
    return {name: torch.cat([grams[name] for grams in found]) for name in STYLE_LAYERS}


@torch.no_grad()
def untouched_errors(vgg: VGG19, photos: Tensor, grams: dict[str, Tensor]) -> Tensor:
    """Mean style error (S,) of photos (N, 3, H, W) that were not styled at all."""
    features = vgg(photos, STYLE_LAYERS)
    errors = [
        style_error(features, {name: gram[s : s + 1] for name, gram in grams.items()}).mean()
        for s in range(len(GALLERY))
    ]
    return torch.stack(errors)


class Objective(nn.Module):
    """The loss of a batch, in units of the untouched photo's style error."""

    def __init__(
        self,
        vgg: VGG19,
        grams: dict[str, Tensor],
        untouched: Tensor,
        *,
        bf16: bool = False,
    ) -> None:
        super().__init__()
        self.vgg, self.grams, self.untouched, self.bf16 = vgg, grams, untouched, bf16

    def features(self, pictures: Tensor, layers: tuple[str, ...]) -> dict[str, Tensor]:
        """VGG's features, whatever the precision in which they are computed, in float32."""
        with torch.autocast(pictures.device.type, torch.bfloat16, enabled=self.bf16):
            return {name: found.float() for name, found in self.vgg(pictures, layers).items()}

    def forward(self, photos: Tensor, painted: Tensor, styles: Tensor) -> tuple[Tensor, ...]:
        """Style, content and grid terms of each item.

        Args:
            photos: (P, 3, H, W) in [0, 1].
            painted: (P * K, 3, H, W): K results of each photo, photo by photo.
            styles: (P * K,) indices.

        Returns:
            Style error as a share of the untouched photo's, relative content error, and the power
            of a grid in the result; each (P * K,).
        """
        with torch.no_grad():
            content = self.features(photos, (CONTENT_LAYER,))[CONTENT_LAYER]
            content = content.repeat_interleave(len(painted) // len(photos), 0)
        features = self.features(painted, (*STYLE_LAYERS, CONTENT_LAYER))
        targets = {name: gram[styles] for name, gram in self.grams.items()}
        style = style_error(features, targets) / self.untouched[styles]
        own = photos.repeat_interleave(len(painted) // len(photos), 0)
        content_error = relative_squared_error(features[CONTENT_LAYER], content)
        return style, content_error, grid_power(painted - own)


def grid_power(change: Tensor, period: int = 4, cells: int = 8) -> Tensor:
    """Power of a grid: how much the means of a grid's phases differ, over blocks of cells.

    Args:
        change: (N, 3, H, W), what the net did to the photos.
        period: of the grid in px; 4 is the stride of the residual blocks.
        cells: a block's side in periods.

    Returns:
        (N,) mean square; 0 without a grid.
    """
    n, c, h, w = change.shape
    block = period * cells
    change = change[:, :, : h // block * block, : w // block * block]
    split = change.reshape(n, c, h // block, cells, period, w // block, cells, period)
    phases = split.mean((3, 6))
    return (phases - phases.mean((3, 5), keepdim=True)).square().mean((1, 2, 3, 4, 5))


class Batches:
    """Random crops of the photos, each with the styles that it is to be painted in."""

    def __init__(self, config: Config, process: int, step: int) -> None:
        self.config = config
        self.random = np.random.default_rng((config.seed, process, step))
        aside = frozenset(held_out(config.data))
        self.photos = [
            read_photos([config.data / source.folder], exclude=aside) for source in SOURCES
        ]

    def crops(self, count: int, side: int) -> Tensor:
        """(count, 3, side, side) in [0, 1]."""
        return torch.stack([self._crop(side) for _ in range(count)])

    def _crop(self, side: int) -> Tensor:
        index = self.random.choice(len(SOURCES), p=[source.share for source in SOURCES])
        photos = self.photos[index]
        photo = photos[self.random.integers(len(photos))]
        return random_crop(photo, side, SOURCES[index].shortest, self.random)

    def next(self, step: int) -> tuple[Tensor, Tensor]:
        """Crops (P, 3, H, W), and the styles (P * K,) of their results, crop by crop."""
        side = next(side for until, side in self.config.stages if step < until)
        crops = self.crops(self.config.photos_a_step, side)
        styles = [
            self.random.choice(len(GALLERY), self.config.styles_a_photo, replace=False)
            for _ in crops
        ]
        return crops, torch.from_numpy(np.concatenate(styles))


def initial_net(start: Path | None) -> StyleNet:
    """A new net, or that of a weights file."""
    if start is None:
        return StyleNet(len(GALLERY))
    return cast("StyleNet", load_net(read_weights(start), model.SPEC).net).requires_grad_(True)


def train(config: Config) -> None:
    """Trains until the last step or until it is stopped."""
    accelerator = Accelerator()
    device = accelerator.device
    torch.manual_seed(config.seed)
    net: nn.Module = initial_net(config.start).to(device)
    average = MovingAverage(net, config.average)
    optimizer: torch.optim.Optimizer = Muon(net, config.rate)
    net, optimizer = accelerator.prepare(net, optimizer)
    accelerator.register_for_checkpointing(average)
    run = Run(config.run, config, accelerator)
    run.resume(config.start)

    batches = Batches(config, accelerator.process_index, run.step)
    vgg = load_vgg19().to(device).to(memory_format=torch.channels_last)
    grams = {name: gram.to(device) for name, gram in gallery_grams(vgg, config.data).items()}
    probe = batches.crops(24, PROBE_SIDE).to(device)
    objective = Objective(vgg, grams, untouched_errors(vgg, probe, grams), bf16=config.bf16)
    shown = [
        to_tensor(fit_short_side(Image.open(path).convert("RGB"), 256, 4))[:, :256, :256]
        for path in held_out(config.data)[:14:5]
    ]
    seen: list[Tensor] = []
    run.start_clocks(config.checkpoint_minutes, config.sample_minutes)
    while run.step < config.steps:
        photos, styles = (tensor.to(device) for tensor in batches.next(run.step))
        mixture = nn.functional.one_hot(styles, len(GALLERY)).float()
        share = run.share_of_rate(config.warm_up, config.decay_from, config.steps)
        set_rate(optimizer, config.rate * share)
        painted = net(photos.repeat_interleave(config.styles_a_photo, 0), mixture)
        painted = painted.contiguous(memory_format=torch.channels_last)
        style, content, grid = objective(photos, painted, styles)
        terms = style + config.content_weight * content + config.grid_weight * grid
        loss = terms.mean()
        accelerator.backward(loss)
        accelerator.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        average.update(accelerator.unwrap_model(net))
        run.step += 1

        seen.append(torch.stack([loss, *(t.mean() for t in (style, content, grid))]).detach())
        if run.step % 50 == 0:
            means = torch.stack(seen).mean(0).tolist()
            seen.clear()
            run.log(dict(zip(("loss", "style", "content", "grid"), means, strict=True)))
        if run.checkpoint_is_due():
            run.checkpoint()
        if run.samples_are_due():
            show(run, average.net, torch.stack(shown).to(device))
    run.checkpoint()


@torch.no_grad()
def show(run: Run, net: nn.Module, photos: Tensor) -> None:
    """Saves a grid: a row a photo, first the photo and then each style."""
    rows: list[Tensor] = []
    for photo in photos:
        rows.append(photo.cpu())
        styles = torch.eye(len(GALLERY), device=photo.device)
        rows.extend(net(photo[None], style[None])[0].cpu() for style in styles)
    run.grid(rows, columns=len(GALLERY) + 1)


@script
def main() -> None:
    """Reads the command line."""
    parser = make_parser(__doc__)
    args = parser.parse_args()
    train(Config(args.data, args.folder, args.start, **dict(args.set)))


if __name__ == "__main__":
    main()
