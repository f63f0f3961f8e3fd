"""Trains what the control `detail` leads to: a restorer that enlarges lively rather than true.

    accelerate launch training/lively.py --data ../shared/data --folder runs/3-lively4 \
        --start weights/enhance/upscale4x.safetensors

The restorer of an enhancer goes on learning, but what is sharp now counts: how far features of
VGG-19 are off, and how real the result looks to a discriminator of patches and to one that looks
through fixed features (Wang et al., "ESRGAN", 2018; Wang et al., "Real-ESRGAN", 2021). Between the
two restorers lie all others: their weights are mixed. A killed run goes on from its last
checkpoint.
"""

from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
import torch
from accelerate import Accelerator
from torch import Tensor
from torch.nn import functional as F

from studio.core.catalogue import read_weights
from studio.core.errors import StudioError
from studio.models import enhance as model
from studio.models._weights import load_net
from studio.nets.muon import Muon
from studio.nets.pix2pix import PatchDiscriminator
from studio.nets.projected import ProjectedDiscriminator
from studio.nets.restorer import Restorer
from studio.quality.features import load_efficientnet, load_vgg19
from studio.quality.restoration import resized, trimmed
from training import enhance
from training.data.crops import validation_photos
from training.data.damage import Damage, damage
from training.lib.arguments import make_parser, read_configs
from training.lib.average import moving_average
from training.lib.recipe import BLANK, Card
from training.lib.run import Run, ahead, begin, set_rate
from training.lib.script import script
from training.losses.drawn import perceptual_distance
from training.losses.judge import Judge, Judging

TERMS = ("pixels", "afar", "features", "patch", "projected", "net, patch", "net, projected")


@dataclass(frozen=True)
class Config:
    """One run."""

    data: Path
    run: Path
    start: Path | None = None  # weights of an enhancer; a lively one that it has is gone on with
    card: Card = BLANK
    seed: int = 0
    batch: int = 4
    side: int = 192  # of the restored crops, px
    rate: float = 0.006  # of Muon
    warm_up: int = 50
    decay_from: int = 100_000
    steps: int = 100_000  # counted from the weights'
    average: float = 0.995
    alone: int = 150  # steps before the discriminators judge
    pixel_weight: float = 2.0
    afar_weight: float = 10.0  # of what is seen at the size of what was given
    features_weight: float = 1.0
    patch_width: int = 32
    patch_gain: float = 8.0
    patch_weight: float = 0.05
    projected_gain: float = 4.0
    projected_weight: float = 0.05
    judging: Judging = field(
        default_factory=lambda: Judging(192, 0.0, 0.0, 0.0, 4e-4, 0.5, bf16=False)
    )
    bf16: bool = False
    log_steps: int = 50
    checkpoint_minutes: float = 5.0
    sample_minutes: float = 10.0


class Judges:
    """How far results are from photos as people see them.

    Args:
        accelerator: of the run.
        config: of the run.
        scale: how many times as large results are.
    """

    def __init__(self, accelerator: Accelerator, config: Config, scale: int) -> None:
        self._config, self._scale, self._device = config, scale, accelerator.device
        self._vgg = load_vgg19().to(self._device).to(memory_format=torch.channels_last)
        patch = PatchDiscriminator(3, config.patch_width, gain=config.patch_gain)
        projected = ProjectedDiscriminator(load_efficientnet(), gain=config.projected_gain)
        self._judges = (
            (Judge(accelerator, patch, config.judging), config.patch_weight),
            (Judge(accelerator, projected, config.judging), config.projected_weight),
        )

    def judge(self, clean: Tensor, made: Tensor, step: int) -> tuple[Tensor, Tensor]:
        """Has the discriminators learn, then judge.

        Args:
            clean: (N, 3, S, S).
            made: the same.
            step: of this run.

        Returns:
            The loss, and what is logged, see `TERMS`.
        """
        config, device = self._config, self._device.type
        pixels = (made - clean).abs().mean()
        afar = (F.avg_pool2d(made, self._scale) - F.avg_pool2d(clean, self._scale)).abs().mean()
        with torch.autocast(device, torch.bfloat16, enabled=config.bf16):
            features = perceptual_distance(self._vgg, made, clean)
        loss = config.pixel_weight * pixels + config.afar_weight * afar
        loss = loss + config.features_weight * features
        learnt, judged = [torch.full_like(afar, 2)] * 2, [torch.zeros_like(afar)] * 2
        for number, (judge, weight) in enumerate(self._judges):
            learnt[number] = judge.learn(clean, made)
            if step >= config.alone:
                judged[number] = judge.judge(made)
                loss = loss + weight * judged[number]
        return loss, torch.stack([pixels, afar, features, *learnt, *judged]).detach()


def initial_net(config: Config) -> tuple[Restorer, Restorer, int]:
    """The restorer that learns, the one that is true, and how many levels they are told.

    Raises:
        StudioError: there are no weights to begin from.
    """
    if config.start is None:
        raise StudioError(
            "a lively restorer begins from a true one", "give its weights with --start"
        )
    known = cast("model.Enhancer", load_net(read_weights(config.start), model.SPEC))
    if known.restorer.scale == 1:
        raise StudioError("only what enlarges has a lively restorer", f"{config.start} does not")
    begun = known.lively or known.restorer
    net = deepcopy(begun).requires_grad_()
    return net, known.restorer.requires_grad_(False), known.levels


def train(config: Config) -> None:
    """Trains until the last step or until it is stopped."""
    accelerator = begin(config.run)
    device = accelerator.device
    torch.manual_seed(config.seed)
    net, true, levels = initial_net(config)
    scale = net.scale
    net = net.to(device).to(memory_format=torch.channels_last)
    average = moving_average(net, config.average)
    optimizer: torch.optim.Optimizer = Muon(net, config.rate, holds_norms=False)
    prepared, optimizer = accelerator.prepare(net, optimizer)
    judges = Judges(accelerator, config, scale)
    accelerator.register_for_checkpointing(average)
    run = Run(config.run, config, accelerator)
    run.resume(config.start)

    drawn = enhance.Config(
        config.data, config.run, scale=scale, side=config.side, seed=config.seed,
        batch=config.batch * accelerator.num_processes,
    )  # fmt: skip
    first = config.batch * accelerator.process_index
    batches = ahead(enhance.Batches(drawn, range(first, first + config.batch)), run.step)
    photos = validation_photos(config.data, 4)
    run.start_clocks(config.checkpoint_minutes, config.sample_minutes)
    while run.step < config.steps:
        batch = next(batches)
        clean = batch.clean.to(device).contiguous(memory_format=torch.channels_last)
        given = batch.damaged.to(device).contiguous(memory_format=torch.channels_last)
        told = batch.levels[:, :levels].to(device)
        share = run.share_of_rate(config.warm_up, config.decay_from, config.steps)
        set_rate(optimizer, config.rate * share)
        with torch.autocast(device.type, torch.bfloat16, enabled=config.bf16):
            made = prepared(given, told).float()
        loss, terms = judges.judge(clean, made, run.own_step)
        optimizer.zero_grad()
        accelerator.backward(loss)
        accelerator.clip_grad_norm_(net.parameters(), 1.0)
        optimizer.step()
        average.update_parameters(net)
        run.step += 1

        run.note(TERMS, terms, config.log_steps)
        if run.checkpoint_is_due():
            run.checkpoint()
        if run.samples_are_due() or run.step == config.steps:
            show(run, [true, cast("Restorer", average.module)], photos)
    run.checkpoint()


@torch.no_grad()
def show(run: Run, nets: list[Restorer], photos: list[np.ndarray]) -> None:
    """Saves a grid: a row a photo: clean, small, then enlarged by each net; as is, and damaged."""
    scale, rows = nets[0].scale, list[Tensor]()
    device = next(nets[1].parameters()).device
    for index, photo in enumerate(photos):
        whole = trimmed(photo, scale)
        for what in (Damage(), Damage(jpeg=60)):
            damaged = damage(resized(whole, 1 / scale), what, np.random.default_rng(index))
            given = _tensor(damaged.given)[:, :, :72, :72]
            told = model.to_levels([enhance.levels_of(damaged)], nets[0].head.in_channels - 3)
            shown = [net.to(device)(given.to(device), told.to(device)).cpu() for net in nets]
            pictures = [_tensor(whole), F.interpolate(given, scale_factor=scale), *shown]
            rows += [picture[0, :, : 72 * scale, : 72 * scale] for picture in pictures]
    run.grid(rows, columns=8)


def _tensor(photo: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(photo, np.float32)).permute(2, 0, 1)[None]


@script
def main() -> None:
    """Reads the command line."""
    for config in read_configs(Config, make_parser(__doc__).parse_args(), "lively4x"):
        train(config)


if __name__ == "__main__":
    main()
