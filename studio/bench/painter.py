"""A model as a plain function of a picture, for measuring it."""

from collections.abc import Callable

import torch
from torch import Tensor

from studio.core.catalogue import Weights
from studio.core.controls import AUTO, Settings, complete
from studio.core.progress import Progress
from studio.engine.device import find_device
from studio.engine.pixels.finding import find, marked
from studio.engine.pixels.nets import LoadedNets
from studio.engine.pixels.paint import attempts, paint
from studio.models._spec import ModelSpec, find_spec

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
        settings = complete(weights.controls, given)
        with torch.inference_mode():
            if AUTO in settings.values():
                found = spec.measure(nets.get(weights, spec, place), photo)
                settings |= {name: found[name] for name, v in settings.items() if v == AUTO}
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
    settings = complete(weights.controls, {})

    def finder(photo: Tensor) -> Tensor:
        def paint_at(looking: ModelSpec, size: tuple[int, int], asked: Progress) -> Tensor:
            return paint(
                looking, lambda at: nets.get(weights, spec, at), photo, size, 1, settings, 0,
                attempts(looking, place, "auto", size), asked, lambda _: None,
            )[0]  # fmt: skip

        def look() -> Tensor:
            asking = Progress(cancelled=lambda: progress.check() or False)
            return find(spec, photo, (photo.shape[2], photo.shape[3]), paint_at, asking)

        with torch.inference_mode():
            return marked(spec, photo, look, None, settings)[:, 3:]

    return finder
