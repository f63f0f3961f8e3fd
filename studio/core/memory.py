"""How much memory is left, asked before something large is made: who takes more is killed."""

import sys
from pathlib import Path

from studio.core.errors import StudioError
from studio.core.words.said import say

_GROUPS = Path("/sys/fs/cgroup")


def refuse_beyond_memory(needed: int, name: str) -> None:
    """Raises StudioError where what is needed clearly is not there.

    Args:
        needed: in bytes.
        name: of the picture that needs it.
    """
    left = available()
    if needed > left:
        raise StudioError(
            say(
                "{name} needs about {needed:.1f} GB of memory, and {left:.1f} GB are left",
                name=name,
                needed=needed / 1e9,
                left=left / 1e9,
            ),
            say("{way}, or make it smaller", way=way_to_more()),
        )


def way_to_more() -> str:
    """What a person can do where memory is short."""
    bounded = can_be_bounded() and _left_below_bound() <= available()
    return say("allow the studio more") if bounded else say("close other programs")


def can_be_bounded() -> bool:
    """Whether `take_at_most` can do anything here."""
    return sys.platform == "linux"


def take_at_most(most: int) -> None:
    """Has the system refuse this process more than so many bytes, from now on.

    What needs more then does with less, or says that memory does not suffice.

    Args:
        most: bytes; 0: as many as there are.
    """
    if can_be_bounded():
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        bounds = [each for each in (most, hard) if each not in {0, resource.RLIM_INFINITY}]
        resource.setrlimit(
            resource.RLIMIT_DATA, (min(bounds, default=resource.RLIM_INFINITY), hard)
        )


def give_back() -> None:
    """Has the allocator return to the system what is free, where it would keep it (glibc)."""
    if sys.platform == "linux":
        import ctypes

        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def total() -> int:
    """Bytes of the machine's memory."""
    import psutil

    return psutil.virtual_memory().total


def available() -> int:
    """Bytes that this process can still take: memory and swap, within the limits."""
    import psutil

    left = psutil.virtual_memory().available + psutil.swap_memory().free
    return min(left, _left_in_group(), _left_below_bound()) if sys.platform == "linux" else left


def _left_below_bound() -> int:
    """Bytes left of those that `take_at_most` allowed."""
    import resource

    import psutil

    bound, _ = resource.getrlimit(resource.RLIMIT_DATA)
    if bound == resource.RLIM_INFINITY:
        return sys.maxsize
    return max(0, bound - psutil.Process().memory_info().data)


def _left_in_group() -> int:
    """Bytes left in this process's control group and those above it, such as a container's."""
    least = sys.maxsize
    try:
        lines = Path("/proc/self/cgroup").read_text("ascii").splitlines()
    except (OSError, ValueError):
        return least
    for line in lines:
        _, kinds, path = line.split(":", 2)
        if kinds == "":  # version 2
            root, limit, taken, cached = _GROUPS, "memory.max", "memory.current", "inactive_file"
        elif "memory" in kinds.split(","):
            root, limit = _GROUPS / "memory", "memory.limit_in_bytes"
            taken, cached = "memory.usage_in_bytes", "total_inactive_file"
        else:
            continue
        own = root / path.strip("/")
        for group in (own, *own.parents):
            if group.is_relative_to(root):
                least = min(least, _left_in(group, limit, taken, cached))
    return least


def _left_in(group: Path, limit: str, taken: str, cached: str) -> int:
    try:
        most = int((group / limit).read_text("ascii"))
        stat = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        # Files that were read lately count as taken, and are given up when it is needed.
        return most - int((group / taken).read_text("ascii")) + int(stat.get(cached, 0))
    except (OSError, ValueError):  # "max", or no such file: no limit here
        return sys.maxsize
