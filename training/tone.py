"""Writes `enhance/tone`: there is nothing to learn, and weights all the same.

python training/tone.py --weights weights
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from studio.core.catalogue import own_weights
from studio.core.controls import complete
from studio.core.progress import Progress
from studio.models import tone
from studio.models._weights import save_weights
from training.lib.export import sample
from training.lib.script import script

_SIDE = 256  # px, of each half of the preview
_WHITE = np.array([0.86, 0.74, 0.55], np.float32)  # of a faded print, RGB
_BLACK = np.array([0.3, 0.24, 0.18], np.float32)


@script
def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--weights", type=Path, default=own_weights(), help="folder to write into (%(default)s)"
    )
    folder: Path = parser.parse_args().weights / tone.SPEC.tool
    net = tone.Tone({})
    faded, told = _picture(net, folder / "tone.webp")
    written = save_weights(
        folder / "tone.safetensors", net, tone.SPEC, title="Colours and contrast",
        licence="grade A: nothing was learned", hyperparameters={},
        training={
            "data": {}, "steps": 0, "hours": 0.0, "hardware": "", "command": "training/tone.py",
            "commit": "",
        },
        metrics={"contrast of the preview before": faded, "after": told},
    )  # fmt: skip
    print(f"{written.id}: {written.path}, {written.size} bytes")


def _picture(net: tone.Tone, path: Path) -> tuple[float, float]:
    """A preview: a photo faded, and with its tones back; and the spread of luma in each."""
    box = (80, 20, 80 + _SIDE, 20 + _SIDE)
    photo = np.asarray(sample("chelsea.png").crop(box), np.float32) / 255
    faded = _BLACK + (_WHITE - _BLACK) * photo
    given = torch.from_numpy(faded).permute(2, 0, 1)[None]
    settings = complete(tone.SPEC.controls({}), {})
    done = tone.run(net, given, settings, torch.Generator(), Progress())
    both = torch.cat([given, done], 3)[0].permute(1, 2, 0).numpy()
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.rint(both.clip(0, 1) * 255).astype(np.uint8)).save(path, quality=90)
    before, after = (float(each.mean(1).std()) for each in (given, done))
    return round(before, 3), round(after, 3)


if __name__ == "__main__":
    main()
