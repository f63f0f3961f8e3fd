"""What every export script shares: the average of a run, and what a weights file says of it."""

import json
import subprocess
from pathlib import Path
from typing import Any

import skimage.data
import torch
from PIL import Image
from torch import Tensor


def averaged_state(run: Path) -> dict[str, Tensor]:
    """The moving average's tensors in a run's last checkpoint."""
    state = torch.load(run / "state" / "custom_checkpoint_0.pkl", weights_only=True)
    return {k.removeprefix("net."): v for k, v in state.items() if k != "updates"}


def training_record(run: Path, data: dict[str, str], command: str) -> dict[str, Any]:
    """What a weights file says of its training.

    Args:
        run: the run's folder.
        data: licence grade of each set.
        command: that trained it.
    """
    progress = json.loads((run / "state" / "progress.json").read_text(encoding="utf-8"))
    commit = subprocess.run(
        ["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    ).stdout.strip()
    return {
        "data": data,
        "steps": progress["step"],
        "hours": round(progress["hours"], 2),
        "hardware": progress["hardware"],
        "command": command,
        "commit": commit,
    }


def sample(name: str) -> Image.Image:
    """A photo that scikit-image ships."""
    return Image.open(Path(skimage.data.__file__).with_name(name)).convert("RGB")
