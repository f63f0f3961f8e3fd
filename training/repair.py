"""Trains what `enhance/repair` is made of.

    accelerate launch training/repair.py --data ../shared/data --folder runs/4-repair \
        --recipe repair --start weights/enhance/photo.safetensors

An inpainter is shown photos with holes and fills them; beside it a finder learns to see where
photos are damaged. The inpainter begins as the restorer of `enhance/photo`, for which a hole is
strong noise. Its loss is the logarithm of each crop's mean squared error in the holes, which is its
PSNR there, and how far VGG-19's relu3_1 is from that of the true photo (Johnson et al.,
"Perceptual Losses", 2016). A killed run goes on from its last checkpoint when started again.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn

from studio.core.catalogue import read_weights
from studio.models import enhance
from studio.models import repair as model
from studio.models._weights import load_net
from studio.nets.muon import Muon
from studio.quality.missing import KINDS, draw_missing
from studio.quality.restoration import psnr
from training.data.crops import SOURCES, Crops, Source, validation_photos
from training.data.old_prints import Learns, Print, draw_print
from training.lib.arguments import make_parser, read_configs
from training.lib.average import moving_average
from training.lib.recipe import BLANK, Card
from training.lib.run import Run, ahead, begin, set_rate
from training.lib.script import script
from training.losses.repair import Batch, Objective

# What a finder sees: busier, and other things than photos, for it is to doubt all that it can; and
# faces, whose eyes gleam, and flowers, that are as full of specks as dust makes a photo.
FINDER_SOURCES = (
    Source("bsds500/train", 0.22, (0.8, 1.0)),
    Source("bsds500/test", 0.22, (0.8, 1.0)),
    Source("photos/sharp", 0.2, (0.35, 1.0)),
    Source("photos/objects", 0.06, (0.45, 0.5)),
    Source("photos/landscapes", 0.03, (0.45, 0.5)),
    Source("photos/flowers_cc_by", 0.05, (0.45, 0.5)),
    Source("facades/train", 0.04, (0.8, 1.0)),
    Source("horse2zebra/trainB", 0.05, (0.8, 1.0)),
    Source("paintings", 0.05, (0.4, 1.0)),
    Source("cats/heads_160", 0.04, (0.7, 1.0)),
    Source("faces/us_congress", 0.04, (0.7, 1.0)),
)


@dataclass(frozen=True)
class Config:
    """One run."""

    data: Path
    run: Path
    start: Path | None = None  # weights that a new run begins from: of repair, or of enhance
    card: Card = BLANK
    learns: Learns = "both"
    hyperparameters: dict[str, Any] = field(
        default_factory=lambda: {
            "widths": [48, 96, 160],
            "blocks": [2, 2, 3],
            "finder_widths": [24, 48, 80],
            "finder_blocks": [1, 2, 3],
        }
    )
    perceptual: float = 0.0  # weight of the features' distance
    perceptual_thin: float | None = None  # the same where lines or dust are missing; None: as that
    grid: float = 0.0  # weight of a grid within wide holes, beside the features
    seed: int = 0
    batch: int = 8  # crops a step, of all processes together
    side: int = 128  # of the crops, px
    rate: float = 0.02  # of Muon
    warm_up: int = 50
    decay_from: int = 200_000
    steps: int = 200_000
    average: float = 0.99
    bf16: bool = False  # twice as fast with avx512_bf16, amx_bf16 or a newer GPU
    log_steps: int = 50
    floor: float = 1e-5  # mean squared error below which nothing is gained
    checkpoint_minutes: float = 5.0
    sample_minutes: float = 10.0


class Batches:
    """Random crops of the photos, as prints that have grown old.

    Args:
        config: of the run.
        items: of each batch, which are this process's.
    """

    def __init__(self, config: Config, items: range) -> None:
        self.config, self.items = config, items
        sources = FINDER_SOURCES if config.learns == "finder" else SOURCES
        self.crops = Crops(config.data, config.side, sources)

    def __call__(self, step: int) -> Batch:
        """This process's share of a step's batch; the same step gives the same."""
        seeds = [(self.config.seed, step, item) for item in self.items]
        randoms = [np.random.default_rng(seed) for seed in seeds]
        prints = [draw_print(self.crops.draw(r), r, self.config.learns) for r in randoms]
        return to_batch(prints)


def to_batch(prints: list[Print]) -> Batch:
    """Prints side by side."""
    clean, given, scratched = (
        torch.from_numpy(np.stack(each)).permute(0, 3, 1, 2).contiguous()
        for each in zip(*((p.clean, p.given, p.scratched) for p in prints), strict=True)
    )
    holes, damaged = (
        torch.from_numpy(np.stack(each)).float()[:, None]
        for each in zip(*((p.holes, p.damaged) for p in prints), strict=True)
    )
    thin = torch.tensor([float(p.thin) for p in prints])
    return Batch(clean, given, holes, scratched, damaged, thin)


def initial_net(config: Config) -> model.Repairer:
    """A new net; or that of weights, or with the restorer that cleans photos.

    To that one a hole is noise of a third of the strongest there is.
    """
    net = model.Repairer(config.hyperparameters)
    if config.start is None:
        return net
    weights = read_weights(config.start)
    if weights.spec == model.SPEC.id:
        net.load_state_dict(load_net(weights, model.SPEC).state_dict())
        return net
    cleaner = cast("enhance.Enhancer", load_net(weights, enhance.SPEC))
    restorer = cleaner.restorer if cleaner.drawn is None else cleaner.drawn.restorer
    learned = restorer.state_dict()
    photo, noise = learned["head.weight"][:, :12], learned["head.weight"][:, 12:13]
    learned["head.weight"] = torch.cat([photo, (noise / 12).expand(-1, 4, -1, -1)], 1)
    net.inpainter.restorer.load_state_dict(learned, strict=False)
    return net


def train(config: Config) -> None:
    """Trains until the last step or until it is stopped."""
    accelerator = begin(config.run)
    device = accelerator.device
    torch.manual_seed(config.seed)
    # Convolutions in bfloat16 are a tenth faster when a pixel's channels lie side by side.
    net = initial_net(config).to(device).to(memory_format=torch.channels_last)
    average = moving_average(net, config.average)
    optimizer: torch.optim.Optimizer = Muon(net, config.rate, holds_norms=False)
    usual, thin = config.perceptual, config.perceptual_thin
    weights = usual, usual if thin is None else thin
    objective: nn.Module = Objective(net, config.floor, config.learns, weights, config.grid)
    objective, optimizer = accelerator.prepare(objective.to(device), optimizer)
    accelerator.register_for_checkpointing(average)
    run = Run(config.run, config, accelerator)
    run.resume(config.start)

    share = config.batch // accelerator.num_processes
    first = share * accelerator.process_index
    batches = ahead(Batches(config, range(first, first + share)), run.step)
    photos = validation_photos(config.data, 4)
    run.start_clocks(config.checkpoint_minutes, config.sample_minutes)
    while run.step < config.steps:
        batch = next(batches).to(device)
        rate_share = run.share_of_rate(config.warm_up, config.decay_from, config.steps)
        set_rate(optimizer, config.rate * rate_share)
        with torch.autocast(device.type, torch.bfloat16, enabled=config.bf16):
            losses = objective(batch)
        accelerator.backward(losses.sum())
        accelerator.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        average.update_parameters(net)
        run.step += 1

        means = run.means(losses, config.log_steps)
        if means is not None:
            holes, features, found = cast("Tensor", accelerator.reduce(means, "mean")).tolist()
            run.log({"psnr": -10 / np.log(10) * holes, "features": features, "finder": found})
        if run.checkpoint_is_due():
            run.checkpoint()
        if run.samples_are_due():
            show(run, cast("model.Repairer", average.module), photos)
    run.checkpoint()


@torch.no_grad()
def show(run: Run, net: model.Repairer, photos: list[np.ndarray]) -> None:
    """Saves a grid: a row a photo and a kind: clean, damaged, found, first guess and repaired.

    Also logs the PSNR in the holes of each kind over these few photos, to see how it goes.
    """
    device = next(net.parameters()).device
    rows: list[Tensor] = []
    found_psnr: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for index, photo in enumerate(photos):
        for place, kind in enumerate(KINDS):
            missing = draw_missing(photo, kind, np.random.default_rng((index, place)))
            given = _tensor(missing.given.astype(np.float32)).to(device)
            holes = torch.from_numpy(missing.holes)[None, None].to(device, torch.float32)
            marks = net.finder(given).sigmoid()
            filled = net.inpainter(given, holes).clamp(0, 1)
            repaired = filled[0].permute(1, 2, 0).cpu().numpy()
            found_psnr[kind].append(psnr(repaired[missing.holes], photo[missing.holes]))
            guess = net.inpainter(given, holes, lambda guess, _: guess)
            shown = [_tensor(photo), given, marks.expand(-1, 3, -1, -1), guess, filled]
            rows += [picture[0, :, :256, :256].cpu() for picture in shown]
    run.grid(rows, columns=10)
    run.log({f"psnr of {kind}": float(np.mean(each)) for kind, each in found_psnr.items()})


def _tensor(photo: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(photo)).permute(2, 0, 1)[None]


@script
def main() -> None:
    """Reads the command line."""
    parser = make_parser(__doc__)
    for config in read_configs(Config, parser.parse_args(), "repair"):
        train(config)


if __name__ == "__main__":
    main()
