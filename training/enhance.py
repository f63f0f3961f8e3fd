"""Trains what `enhance/photo`, `enhance/upscale2x` and `enhance/upscale4x` are made of.

    accelerate launch training/enhance.py --data ../shared/data --folder runs/2-drawn
    accelerate launch training/enhance.py --data ../shared/data --folder runs/2-photo \
        --recipe photo --start weights/enhance/drawn.safetensors

A restorer is told how a photo is damaged and cleans it; beside it an estimator learns to find that
out by itself. The loss is the logarithm of each crop's mean squared error, which is its PSNR (Chen
et al., "Simple Baselines for Image Restoration", 2022, use it so): strong and weak damage count
alike. A killed run goes on from its last checkpoint when started again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.core.catalogue import read_weights
from studio.models import enhance as model
from studio.models._weights import load_net
from studio.nets.level_estimator import LevelEstimator
from studio.nets.muon import Muon
from studio.quality.restoration import resized
from training.data.crops import Crops, validation_photos
from training.data.damage import Damage, Damaged, Kind, damage, draw_damage
from training.lib.arguments import make_parser, read_configs
from training.lib.average import moving_average
from training.lib.recipe import BLANK, Card
from training.lib.run import Run, ahead, begin, set_rate
from training.lib.script import script
from training.losses.restoration import Batch, Objective


@dataclass(frozen=True)
class Config:
    """One run."""

    data: Path
    run: Path
    start: Path | None = None  # weights that a new run begins from
    card: Card = BLANK
    scale: int = 1
    learns: Literal["both", "restorer", "estimator"] = "both"
    through: bool = False  # whether what the restorer makes of found levels counts, too
    hyperparameters: dict[str, Any] = field(
        default_factory=lambda: {
            "widths": [48, 96, 160],
            "blocks": [2, 2, 3],
            "levels": 5,
            "estimator": 32,
            "coarser": 2,
        }
    )
    real: float = 0.5  # share of crops that are damaged as in life
    large: float = 0.0  # share of these whose grain and blotches may be large
    seed: int = 0
    batch: int = 8  # crops a step, of all processes together
    side: int = 128  # of the restored crops, px
    rate: float = 0.02  # of Muon
    warm_up: int = 100
    decay_from: int = 100_000
    steps: int = 100_000
    average: float = 0.999
    bf16: bool = False  # twice as fast with avx512_bf16, amx_bf16 or a newer GPU
    log_steps: int = 100
    floor: float = 1e-5  # mean squared error below which nothing is gained
    checkpoint_minutes: float = 5.0
    sample_minutes: float = 10.0


class Batches:
    """Random crops of the photos, damaged at random.

    Args:
        config: of the run.
        items: of each batch, which are this process's.
    """

    def __init__(self, config: Config, items: range) -> None:
        self.config, self.items = config, items
        self.crops = Crops(config.data, config.side)

    def __call__(self, step: int) -> Batch:
        """This process's share of a step's batch; the same step gives the same."""
        seeds = [(self.config.seed, step, item) for item in self.items]
        crops = [self._item(np.random.default_rng(seed)) for seed in seeds]
        clean, given = (
            torch.from_numpy(np.stack(each)).permute(0, 3, 1, 2).contiguous()
            for each in ([c.clean for c in crops], [c.given for c in crops])
        )
        return Batch(clean, given, model.to_levels([levels_of(crop) for crop in crops]))

    def _item(self, random: np.random.Generator) -> Damaged:
        clean = self.crops.draw(random)
        what = draw_damage(random, self.config.real, self.config.large)
        if self.config.scale == 1:
            return damage(clean, what, random)
        small = resized(clean, 1 / self.config.scale)
        return replace(damage(small, mild(what, random), random), clean=clean)


def levels_of(damaged: Damaged) -> model.Levels:
    """What the nets are told of a damaged photo."""
    noise = damaged.noise
    return model.Levels(noise.luma, damaged.jpeg, damaged.blur, noise.colour, noise.size)


def mild(what: Damage, random: np.random.Generator) -> Damage:
    """Half of the time no damage, else a weak one: what is to be enlarged is rarely so bad."""
    if random.random() < 0.5:
        return Damage()
    noise, blur, jpeg = what.noise / 4, what.blur / 3, max(what.jpeg, 40)
    return Damage(kind=what.kind, noise=noise, blur=blur, jpeg=jpeg)


def initial_net(config: Config) -> model.Enhancer:
    """A new net; of a weights file it takes all that fits, which may know fewer levels.

    What lies between the first and the last layer serves any scale, and so does the last one where
    12 planes come out, at 1 and 2. A net that is told more than before begins deaf to it, as good
    as it was.
    """
    net = model.Enhancer({**config.hyperparameters, "scale": config.scale})
    if config.start is None:
        return net
    start = cast("model.Enhancer", load_net(read_weights(config.start), model.SPEC))
    learned, own = start.state_dict(), net.state_dict()
    if start.restorer.scale == config.scale:
        more = net.levels - start.levels
        learned["restorer.head.weight"] = F.pad(start.restorer.head.weight, (0,) * 5 + (more,))
    for name in ("weight", "bias"):
        known = learned[f"estimator.vote.{name}"].split(start.levels)
        fresh = own[f"estimator.vote.{name}"].split(net.levels)
        both = [torch.cat([a, b[start.levels :]]) for a, b in zip(known, fresh, strict=True)]
        learned[f"estimator.vote.{name}"] = torch.cat(both)
    fitting = {k: v for k, v in learned.items() if k in own and v.shape == own[k].shape}
    net.load_state_dict(fitting, strict=False)
    if not start.estimator.copies_votes:
        _begin_copies(net.estimator)
    return net


@torch.no_grad()
def _begin_copies(estimator: LevelEstimator) -> None:
    """Copies are first seen as photos are, their grain as wider; they say little of JPEG."""
    heads = [estimator.vote, *estimator.coarser_votes]
    for index, votes in enumerate(estimator.copies_votes):
        smaller = 2 ** (index + 1)
        for vote, known in zip(cast("Iterable[nn.Conv2d]", votes), heads, strict=True):
            weight, bias = (known.state_dict()[name].clone() for name in ("weight", "bias"))
            weight[4] *= smaller  # how much wider than 1 px grain is, a fourth of it
            bias[4] = smaller * bias[4] + (smaller - 1) / 4
            weight[6:8], bias[6:8] = 0, -6
            bias[[5, 8, 9]] -= 1
            vote.load_state_dict({"weight": weight, "bias": bias})


def train(config: Config) -> None:
    """Trains until the last step or until it is stopped."""
    accelerator = begin(config.run)
    device = accelerator.device
    torch.manual_seed(config.seed)
    # Convolutions in bfloat16 are a tenth faster when a pixel's channels lie side by side.
    net = initial_net(config).to(device).to(memory_format=torch.channels_last)
    average = moving_average(net, config.average)
    optimizer: torch.optim.Optimizer = Muon(net, config.rate, holds_norms=False)
    objective: nn.Module = Objective(net, config.floor, config.learns, through=config.through)
    objective, optimizer = accelerator.prepare(objective, optimizer)
    accelerator.register_for_checkpointing(average)
    run = Run(config.run, config, accelerator)
    run.resume(config.start)

    share = config.batch // accelerator.num_processes
    first = share * accelerator.process_index
    batches = ahead(Batches(config, range(first, first + share)), run.step)
    photos = validation_photos(config.data, 3)
    run.start_clocks(config.checkpoint_minutes, config.sample_minutes)
    while run.step < config.steps:
        batch = next(batches)
        batch = Batch(
            batch.clean.to(device),
            batch.damaged.to(device).contiguous(memory_format=torch.channels_last),
            batch.levels.to(device),
        )
        share = run.share_of_rate(config.warm_up, config.decay_from, config.steps)
        set_rate(optimizer, config.rate * share)
        with torch.autocast(device.type, torch.bfloat16, enabled=config.bf16):
            error, levels = objective(batch)
        accelerator.backward(error.mean() + levels.mean())
        accelerator.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        average.update_parameters(net)
        run.step += 1

        means = run.means(torch.stack([error.mean(), levels.mean()]), config.log_steps)
        if means is not None:
            error_mean, levels_mean = cast("Tensor", accelerator.reduce(means, "mean")).tolist()
            run.log({"psnr": -10 / np.log(10) * error_mean, "levels": levels_mean})
        if run.checkpoint_is_due():
            run.checkpoint()
        if run.samples_are_due():
            show(run, cast("model.Enhancer", average.module), photos, config.scale)
    run.checkpoint()


@torch.no_grad()
def show(run: Run, net: model.Enhancer, photos: list[np.ndarray], scale: int) -> None:
    """Saves a grid: a row a photo: clean, then damaged and restored, of four kinds.

    Also logs the PSNR over these few photos at noise 25, to see how it goes.
    """
    device = next(net.parameters()).device
    rows: list[Tensor] = []
    psnr: list[float] = []
    for index, photo in enumerate(photos):
        random = np.random.default_rng(index)
        rows.append(_tensor(photo)[0, :, :256, :256])
        small = photo if scale == 1 else resized(photo, 1 / scale)
        for what in (
            Damage(noise=25, rounded=False),
            Damage(jpeg=10),
            Damage(kind=Kind.CAMERA, noise=15, blotches=5),
            Damage(kind=Kind.FILM, noise=20),
        ):
            damaged = damage(small, what, random)
            given = _tensor(damaged.given)
            levels = model.to_levels([levels_of(damaged)], net.levels)
            restored = net.restorer(given.to(device), levels.to(device)).cpu()
            shown = F.interpolate(given, restored.shape[2:])
            rows += [picture[0, :, :256, :256] for picture in (shown, restored)]
            if what.noise == 25:
                psnr.append(-10 * float((restored - _tensor(photo)).square().mean().log10()))
    run.grid(rows, columns=9)
    run.log({"psnr at noise 25": sum(psnr) / len(psnr)})


def _tensor(photo: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(photo)).permute(2, 0, 1)[None]


@script
def main() -> None:
    """Reads the command line."""
    parser = make_parser(__doc__)
    for config in read_configs(Config, parser.parse_args(), "drawn"):
        train(config)


if __name__ == "__main__":
    main()
