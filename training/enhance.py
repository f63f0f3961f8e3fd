"""Trains `enhance/photo`, and with `--scale 2` `enhance/upscale2x`.

    accelerate launch training/enhance.py --data ../shared/data --folder runs/2-enhance

A restorer is told how a photo is damaged and cleans it; beside it an estimator learns to find that
out by itself. The loss is the logarithm of each crop's mean squared error, which is its PSNR (Chen
et al., "Simple Baselines for Image Restoration", 2022, use it so): strong and weak damage count
alike. A killed run goes on from its last checkpoint when started again.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional as F

from studio.core.catalogue import read_weights
from studio.models import enhance as model
from studio.models._weights import load_net
from training._arguments import make_parser, read_config
from training._damage import Damage, damage, draw_damage
from training._muon import Muon
from training._photos import read_photos
from training._run import MovingAverage, Run, ahead, begin, set_rate
from training._script import script


@dataclass(frozen=True)
class Source:
    """A folder of photos: the share of crops from it, and the range of its reduction."""

    folder: str
    share: float
    reduction: tuple[float, float]


# The small photos are JPEG files themselves: reduced by half or more, that damage is gone.
SOURCES = (
    Source("bsds500/train", 0.3, (0.8, 1.0)),
    Source("bsds500/test", 0.3, (0.8, 1.0)),
    Source("photos/sharp", 0.3, (0.5, 1.0)),
    Source("photos/objects", 0.05, (0.45, 0.5)),
    Source("photos/landscapes", 0.05, (0.45, 0.5)),
)
VALIDATION = "bsds500/validation"


@dataclass(frozen=True)
class Config:
    """One run."""

    data: Path
    run: Path
    start: Path | None = None  # weights that a new run begins from
    scale: int = 1
    hyperparameters: dict[str, Any] = field(
        default_factory=lambda: {"widths": [48, 96, 160], "blocks": [2, 2, 3], "estimator": 32}
    )
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


@dataclass(frozen=True)
class Batch:
    """Crops (N, 3, S, S), what is left of them (N, 3, s, s), and the levels (N, 3) of damage."""

    clean: Tensor
    damaged: Tensor
    levels: Tensor


class Crops:
    """Random crops of the photos, damaged at random."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.photos = [read_photos([config.data / source.folder]) for source in SOURCES]

    def batch(self, step: int, items: range) -> Batch:
        """Some items of a step's batch; the same step and items give the same crops."""
        seeds = [(self.config.seed, step, item) for item in items]
        crops = [self._item(np.random.default_rng(seed)) for seed in seeds]
        clean, damaged = (
            torch.from_numpy(np.stack([crop[i] for crop in crops])).permute(0, 3, 1, 2).contiguous()
            for i in range(2)
        )
        return Batch(clean, damaged, model.to_levels([model.Levels(*crop[2]) for crop in crops]))

    def _item(
        self, random: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray, tuple[float, ...]]:
        clean = self._crop(random)
        small = halved(clean) if self.config.scale == 2 else clean
        what = draw_damage(random)
        if self.config.scale == 2:  # what is to be enlarged is rarely so bad
            what = mild(what, random)
        levels = (what.noise, float(what.jpeg), what.blur)
        return clean, damage(small, what, random), levels

    def _crop(self, random: np.random.Generator) -> np.ndarray:
        index = random.choice(len(SOURCES), p=[source.share for source in SOURCES])
        photos = self.photos[index]
        photo = photos[random.integers(len(photos))]
        reduction = 1.0
        if random.random() < 0.5 or SOURCES[index].reduction[1] < 1:
            reduction = random.uniform(*SOURCES[index].reduction)
        side = min(round(self.config.side / reduction), *photo.size)
        left = int(random.integers(0, photo.width - side, endpoint=True))
        top = int(random.integers(0, photo.height - side, endpoint=True))
        crop = photo.crop((left, top, left + side, top + side))
        if side != self.config.side:
            crop = crop.resize((self.config.side, self.config.side), Image.Resampling.BICUBIC)
        pixels = np.asarray(crop, np.float32) / 255
        pixels = np.rot90(pixels, int(random.integers(4)))
        return np.ascontiguousarray(pixels if random.random() < 0.5 else pixels[:, ::-1])


def mild(what: Damage, random: np.random.Generator) -> Damage:
    """Half of the time no damage, else a weak one."""
    if random.random() < 0.5:
        return Damage()
    return Damage(what.noise / 4, max(what.jpeg, 40), what.blur / 3, what.camera)


class Objective(nn.Module):
    """Both nets in one module, so that one call trains them."""

    def __init__(self, enhancer: model.Enhancer, floor: float) -> None:
        super().__init__()
        self.enhancer, self.floor = enhancer, floor

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Logarithm of the mean squared error, and the levels' error; each (N,)."""
        restored = self.enhancer.restorer(batch.damaged, batch.levels)
        error = (restored.float() - batch.clean).square().mean((1, 2, 3))
        found = self.enhancer.estimator(batch.damaged)
        return (error + self.floor).log(), F.smooth_l1_loss(
            found.float(), batch.levels, reduction="none", beta=0.05
        ).mean(1)


def initial_net(config: Config) -> model.Enhancer:
    """A new net, or that of a weights file; of another scale, all of it but the first layer.

    Both restore 12 planes at half the result's size, so that what lies behind the first layer
    serves either.
    """
    if config.start is None:
        return model.Enhancer(config.hyperparameters | {"scale": config.scale})
    weights = read_weights(config.start)
    net = cast("model.Enhancer", load_net(weights, model.SPEC).requires_grad_(True))
    if net.restorer.scale == config.scale:
        return net
    other = model.Enhancer({**weights.hyperparameters, "scale": config.scale})
    other.restorer.load_state_dict(
        {k: v for k, v in net.restorer.state_dict().items() if not k.startswith("head.")},
        strict=False,
    )
    other.estimator.load_state_dict(net.estimator.state_dict())
    return other


def train(config: Config) -> None:
    """Trains until the last step or until it is stopped."""
    accelerator = begin(config.run)
    device = accelerator.device
    torch.manual_seed(config.seed)
    # Convolutions in bfloat16 are a tenth faster when a pixel's channels lie side by side.
    net = initial_net(config).to(device).to(memory_format=torch.channels_last)
    average = MovingAverage(net, config.average)
    optimizer: torch.optim.Optimizer = Muon(net, config.rate, holds_norms=False)
    objective: nn.Module = Objective(net, config.floor)
    objective, optimizer = accelerator.prepare(objective, optimizer)
    accelerator.register_for_checkpointing(average)
    run = Run(config.run, config, accelerator)
    run.resume(config.start)

    share = config.batch // accelerator.num_processes
    first = share * accelerator.process_index
    crops, items = Crops(config), range(first, first + share)
    batches = ahead(lambda step: crops.batch(step, items), run.step)
    photos = validation_photos(config.data, 3)
    seen: list[Tensor] = []
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
        average.update(net)
        run.step += 1

        seen.append(torch.stack([error.mean(), levels.mean()]).detach())
        if run.step % config.log_steps == 0:
            mean = cast("Tensor", accelerator.reduce(torch.stack(seen).mean(0), "mean"))
            error_mean, levels_mean = mean.tolist()
            seen.clear()
            run.log({"psnr": -10 / np.log(10) * error_mean, "levels": levels_mean})
        if run.checkpoint_is_due():
            run.checkpoint()
        if run.samples_are_due():
            show(run, cast("model.Enhancer", average.net), photos, config.scale)
    run.checkpoint()


def validation_photos(data: Path, count: int | None = None) -> list[np.ndarray]:
    """Photos (H, W, 3) in [0, 1] that are never trained on; both sides multiples of 8."""
    pictures = read_photos([data / VALIDATION])[:count]
    sizes = [(p.width // 8 * 8, p.height // 8 * 8) for p in pictures]
    return [
        np.asarray(picture.crop((0, 0, *size)), np.float32) / 255
        for picture, size in zip(pictures, sizes, strict=True)
    ]


@torch.no_grad()
def show(run: Run, net: model.Enhancer, photos: list[np.ndarray], scale: int) -> None:
    """Saves a grid: a row a photo: clean, then damaged and restored, thrice.

    Also logs the PSNR over these few photos at noise 25, to see how it goes.
    """
    device = next(net.parameters()).device
    rows: list[Tensor] = []
    psnr: list[float] = []
    for index, photo in enumerate(photos):
        random = np.random.default_rng(index)
        rows.append(_tensor(photo)[0, :, :256, :256])
        small = halved(photo) if scale == 2 else photo
        for what in (Damage(25, rounded=False), Damage(jpeg=10), Damage(blur=1.2)):
            damaged = _tensor(damage(small, what, random))
            levels = model.to_levels([model.Levels(what.noise, what.jpeg, what.blur)])
            restored = net.restorer(damaged.to(device), levels.to(device)).cpu()
            shown = F.interpolate(damaged, restored.shape[2:])
            rows += [picture[0, :, :256, :256] for picture in (shown, restored)]
            if what.noise:
                psnr.append(-10 * float((restored - _tensor(photo)).square().mean().log10()))
    run.grid(rows, columns=7)
    run.log({"psnr at noise 25": sum(psnr) / len(psnr)})


def halved(photo: np.ndarray) -> np.ndarray:
    """A photo (H, W, 3) in [0, 1] at half its size, rounded as in a file."""
    picture = Image.fromarray(np.rint(photo * 255).astype(np.uint8))
    size = (picture.width // 2, picture.height // 2)
    return np.asarray(picture.resize(size, Image.Resampling.BICUBIC), np.float32) / 255


def _tensor(photo: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(photo)).permute(2, 0, 1)[None]


@script
def main() -> None:
    """Reads the command line."""
    parser = make_parser(__doc__)
    parser.add_argument("--scale", type=int, choices=(1, 2), default=1)
    args = parser.parse_args()
    train(read_config(Config, args))


if __name__ == "__main__":
    main()
