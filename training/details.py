"""Trains the net that draws the details of `faces/portraits`, or of your own pictures.

    accelerate launch training/details.py --data ../shared/data --folder runs/7-details \
        --start weights/faces/portraits.safetensors

The generator that it begins from stays as it is; what it draws is enlarged twice (Denton et al.
2015, see `studio/nets/details.py`). Half of each step's pictures are real ones made small, where
the right answer is known; the other half are the generator's, which need only look real to a
discriminator of patches and to one that looks through fixed features, have the texture of the real
ones (means and covariances of VGG-19's features), and stay what they were when seen from afar. A
killed run goes on from its last checkpoint.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from accelerate import Accelerator
from torch import Tensor, nn
from torch.nn import functional as F

from studio.core.errors import StudioError
from studio.nets.dcgan import DCGANGenerator
from studio.nets.details import DetailNet
from studio.nets.perceptual import moments, stroke_error
from studio.nets.pix2pix import PatchDiscriminator
from studio.nets.projected import ProjectedDiscriminator
from studio.quality.features import load_efficientnet, load_vgg19
from studio.quality.subjects import Subject, find_subject
from training.lib.arguments import make_parser, parse_pictures, read_configs
from training.lib.average import moving_average
from training.lib.generator import known_faces
from training.lib.recipe import BLANK, Card
from training.lib.run import Run, ahead, begin, set_rate
from training.lib.script import script
from training.losses.drawn import perceptual_distance
from training.losses.judge import Judge, Judging

TERMS = (
    "pairs",
    "afar",
    "texture",
    "patch",
    "projected",
    "generator, patch",
    "generator, projected",
)
TEXTURE_LAYERS = ("relu1_1", "relu1_2", "relu2_1", "relu3_1")
SHOWN = 16  # generated pictures of the sample grid, each beside its details
_LOOKED_AT = 400  # real pictures, for their texture
_SEED = 1 << 40


@dataclass(frozen=True)
class Config:
    """One run."""

    data: Path
    run: Path
    subject: str = "portraits"
    start: Path | None = None  # weights of the generator; details that they have are gone on with
    card: Card = BLANK
    seed: int = 0
    width: int = 24
    sharpest: float = 0.5  # share of the real pictures, those with the most details; others were
    # enlarged before they came here
    pairs: int = 8  # real pictures a step, and as many generated ones
    blur: float = 0.02  # of the small real pictures, for the generated ones are not as clean
    rate: float = 4e-4
    rate_of_critics: float = 4e-4
    momentum: float = 0.5  # of Adam, its first one
    alone: int = 200  # steps before the discriminators judge
    pair_weight: float = 1.0
    pixel_weight: float = 10.0  # of pairs, beside their features
    afar_weight: float = 10.0
    texture_weight: float = 0.3
    seen: int = 4  # pictures of each kind that VGG-19 looks at, which is dear
    patch_gain: float = 8.0
    patch_weight: float = 0.25
    patch_width: int = 24
    projected_gain: float = 4.0
    projected_weight: float = 0.25
    projected_side: int = 112  # px, at which it sees the pictures
    colour: float = 0.1  # of the augmentation, see `augment`
    shift: float = 0.03
    warm_up: int = 50
    steps: int = 8_000
    average: float = 0.995
    bf16: bool = False
    log_steps: int = 20
    checkpoint_minutes: float = 5.0
    sample_minutes: float = 5.0

    def judging(self, side: int) -> Judging:
        """Of a discriminator that sees the pictures at a side in px."""
        how = self.rate_of_critics, self.momentum, self.bf16
        return Judging(side, self.colour, self.shift, 0.0, *how)


class Batches:
    """Real pictures, the same at half their side, and latents; the same step gives the same."""

    def __init__(self, large: Subject, small: Subject, config: Config, latent: int) -> None:
        self._large, self._small = large, small
        self._config, self._latent = config, latent

    def __call__(self, step: int) -> tuple[Tensor, Tensor, Tensor]:
        """(N, C, S, S) and (N, C, S / 2, S / 2) in [0, 1], and (N, Z)."""
        config = self._config
        random = torch.Generator().manual_seed(config.seed * _SEED + step)
        chosen = torch.randint(len(self._large.real), (config.pairs,), generator=random)
        large, small = self._large.real[chosen] / 255, self._small.real[chosen] / 255
        if self._large.mirrored:
            flipped = torch.rand(config.pairs, 1, 1, 1, generator=random) < 0.5
            large, small = (torch.where(flipped, x.flip(3), x) for x in (large, small))
        noise = torch.randn(small.shape, generator=random) * torch.rand(
            config.pairs, 1, 1, 1, generator=random
        )
        small = (small + config.blur * noise).clamp(0, 1)
        latents = torch.randn(config.pairs, self._latent, generator=random)
        return large, small, latents


class Judges:
    """Both discriminators, and how far details of real pictures are from the real ones."""

    def __init__(self, accelerator: Accelerator, real: Tensor, config: Config) -> None:
        self._config, (channels, side) = config, real.shape[1:3]
        self._device = accelerator.device
        self._vgg = load_vgg19().to(self._device).to(memory_format=torch.channels_last)
        self._texture = self._mean_texture(real)
        patch = PatchDiscriminator(channels, config.patch_width, gain=config.patch_gain)
        projected = ProjectedDiscriminator(load_efficientnet(), gain=config.projected_gain)
        self._judges = (
            (Judge(accelerator, patch, config.judging(side)), config.patch_weight),
            (
                Judge(accelerator, projected, config.judging(config.projected_side)),
                config.projected_weight,
            ),
        )

    def judge(self, real: Tensor, small: Tensor, made: Tensor, step: int) -> tuple[Tensor, Tensor]:
        """Has the discriminators learn, then judge.

        Args:
            real: (N, C, S, S).
            small: what the pictures were made from, of the real ones, then of generated ones.
            made: (2 N, C, S, S).
            step: of this run.

        Returns:
            The loss, and what is logged, see `TERMS`.
        """
        config, count = self._config, len(real)
        afar = (_afar(made[count:]) - _afar(small[count:])).abs().mean()
        with self._half():
            pairs = perceptual_distance(self._vgg, made[: config.seen], real[: config.seen])
        texture = stroke_error(self._moments(made[count:][: config.seen]), self._texture).mean()
        loss = config.pixel_weight * (made[:count] - real).abs().mean()
        loss = loss + config.pair_weight * pairs + config.afar_weight * afar
        loss = loss + config.texture_weight * texture
        learnt, judged = [torch.full_like(afar, 2)] * 2, [torch.zeros_like(afar)] * 2
        if step >= config.alone:
            for number, (judge, weight) in enumerate(self._judges):
                learnt[number] = judge.learn(real, made)
                judged[number] = judge.judge(made)
                loss = loss + weight * judged[number]
        return loss, torch.stack([pairs, afar, texture, *learnt, *judged]).detach()

    @torch.no_grad()
    def _mean_texture(self, real: Tensor) -> dict[str, tuple[Tensor, Tensor]]:
        """Moments of the features of real pictures (N, C, S, S) uint8, all of them as one."""
        few = real[:: max(1, len(real) // _LOOKED_AT)].to(self._device) / 255
        found = [self._moments(batch) for batch in few.split(self._config.seen)]
        return {
            name: (
                torch.stack([each[name][0] for each in found]).mean(0),
                torch.stack([each[name][1] for each in found]).mean(0),
            )
            for name in TEXTURE_LAYERS
        }

    def _moments(self, pictures: Tensor) -> dict[str, tuple[Tensor, Tensor]]:
        return {name: moments(each) for name, each in self._features(pictures).items()}

    def _features(self, pictures: Tensor) -> dict[str, Tensor]:
        """Of each layer (1, C, N h, w): all pictures as one, for each may have its own texture."""
        with self._half():
            found = self._vgg(pictures, TEXTURE_LAYERS)
        return {
            name: each.float().permute(1, 0, 2, 3).flatten(1, 2)[None]
            for name, each in found.items()
        }

    def _half(self) -> torch.autocast:
        return torch.autocast(self._device.type, torch.bfloat16, enabled=self._config.bf16)


def _sharpest(large: Tensor, small: Tensor, share: float) -> Tensor:
    """Numbers of the pictures (N, C, S, S) that differ most from what they are without details."""
    found = [
        (many.float() - F.interpolate(few.float(), many.shape[2:], mode="bicubic"))
        .abs()
        .mean((1, 2, 3))
        for many, few in zip(large.split(256), small.split(256), strict=True)
    ]
    return torch.cat(found).argsort(descending=True)[: max(1, round(share * len(large)))]


def _afar(pictures: Tensor) -> Tensor:
    return F.adaptive_avg_pool2d(pictures, 32)


def _grid(generator: DCGANGenerator, net: nn.Module, latents: Tensor) -> Iterator[Tensor]:
    with torch.no_grad():
        small = generator(latents)
        large = net(small)
    for few, many in zip(small.split(4), large.split(4), strict=True):
        yield from F.interpolate(few, scale_factor=2.0, mode="bicubic").float().cpu()
        yield from many.float().cpu()


def train(config: Config) -> None:
    """Trains until the last step or until it is stopped."""
    accelerator = begin(config.run)
    device = accelerator.device
    torch.manual_seed(config.seed)
    if config.start is None:
        raise StudioError("details are those of a generator", "give its weights with --start")
    known = known_faces(config.start)
    generator = known.generator.requires_grad_(False).to(device)
    generator = generator.to(memory_format=torch.channels_last)
    side = 2 * generator.side
    large, small = (
        find_subject(config.subject, config.data, each) for each in (side, generator.side)
    )
    sharp = _sharpest(large.real, small.real, config.sharpest)
    large, small = (replace(each, real=each.real[sharp]) for each in (large, small))
    channels = large.real.shape[1]
    net: nn.Module = known.details or DetailNet(config.width, channels)
    net = net.requires_grad_().to(device).to(memory_format=torch.channels_last)
    average = moving_average(net, config.average)
    adam = torch.optim.Adam(net.parameters(), config.rate, betas=(config.momentum, 0.99))
    net, optimizer = accelerator.prepare(net, adam)
    judges = Judges(accelerator, large.real, config)
    accelerator.register_for_checkpointing(average)
    run = Run(config.run, config, accelerator)
    run.resume()

    latent = generator.first.in_features
    batches = ahead(Batches(large, small, config, latent), run.step)
    shown = torch.randn(SHOWN, latent, generator=torch.Generator().manual_seed(0)).to(device)
    run.start_clocks(config.checkpoint_minutes, config.sample_minutes)
    while run.step < config.steps:
        real, known_small, latents = (each.to(device) for each in next(batches))
        set_rate(
            optimizer, config.rate * run.share_of_rate(config.warm_up, config.steps, config.steps)
        )
        with torch.no_grad():
            given = torch.cat([known_small, generator(latents)])
        given = given.contiguous(memory_format=torch.channels_last)
        with torch.autocast(device.type, torch.bfloat16, enabled=config.bf16):
            made = net(given)
        loss, terms = judges.judge(real, given, made.float(), run.step)
        optimizer.zero_grad()
        accelerator.backward(loss)
        optimizer.step()
        average.update_parameters(accelerator.unwrap_model(net))
        run.step += 1

        run.note(TERMS, terms, config.log_steps)
        if run.checkpoint_is_due():
            run.checkpoint()
        if run.samples_are_due() or run.step == config.steps:
            run.grid(_grid(generator, average.module, shown), columns=8)
    run.checkpoint()


@script
def main() -> None:
    """Reads the command line."""
    args = parse_pictures(make_parser(__doc__, data_required=False))
    for config in read_configs(Config, args, "portraits-128" if args.own is None else ""):
        train(config)


if __name__ == "__main__":
    main()
