"""Trains `style/gallery`: one network, many paintings, mixed by conditional instance normalisation.

    accelerate launch training/style.py --data ../shared/data --run runs/1-style

The method is that of Johnson et al. (2016) with the style representation of Dumoulin et al. (2017).
The loss is written in the very figures that the result is judged by: the relative squared Gram
error at relu1_1 to relu4_1 as a share of the untouched photo's, and the relative squared error of
the content at relu3_3. A killed run goes on from its last checkpoint when started again.
"""

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from accelerate import Accelerator
from PIL import Image
from torch import Tensor, nn

from studio.models._features import load_vgg19
from studio.nets.perceptual import (
    CONTENT_LAYER,
    STYLE_LAYERS,
    gram_matrix,
    relative_squared_error,
    style_error,
)
from studio.nets.style_net import StyleNet
from studio.nets.vgg19 import VGG19
from training._muon import Muon
from training._photos import fit_short_side, random_crop, read_photos, to_tensor
from training._run import MovingAverage, Run

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
    seed: int = 0
    painting_side: int = 512  # short side at which a painting is looked at
    photos_a_step: int = 2
    styles_a_photo: int = 2  # they share the photo's content features
    stages: tuple[tuple[int, int], ...] = ((2500, 160), (100_000, 256))  # until step, crop side
    rate: float = 0.012
    decay_from: int = 100_000  # from this step on the rate falls to nothing at `steps`
    steps: int = 100_000
    content_weight: float = 0.5
    average: float = 0.999
    checkpoint_minutes: float = 5.0
    sample_minutes: float = 10.0


def held_out(data: Path) -> list[Path]:
    """The files of `HELD_OUT`."""
    return [data / folder / f"{n:05}.jpg" for folder, numbers in HELD_OUT.items() for n in numbers]


@torch.no_grad()
def painting_grams(vgg: VGG19, paintings: list[Image.Image], side: int) -> dict[str, Tensor]:
    """Gram matrices (S, C, C) of the paintings at a short side of `side` px, for each layer."""
    grams: dict[str, list[Tensor]] = {name: [] for name in STYLE_LAYERS}
    for painting in paintings:
        features = vgg(to_tensor(fit_short_side(painting, side))[None], STYLE_LAYERS)
        for name in STYLE_LAYERS:
            grams[name].append(gram_matrix(features[name])[0])
    return {name: torch.stack(found) for name, found in grams.items()}


@torch.no_grad()
def untouched_errors(vgg: VGG19, photos: Tensor, grams: dict[str, Tensor]) -> Tensor:
    """Mean style error (S,) of photos (N, 3, H, W) that were not styled at all."""
    features = vgg(photos, STYLE_LAYERS)
    count = len(grams[STYLE_LAYERS[0]])
    errors = [style_error(features, {k: g[s : s + 1] for k, g in grams.items()}).mean()
              for s in range(count)]
    return torch.stack(errors)


class Objective(nn.Module):
    """The loss of a batch, in units of the untouched photo's style error."""

    def __init__(self, vgg: VGG19, grams: dict[str, Tensor], untouched: Tensor) -> None:
        super().__init__()
        self.vgg, self.grams, self.untouched = vgg, grams, untouched

    def forward(self, photos: Tensor, painted: Tensor, styles: Tensor) -> tuple[Tensor, Tensor]:
        """Style and content terms of each item.

        Args:
            photos: (P, 3, H, W) in [0, 1].
            painted: (P * K, 3, H, W): K results of each photo, photo by photo.
            styles: (P * K,) indices.

        Returns:
            Style error as a share of the untouched photo's, and relative content error; (P * K,).
        """
        with torch.no_grad():
            content = self.vgg(photos, (CONTENT_LAYER,))[CONTENT_LAYER]
            content = content.repeat_interleave(len(painted) // len(photos), 0)
        features = self.vgg(painted, (*STYLE_LAYERS, CONTENT_LAYER))
        targets = {name: gram[styles] for name, gram in self.grams.items()}
        style = style_error(features, targets) / self.untouched[styles]
        return style, relative_squared_error(features[CONTENT_LAYER], content)


def crop_side(config: Config, step: int) -> int:
    """Side of the crops at a step, in px."""
    return next(side for until, side in config.stages if step < until)


def train(config: Config) -> None:
    """Trains until the last step or until it is stopped."""
    accelerator = Accelerator()
    torch.manual_seed(config.seed + accelerator.process_index)
    device = accelerator.device

    with_paintings = [
        Image.open(config.data / "paintings" / f"{file}.jpg").convert("RGB") for file, _ in GALLERY
    ]
    aside = held_out(config.data)
    folders = [config.data / "photos" / name for name in ("objects", "landscapes", "sharp")]
    folders += [config.data / "bsds500" / name for name in ("train", "test")]
    photos = read_photos(folders, exclude=frozenset(aside))

    vgg = load_vgg19()
    grams = {k: g.to(device) for k, g in
             painting_grams(vgg, with_paintings, config.painting_side).items()}
    vgg = vgg.to(device, memory_format=torch.channels_last)
    sampler = np.random.default_rng(1)
    probe = torch.stack([
        random_crop(photos[i], 256, (400, 560), sampler)
        for i in sampler.integers(len(photos), size=24)
    ]).to(device)
    untouched = untouched_errors(vgg, probe, grams)
    objective = Objective(vgg, grams, untouched)

    net = StyleNet(len(GALLERY)).to(device)
    average = MovingAverage(net, config.average)
    optimizer = Muon(net, config.rate)
    net, optimizer = accelerator.prepare(net, optimizer)
    accelerator.register_for_checkpointing(average)
    run = Run(config.run, config, accelerator)
    if run.resume():
        accelerator.print(f"resumed at step {run.step} after {run.hours:.2f} hours")

    shown = torch.stack([
        to_tensor(fit_short_side(Image.open(p).convert("RGB"), 256, 4))[:, :256, :256]
        for p in aside[:14:5]
    ]).to(device)
    random = np.random.default_rng((config.seed, accelerator.process_index, run.step))
    last_checkpoint = last_samples = time.monotonic()
    seen: list[Tensor] = []
    while run.step < config.steps:
        side = crop_side(config, run.step)
        batch = torch.stack([
            random_crop(photos[i], side, (side, 560), random)
            for i in random.integers(len(photos), size=config.photos_a_step)
        ]).to(device)
        styles = torch.from_numpy(
            np.concatenate([
                random.choice(len(GALLERY), config.styles_a_photo, replace=False) for _ in batch
            ])
        ).to(device)
        mixture = nn.functional.one_hot(styles, len(GALLERY)).float()

        left = (config.steps - run.step) / max(1, config.steps - config.decay_from)
        for group in optimizer.param_groups:
            group["lr"] = config.rate * min(1.0, left)
        painted = net(batch.repeat_interleave(config.styles_a_photo, 0), mixture)
        style, content = objective(
            batch, painted.contiguous(memory_format=torch.channels_last), styles
        )
        loss = (style + config.content_weight * content).mean()
        accelerator.backward(loss)
        accelerator.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        average.update(accelerator.unwrap_model(net))
        run.step += 1

        seen.append(torch.stack([loss, style.mean(), content.mean()]).detach())
        if run.step % 50 == 0:
            means = torch.stack(seen).mean(0).tolist()
            seen.clear()
            run.log(dict(zip(("loss", "style", "content"), means, strict=True)))
        if time.monotonic() - last_checkpoint > 60 * config.checkpoint_minutes:
            run.checkpoint()
            last_checkpoint = time.monotonic()
        if time.monotonic() - last_samples > 60 * config.sample_minutes or run.step == 200:
            show(run, average.net, shown)
            last_samples = time.monotonic()
    run.checkpoint()


@torch.no_grad()
def show(run: Run, net: nn.Module, photos: Tensor) -> None:
    """Saves a grid: a row a photo, first the photo and then each style."""
    rows: list[Tensor] = []
    for photo in photos:
        rows.append(photo.cpu())
        for style in torch.eye(len(GALLERY), device=photo.device):
            rows.append(net(photo[None], style[None])[0].cpu())
    run.grid(rows, columns=len(GALLERY) + 1)


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=JSON")
    args = parser.parse_args()
    changes = {name: json.loads(value) for name, value in (s.split("=", 1) for s in args.set)}
    train(Config(args.data, args.run, **changes))


if __name__ == "__main__":
    main()
