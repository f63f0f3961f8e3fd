"""What can be known of a machine without torch."""

import platform
import re
import sys
from importlib.util import find_spec
from pathlib import Path

_NVIDIA = {"win32": ("C:/Windows/System32/nvcuda.dll",), "linux": ("/dev/nvidiactl", "/dev/dxg")}


def accelerators() -> tuple[str, ...]:
    """What there may be besides the CPU, by the names of requests, such as ``cuda:1``."""
    if not may_have_an_accelerator():
        return ()
    if sys.platform == "darwin":
        return ("mps",)
    cards = [path for path in Path("/dev").glob("nvidia*") if path.name[6:].isdecimal()]
    if len(cards) > 1:
        return tuple(f"cuda:{number}" for number in range(len(cards)))
    return ("xpu",) if (_build() or "").startswith("xpu") else ("cuda",)


def may_have_an_accelerator() -> bool:
    """Whether torch has to be asked which device is the best: there may be another than the CPU."""
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    build = _build()
    if build is None:
        return True
    if build == "cpu":
        return False
    known = _NVIDIA.get(sys.platform, ())
    return build.startswith(("rocm", "xpu")) or any(Path(name).exists() for name in known)


def _build() -> str | None:
    """What torch is built for; empty: not said; None: it does not say what it is."""
    package = find_spec("torch")  # which loads nothing of it
    if package is None or package.origin is None:
        return None
    try:
        said = Path(package.origin).with_name("version.py").read_text("utf-8")
    except OSError:
        return None
    found = re.search(r"^__version__ = ['\"][^+'\"]*\+?([^'\"]*)", said, re.MULTILINE)
    return None if found is None else found[1]
