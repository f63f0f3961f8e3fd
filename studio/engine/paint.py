"""Runs a net on pixels: at the working size, padded, whole or in strips, as memory allows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from studio.core.controls import Settings
from studio.core.errors import StudioError
from studio.core.progress import Progress
from studio.engine.strips import run_in_strips
from studio.models._spec import ModelSpec

# Pixels up to which a picture is run whole: above it the planes no longer fit the caches.
_WHOLE = {"cpu": 700_000, "cuda": 6_000_000}
_STRIP_PIXELS = 200_000  # a strip's size: small enough to stay in cache, large enough to be fast


@dataclass(frozen=True)
class Attempt:
    """One way to run: on which device, in strips of how many rows (None: whole)."""

    device: torch.device
    rows: int | None


def attempts(device: torch.device, tile: str, size: tuple[int, int]) -> list[Attempt]:
    """What to try, in this order, each time that memory does not suffice.

    Args:
        device: the first choice.
        tile: ``auto``, ``off``, or the height of a strip in px.
        size: (height, width) at which the net runs.

    Raises:
        StudioError: `tile` is none of these.
    """
    height, width = size
    fitting = max(16, _STRIP_PIXELS // width // 4 * 4)
    if tile == "auto":
        rows = None if height * width <= _WHOLE.get(device.type, _WHOLE["cpu"]) else fitting
    elif tile == "off":
        rows = None
    elif tile.isdecimal() and int(tile) >= 16:
        rows = int(tile) // 4 * 4
    else:
        raise StudioError(f"tile cannot be {tile!r}", "give auto, off, or 16 and more rows of px")
    ladder = [Attempt(device, rows)]
    if rows is None or rows > fitting:
        ladder.append(Attempt(device, fitting))
    ladder.append(Attempt(device, 16))
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
        photo: (1, 3, H, W) float32 in [0, 1] on the CPU; any strides.
        size: (height, width) at which the net runs, at most the photo's.
        settings: complete.
        seed: of the generator.
        ladder: from `attempts`; the next one is taken when memory ends.
        progress: told and asked at every strip.
        notice: receives what the person should know.

    Returns:
        (1, 3, H, W) float32 in [0, 1] on the CPU, and the device that it ran on at last.

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
            result = _run(spec, net, inputs, settings, generator, attempt, progress)
            _check(result, inputs)
        except (torch.OutOfMemoryError, MemoryError):
            reason = "memory does not suffice"
        except UnusableResultError:
            # On a GPU half precision may have overflowed; a processor that computes in full
            # precision would only do the same once more.
            if ladder[-1].device.type == attempt.device.type:
                break
            ladder = [*ladder[: index + 1], *[a for a in ladder if a.device.type == "cpu"]]
            reason = "half precision overflowed"
        else:
            if size != tuple(photo.shape[2:]):
                result = F.interpolate(result, photo.shape[2:], mode="bicubic").clamp_(0, 1)
            return result, attempt.device
        if index + 1 == len(ladder):
            raise StudioError("memory does not suffice", "close other programs or reduce the photo")
        notice(f"{reason}; going on with {_describe(ladder[index + 1])}")
    raise StudioError(
        "the net's result is no picture (it is black or not a number), nothing was saved",
        "the weights may be damaged; get them anew",
    )


def _describe(attempt: Attempt) -> str:
    where = "the processor" if attempt.device.type == "cpu" else str(attempt.device)
    return f"strips of {attempt.rows} rows on {where}"


def _run(
    spec: ModelSpec,
    net: nn.Module,
    inputs: Tensor,
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
        padded = F.pad(inputs, extra, mode="replicate").to(like)
        result = spec.run(net, padded, settings, generator, progress)
        return result[:, :, :height, :width].float().cpu()
    result = torch.empty(1, 3, height, width)
    strips: Iterator[tuple[int, Tensor]] = run_in_strips(
        spec.steps(net, settings), inputs, (padded_height, padded_width), attempt.rows, like,
        progress,
    )  # fmt: skip
    for start, strip in strips:
        rows = min(strip.shape[2], height - start)
        if rows > 0:
            result[:, :, start : start + rows] = strip[:, :, :rows, :width]
    return result


def _check(result: Tensor, inputs: Tensor) -> None:
    """Raises UnusableResultError for NaN, infinity, or black made of a photo that was not."""
    low, high = result.aminmax()
    finite = bool(torch.isfinite(low) & torch.isfinite(high))
    if not finite or (high < 1 / 255 and inputs.amax() > 8 / 255):
        raise UnusableResultError
