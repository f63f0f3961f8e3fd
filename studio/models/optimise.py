"""Style, the finest: the picture itself is optimised towards any painting, for some minutes."""

import copy
from typing import cast

import torch
from msgspec import Struct
from torch import Tensor, nn

from studio.core.controls import Control, Mask, Painting, Settings, Slider, Switch
from studio.core.picture import Picture
from studio.core.progress import Progress
from studio.core.values.paintings import open_painting
from studio.models._spec import Hyperparameters, ModelSpec, Takes, Width
from studio.models.style import finish
from studio.nets.optimise import Optimisation
from studio.nets.transport import palette_of, to_standard
from studio.nets.vgg19 import VGG19

_CONTENT = 0.7  # share of the photo's content in the loss, beside the painting's style


class Hyper(Struct, forbid_unknown_fields=True):
    """As in `VGG19`."""

    width: Width


def build(hyper: Hyperparameters) -> nn.Module:
    """The net whose features are looked at."""
    return VGG19(averages=True, width=hyper["width"])


def controls(hyper: Hyperparameters) -> tuple[Control, ...]:
    """What a person may set."""
    del hyper
    return (
        Painting("painting", "Painting", "The picture whose manner the photo takes on."),
        Slider(
            "content", "Photo",
            "How much of the photo stays: 0 leaves hardly more than the painting's strokes.",
            0.0, 0.98, _CONTENT,
        ),
        Slider(
            "stroke", "Stroke size", "How large the strokes are in the picture.",
            0.25, 2.0, 1.0, unit="×", step=0.05,
        ),
        Slider(
            "size", "Size", "Short side at which it is painted; the time grows with its square.",
            128, 2048, 512, unit="px", step=32,
        ),
        Slider(
            "until", "Stop after", "Share of the work after which it is kept as it is.",
            0.0, 1.0, 1.0,
        ),
        Slider(
            "strength", "Strength", "How much of the painting; 0 leaves the photo.",
            0.0, 1.0, 1.0, after_net=True,
        ),
        Switch(
            "keep-colours", "Keep colours", "Paint in the photo's own colours.", after_net=True
        ),
        Mask("mask", "Mask", "A grey picture: painted where it is white, photo where it is black."),
    )  # fmt: skip


def working_size(size: tuple[int, int], settings: Settings) -> tuple[int, int]:
    """The size that is asked for, at most the photo's own."""
    scale = min(1.0, cast("float", settings["size"]) / min(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def run(
    net: nn.Module,
    inputs: Tensor,
    settings: Settings,
    generator: torch.Generator,
    progress: Progress,
) -> Tensor:
    """Paints; see `ModelSpec.run`. Nothing is random here."""
    del generator
    with torch.inference_mode(mode=False):
        vgg = copy.deepcopy(net).float()  # what was made in inference mode takes no gradients
        photo = inputs.clone().float()
        painting = _to_tensor(open_painting(str(settings["painting"]))).to(photo)
        content = cast("float", settings["content"])
        optimisation = Optimisation(
            cast("VGG19", vgg), photo, painting, _with_colours_of(painting, photo),
            content / (1 - content), cast("float", settings["stroke"]),
        )  # fmt: skip
        for share in optimisation.steps(progress.check):
            progress.report(share, "painting")
            if share >= cast("float", settings["until"]) or progress.enough():
                break
            progress.show(optimisation.reached)
        reached, size = optimisation.reached, photo.shape[2:]
        if reached.shape[2:] != size:
            reached = nn.functional.interpolate(reached, size, mode="bicubic").clamp(0, 1)
        return reached.to(inputs)


def _to_tensor(picture: Picture) -> Tensor:
    return torch.from_numpy(picture.pixels.copy()).permute(2, 0, 1)[None]


def _with_colours_of(painting: Tensor, photo: Tensor) -> Tensor:
    """The photo (1, 3, H, W) in the painting's colours."""
    palette = palette_of(painting.float().cpu().numpy())
    matrices, mean = to_standard(photo.float().cpu().numpy(), palette)
    matrix = (palette.root @ matrices)[0]
    by, to = (
        torch.from_numpy(each).to(photo) for each in (matrix, palette.mean[0] - matrix @ mean[0])
    )
    moved = torch.einsum("ij,njhw->nihw", by, photo) + to[:, None, None]
    return moved.clamp(0, 1)


def skips_net(settings: Settings) -> bool:
    """At strength 0 the photo stays as it is."""
    return settings["strength"] == 0


SPEC = ModelSpec(
    id="style.optimise",
    title="Style",
    takes=Takes.PICTURE,
    minimum=32,
    multiple=1,
    hyperparameters=Hyper,
    controls=controls,
    build=build,
    working_size=working_size,
    run=run,
    finish=finish,
    skips_net=skips_net,
    gradual="until",
    tiny={"width": 2},
)
