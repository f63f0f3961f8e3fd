"""What can be known of a machine without torch."""

import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_NVIDIA = {"win32": ("C:/Windows/System32/nvcuda.dll",), "linux": ("/dev/nvidiactl", "/dev/dxg")}


def may_have_an_accelerator() -> bool:
    """Whether torch has to be asked which device is the best: there may be another than the CPU."""
    if sys.platform == "darwin":
        return platform.machine() == "arm64"
    try:
        build = version("torch").partition("+")[2]
    except PackageNotFoundError:
        return True
    if build == "cpu":
        return False
    known = _NVIDIA.get(sys.platform, ())
    return build.startswith(("rocm", "xpu")) or any(Path(name).exists() for name in known)
