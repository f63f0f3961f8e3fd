"""Faces: people who never were, each made of a hundred numbers."""

from collections.abc import Sequence
from typing import Annotated, Literal, cast

import torch
from msgspec import Meta, Struct
from torch import Tensor, nn
from torch.nn import functional as F

from studio.core.controls import Control, Settings, Slider, Switch
from studio.core.progress import Progress
from studio.models._spec import Hyperparameters, ModelSpec, Takes, Width
from studio.nets.dcgan import DCGANGenerator
from studio.nets.details import DetailNet

_SMALLEST = 8  # px, side of a generator's pictures
_OWN = ("truncation", "details")  # controls that are no directions
_BATCH = 8  # pictures at once: more fit no cache


class Hyper(Struct, forbid_unknown_fields=True):
    """As in `DCGANGenerator`; names of directions, for people; and the width of a `DetailNet`.

    That doubles the generator's side to `side`; where its width is 0, there is none.
    """

    side: Literal[8, 16, 32, 64, 128, 256, 512, 1024]
    width: Width
    channels: Literal[1, 3]
    latent: Annotated[int, Meta(ge=1, le=4096)]
    directions: tuple[Annotated[str, Meta(min_length=1, max_length=100)], ...]
    widest: Annotated[int, Meta(ge=1, le=1024)] = 8
    details: Annotated[int, Meta(ge=0, le=512)] = 0

    def __post_init__(self) -> None:
        """Raises ValueError where directions are too many or alike, or the side is too small."""
        if self.details and self.side == _SMALLEST:
            raise ValueError("details double a side that is twice as large at least")
        words = {_word(name) for name in self.directions} - {"", *_OWN}
        if not len(words) == len(self.directions) <= self.latent:
            raise ValueError("directions need words of their own, and at most one a number")


class Faces(nn.Module):
    """The generator, and the directions in its latents that have sliders; see `Hyper`."""

    directions: Tensor

    def __init__(self, hyper: Hyperparameters) -> None:
        super().__init__()
        size, width = hyper["latent"], hyper.get("details", 0)
        self.generator = DCGANGenerator(
            hyper["side"] // (2 if width else 1), hyper["width"], hyper["channels"], size,
            hyper.get("widest", 8),
        )  # fmt: skip
        self.details = DetailNet(width, hyper["channels"]) if width else None
        self.register_buffer("directions", torch.eye(len(hyper["directions"]), size))

    def forward(self, latents: Tensor, *, detailed: bool = True) -> Tensor:
        """Latents (N, Z) to pictures (N, C, S, S) in [0, 1]; with details, where there are any."""
        pictures = self.generator(latents)
        if self.details is None:
            return pictures
        if not detailed:
            return F.interpolate(pictures, scale_factor=2.0, mode="bilinear")
        return self.details(pictures).clamp(0, 1)


def controls(hyper: Hyperparameters) -> tuple[Control, ...]:
    """The controls.

    Variety stands at 1, for which the net was trained and its figures are measured.
    """
    details = Switch(
        "details", "Details",
        "Draws what small pictures lack. Without it they are only enlarged, four times as fast.",
        default=True,
    )  # fmt: skip
    return (
        Slider(
            "truncation", "Variety",  # the word is the field's, the label for people
            "Below 1 they are more alike and more often right; above 1 stranger.",
            0.0, 1.5, 1.0,
        ),
        *(
            Slider(
                _word(name), name, "Moves all along one of the generator's own directions.",
                -3.0, 3.0, 0.0, step=0.05,
            )
            for name in hyper["directions"]
        ),
        *((details,) if hyper.get("details") else ()),
    )  # fmt: skip


def moved(latents: Tensor, directions: Tensor, settings: Settings, names: Sequence[str]) -> Tensor:
    """Latents (N, Z) after the sliders.

    Truncation shortens them, for they are normal around 0 (Brock et al. 2019, section 3.1, draw
    from a narrower distribution instead, which would give every setting other faces). A
    direction's unit is the standard deviation of latents along it.

    Args:
        latents: (N, Z).
        directions: (K, Z), orthonormal.
        settings: of all controls.
        names: of the directions' controls.
    """
    steps = torch.tensor([float(settings[name]) for name in names]).to(latents)
    return latents * float(settings["truncation"]) + steps @ directions


def run(
    net: nn.Module,
    inputs: Tensor,
    settings: Settings,
    generator: torch.Generator,
    progress: Progress,
) -> Tensor:
    """Makes faces of latents (N, Z): (N, 3, S, S). See `ModelSpec.run`."""
    del generator
    faces = cast("Faces", net)
    names = [name for name in settings if name not in _OWN]
    latents = moved(inputs, faces.directions, settings, names)
    made: list[Tensor] = []
    for first in range(0, len(latents), _BATCH):
        progress.report(first / len(latents), "generating")
        some = latents[first : first + _BATCH]
        made.append(faces(some, detailed=bool(settings.get("details", True))))
    return torch.cat(made).expand(-1, 3, -1, -1)


def _word(name: str) -> str:
    return "-".join(name.lower().split())


SPEC = ModelSpec(
    id="faces",
    title="Faces",
    takes=Takes.NOTHING,
    minimum=1,
    multiple=1,
    hyperparameters=Hyper,
    controls=controls,
    build=Faces,
    working_size=lambda size, _settings: size,
    run=run,
    finish=lambda _photo, result, _mask, _settings: result,
    skips_net=lambda _settings: False,
    tiny={
        "side": 16,
        "width": 4,
        "channels": 3,
        "latent": 20,
        "directions": ["Age", "Hair length"],
    },
    latent=lambda hyper: hyper["latent"],
)
