"""Runs a net on pixels: at the working size, padded, whole or in strips, as memory allows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.core.controls import Settings
from studio.core.errors import NO_MEMORY, StudioError
from studio.core.progress import Progress
from studio.core.words.said import say
from studio.engine.device import lacks_memory
from studio.engine.pixels.strips import run_in_strips
from studio.engine.pixels.tiles import run_in_tiles
from studio.models._spec import ModelSpec

# Pixels up to which a picture is run whole: above it the planes no longer fit the caches.
_WHOLE = {"cpu": 700_000, "cuda": 6_000_000}
# A strip's size: small enough to stay in cache, large enough to be fast.
_STRIP_PIXELS = {"cpu": 100_000, "cuda": 200_000}
# Sides of tiles in px: what a tile computes around itself is lost, so it should not be small.
_TILE, _SMALL_TILE = 896, 256
_TOGETHER = {"cuda": 4}  # tiles at a time, but for those that are small since memory is short


@dataclass(frozen=True)
class Attempt:
    """One way to run: on which device, in strips or tiles of how many rows (None: whole)."""

    device: torch.device
    rows: int | None


def attempts(
    spec: ModelSpec, device: torch.device, tile: str, size: tuple[int, int]
) -> list[Attempt]:
    """What to try, in this order, each time that memory does not suffice.

    Args:
        spec: the model; it says whether strips or tiles.
        device: the first choice.
        tile: ``auto``, ``off``, or the height of a strip or tile in px.
        size: (height, width) at which the net runs.

    Raises:
        StudioError: `tile` is none of these.
    """
    # Neither strips nor tiles: a small net, or one that acts where something was found.
    if spec.finder is not None or (spec.steps is None and not spec.halo):
        places = dict.fromkeys((device, torch.device("cpu")))
        return [Attempt(place, None) for place in places]
    height, width = size
    smallest = _SMALL_TILE if spec.halo else 16
    strip = _STRIP_PIXELS.get(device.type, _STRIP_PIXELS["cpu"])
    fitting = _TILE if spec.halo else max(16, strip // width // 4 * 4)
    if tile == "auto":
        whole = _WHOLE.get(device.type, _WHOLE["cpu"])
        if spec.halo:
            whole = max(whole, (_TILE + 2 * spec.halo) ** 2)
        rows = None if height * width <= whole else fitting
    elif tile == "off":
        rows = None
    elif tile.isdecimal() and int(tile) >= 16:
        rows = max(1, int(tile) // spec.multiple) * spec.multiple
    else:
        raise StudioError(
            say("tile cannot be {value}", value=repr(tile)),
            "give auto, off, or 16 and more rows of px",
        )
    ladder = [Attempt(device, rows)]
    if rows is None or rows > fitting:
        ladder.append(Attempt(device, fitting))
    ladder.append(Attempt(device, smallest))
    if device.type != "cpu":
        ladder.append(Attempt(torch.device("cpu"), fitting))
    return ladder


class UnusableResultError(Exception):
    """The net made numbers that are no picture."""


def paint(
    spec: ModelSpec,
    get_net: Callable[[torch.device], nn.Module],
    photo: Tensor,
    size: tuple[int, int],
    scale: int,
    settings: Settings,
    seed: int,
    ladder: list[Attempt],
    progress: Progress,
    notice: Callable[[str], None],
) -> tuple[Tensor, torch.device]:
    """The net's result for a photo.

    Args:
        spec: the model.
        get_net: the loaded net on a device.
        photo: (1, 3, H, W) float32 in [0, 1] on the CPU; any strides; with a fourth plane where
            the model has a `Finder`.
        size: (height, width) at which the net runs.
        scale: how many times as large the net's result is.
        settings: complete.
        seed: of the generator.
        ladder: from `attempts`; the next one is taken when memory ends.
        progress: told and asked at every strip.
        notice: receives what the person should know.

    Returns:
        (1, C, H, W) float32 in [0, 1] on the CPU, `scale` times as large as the photo where the
        net enlarges, and the device that it ran on at last.

    Raises:
        StudioError: memory does not suffice for any attempt, or the result is no picture.
    """
    inputs = photo
    if size != tuple(photo.shape[2:]):
        inputs = F.interpolate(photo, size, mode="bicubic", antialias=True).clamp_(0, 1)
    for index, attempt in enumerate(ladder):
        generator = torch.Generator().manual_seed(seed)
        try:
            net = get_net(attempt.device)
            result = _run(spec, net, inputs, scale, settings, generator, attempt, progress)
            _check(result, inputs)
        except UnusableResultError:
            # On a GPU half precision may have overflowed; a processor that computes in full
            # precision would only do the same once more.
            if ladder[-1].device.type == attempt.device.type:
                break
            ladder = [*ladder[: index + 1], *[a for a in ladder if a.device.type == "cpu"]]
            reason = say("half precision overflowed")
        except (RuntimeError, MemoryError) as error:
            if not lacks_memory(error):
                raise
            reason = say("memory does not suffice")
        else:
            if size != tuple(photo.shape[2:]):
                result = F.interpolate(result, photo.shape[2:], mode="bicubic").clamp_(0, 1)
            return result, attempt.device
        if index + 1 == len(ladder):
            raise StudioError(*NO_MEMORY)
        notice(
            say(
                "{reason}; going on with {what}",
                reason=reason,
                what=_describe(ladder[index + 1], spec),
            )
        )
    raise StudioError(
        "the net's result is no picture (it is black or not a number), nothing was saved",
        "the weights may be damaged; get them anew",
    )


def _describe(attempt: Attempt, spec: ModelSpec) -> str:
    where = say("the processor") if attempt.device.type == "cpu" else str(attempt.device)
    if attempt.rows is None:
        return where
    if spec.halo:
        return say("tiles of {rows} rows on {where}", rows=attempt.rows, where=where)
    return say("strips of {rows} rows on {where}", rows=attempt.rows, where=where)


def _run(
    spec: ModelSpec,
    net: nn.Module,
    inputs: Tensor,
    scale: int,
    settings: Settings,
    generator: torch.Generator,
    attempt: Attempt,
    progress: Progress,
) -> Tensor:
    height, width = inputs.shape[2:]
    padded_height, padded_width = (
        max(spec.minimum, -(-side // spec.multiple) * spec.multiple) for side in (height, width)
    )
    like = next(net.parameters())
    if attempt.rows is None:
        extra = (0, padded_width - width, 0, padded_height - height)
        padded = F.pad(inputs, extra, mode="replicate") if any(extra) else inputs
        padded = padded.to(like)
        result = spec.run(net, padded, settings, generator, progress)
        return result[:, :, : height * scale, : width * scale].float().cpu()
    size = (padded_height, padded_width)
    if spec.steps is not None:
        layers = spec.steps(net, settings, inputs)
        strips = run_in_strips(layers, inputs, size, attempt.rows, like, progress)
        return _assemble(((top, 0, strip) for top, strip in strips), inputs, 1)

    def run(tile: Tensor) -> Tensor:
        return spec.run(net, tile, settings, generator, progress)

    together = _TOGETHER.get(attempt.device.type, 1) if attempt.rows > _SMALL_TILE else 1
    tiles = run_in_tiles(run, inputs, size, attempt.rows, spec.halo, like, progress, together)
    return _assemble(tiles, inputs, scale)


def _assemble(parts: Iterator[tuple[int, int, Tensor]], inputs: Tensor, scale: int) -> Tensor:
    """Puts parts (top and left in px of the input, pixels) together, without what was padded."""
    height, width = (side * scale for side in inputs.shape[2:])
    result = torch.empty(0)
    for top, left, part in parts:
        if not len(result):
            result = torch.empty(1, part.shape[1], height, width)
        y, x = top * scale, left * scale
        rows, columns = min(part.shape[2], height - y), min(part.shape[3], width - x)
        if rows > 0 and columns > 0:
            result[:, :, y : y + rows, x : x + columns] = part[:, :, :rows, :columns]
    return result


def _check(result: Tensor, inputs: Tensor) -> None:
    """Raises UnusableResultError for NaN, infinity, or black made of a photo that was not."""
    low, high = result.aminmax()
    finite = bool(torch.isfinite(low) & torch.isfinite(high))
    if not finite or (high < 1 / 255 and inputs[:, :3].amax() > 8 / 255):
        raise UnusableResultError
