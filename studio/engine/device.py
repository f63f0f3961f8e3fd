"""Which device the nets run on, and in which precision."""

import torch

from studio.core.errors import StudioError
from studio.core.words.said import say

# PyTorch has no exception for the machine's own memory; its allocator and its oneDNN say this.
_NO_MEMORY_WORDS = ("DefaultCPUAllocator: ", "could not create a primitive")


def find_device(wanted: str) -> torch.device:
    """The device of a request.

    Args:
        wanted: ``auto``, or a name such as ``cpu``, ``cuda``, ``cuda:1``, ``mps``, ``xpu``.

    Raises:
        StudioError: the name is unknown, or this machine has no such device.
    """
    if wanted == "auto":
        found = torch.accelerator.current_accelerator(check_available=True)
        return torch.device("cpu") if found is None else found
    try:
        device = torch.device(wanted)
    except RuntimeError:
        raise StudioError(
            say("{name} is no device", name=repr(wanted)),
            "give auto, cpu, cuda, cuda:1, mps or xpu",
        ) from None
    if device.type == "cpu":
        return device
    found = torch.accelerator.current_accelerator(check_available=True)
    if found is None or found.type != device.type:
        raise StudioError(
            say("this machine has no {kind} device", kind=device.type), "give --device cpu"
        )
    if (device.index or 0) >= torch.accelerator.device_count():
        raise StudioError(
            say("this machine has no device {name}", name=wanted),
            f"give --device {device.type}",
        )
    return device


def lacks_memory(error: Exception) -> bool:
    """Whether a device, or the machine itself, had too little memory for a step."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    said = str(error)
    return isinstance(error, RuntimeError) and any(words in said for words in _NO_MEMORY_WORDS)


def precision(device: torch.device, *, full: bool = False) -> torch.dtype:
    """Half on a GPU, where it is twice as fast; full on a processor, where it is slower.

    Args:
        device: that computes.
        full: on every device.
    """
    return torch.float32 if full or device.type == "cpu" else torch.float16


def drafting(device: torch.device, *, enabled: bool) -> torch.autocast:
    """For what is only looked at: bfloat16, where a processor computes in it, at twice the speed.

    Its error is less than the eye sees; files are made in full precision.
    """
    fast = device.type == "cpu" and torch.cpu.get_capabilities().get("avx512_bf16", False)
    return torch.autocast(device.type, torch.bfloat16, enabled=enabled and fast)
