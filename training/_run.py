"""What every training script shares: the run folder, the moving average, resuming, sample grids."""

import argparse
import copy
import json
import os
import platform
import shutil
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import torch
from accelerate import Accelerator
from accelerate.utils import broadcast
from PIL import Image
from torch import Tensor, nn
from torch.utils.tensorboard import SummaryWriter
from torchvision.utils import make_grid

from studio.core.catalogue import read_weights

T = TypeVar("T")


class MovingAverage(nn.Module):
    """Exponential moving average of a network's weights; what ships is the average.

    The decay warms up as ``(1 + n) / (10 + n)``, so that the first steps are soon forgotten.
    """

    def __init__(self, net: nn.Module, decay: float) -> None:
        super().__init__()
        self.net = copy.deepcopy(net).requires_grad_(False).eval()
        self.decay = decay
        self.register_buffer("updates", torch.zeros((), dtype=torch.long))

    @torch.no_grad()
    def update(self, net: nn.Module) -> None:
        """Moves the average towards `net`."""
        self.updates += 1
        count = float(self.updates)
        weight = 1 - min(self.decay, (1 + count) / (10 + count))
        for average, value in zip(self.net.parameters(), net.parameters(), strict=True):
            average.lerp_(value, weight)


def ahead(make: Callable[[int], T], step: int) -> Iterator[T]:
    """Batches from a step on, the next one made while the last one is trained on."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(make, step)
        while True:
            batch = coming.result()
            step += 1
            coming = pool.submit(make, step)
            yield batch


def make_parser(doc: str | None, *, data_required: bool = True) -> argparse.ArgumentParser:
    """The arguments that every training script takes.

    Args:
        doc: the script's docstring; its first line is the description.
        data_required: whether the data must be named.
    """
    parser = argparse.ArgumentParser(description=(doc or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=data_required, help="the folder of all data")
    parser.add_argument("--folder", type=Path, required=True, help="of the run")
    parser.add_argument("--start", type=Path, help="weights that a new run begins from")
    parser.add_argument(
        "--set", type=_setting, action="append", default=[], metavar="NAME=JSON",
        help="a field of the script's Config",
    )  # fmt: skip
    return parser


@contextmanager
def frozen(parameters: Iterable[nn.Parameter]) -> Generator[None]:
    """What is computed inside gathers no gradient of these parameters, which else take one."""
    kept = list(parameters)
    for parameter in kept:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in kept:
            parameter.requires_grad_(True)


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Sets the learning rate of all groups."""
    for group in optimizer.param_groups:
        group["lr"] = rate


def _hardware(accelerator: Accelerator) -> str:
    """What a run computes with, for people."""
    processes = accelerator.num_processes
    if accelerator.device.type == "cuda":
        return f"{processes} x {torch.cuda.get_device_name()}"
    kind = platform.processor() or platform.machine()
    return f"{kind}, {processes * torch.get_num_threads()} of {os.cpu_count()} cores"


def _setting(text: str) -> tuple[str, Any]:
    name, _, value = text.partition("=")
    return name, json.loads(value)


class Run:
    """A run folder: ``config.json``, TensorBoard events, sample grids, one checkpoint.

    Saving a checkpoint also records the steps and hours so far; a killed run loses what came
    after the last checkpoint and nothing else.
    """

    def __init__(self, folder: Path, config: Any, accelerator: Accelerator) -> None:
        self.folder = folder
        self.accelerator = accelerator
        self.step = 0
        self._begun = 0
        self.hours = 0.0
        self._since = time.monotonic()
        self._clocks: dict[str, tuple[float, float]] = {}
        self.writer: SummaryWriter | None = None
        if accelerator.is_main_process:
            (folder / "samples").mkdir(parents=True, exist_ok=True)
            text = json.dumps(asdict(config), indent=2, default=str)
            (folder / "config.json").write_text(text + "\n", encoding="utf-8")
            self.writer = SummaryWriter(str(folder / "events"))

    @property
    def _state(self) -> Path:
        return self.folder / "state"

    def resume(self, start: Path | None = None) -> None:
        """Loads the newest checkpoint.

        Args:
            start: weights that the net was loaded from; where there is no checkpoint, steps and
                hours are counted on from theirs.
        """
        if (self._state / "progress.json").exists():
            self.accelerator.load_state(str(self._state))
            progress = json.loads((self._state / "progress.json").read_text(encoding="utf-8"))
            self.step, self.hours = progress["step"], progress["hours"]
            self.accelerator.print(f"resumed at step {self.step} after {self.hours:.2f} hours")
        elif start is not None:
            trained = read_weights(start).training
            self.step, self.hours = trained["steps"], trained["hours"]
        self._begun = self.step

    def share_of_rate(self, warm_up: int, decay_from: int, steps: int) -> float:
        """Share of the learning rate at this step.

        Args:
            warm_up: steps after a start in which it rises to 1.
            decay_from: the step from which on it falls.
            steps: the step at which it is 0.
        """
        up = (self.step - self._begun + 1) / warm_up
        down = (steps - self.step) / max(1, steps - decay_from)
        return min(1.0, up, down)

    def start_clocks(self, checkpoint_minutes: float, sample_minutes: float) -> None:
        """Sets how often checkpoints and samples are due; the first samples are due at once."""
        now = time.monotonic()
        self._clocks = {
            "checkpoint": (now, 60 * checkpoint_minutes),
            "samples": (now - 60 * sample_minutes, 60 * sample_minutes),
        }

    def checkpoint_is_due(self) -> bool:
        """Whether it is time for a checkpoint; asked once a step, by every process."""
        due = torch.tensor(self._is_due("checkpoint"), device=self.accelerator.device)
        return bool(broadcast(due))  # their clocks differ, and all must save at one step

    def samples_are_due(self) -> bool:
        """Whether it is time for a grid of samples; asked once a step."""
        return self._is_due("samples")

    def _is_due(self, clock: str) -> bool:
        last, every = self._clocks[clock]
        now = time.monotonic()
        if now - last < every:
            return False
        self._clocks[clock] = (now, every)
        return True

    def checkpoint(self) -> None:
        """Saves everything into a new folder, then puts it in the old one's place."""
        now = time.monotonic()
        self.hours += (now - self._since) / 3600
        self._since = now
        fresh, old = self.folder / "state.new", self.folder / "state.old"
        self.accelerator.save_state(str(fresh))
        self.accelerator.wait_for_everyone()  # each has written its random state
        if not self.accelerator.is_main_process:
            return
        hardware = _hardware(self.accelerator)
        progress = {"step": self.step, "hours": self.hours, "hardware": hardware}
        (fresh / "progress.json").write_text(json.dumps(progress), encoding="utf-8")
        shutil.rmtree(old, ignore_errors=True)
        if self._state.exists():
            self._state.rename(old)
        fresh.rename(self._state)
        shutil.rmtree(old, ignore_errors=True)

    def log(self, values: dict[str, float]) -> None:
        """Writes scalars of this step to TensorBoard and to the terminal."""
        if self.writer is None:
            return
        for name, value in values.items():
            self.writer.add_scalar(name, value, self.step)
        line = "  ".join(f"{name} {value:.4g}" for name, value in values.items())
        print(f"{time.strftime('%H:%M:%S')} step {self.step}  {line}", flush=True)

    def grid(self, rows: Iterable[Tensor], columns: int) -> None:
        """Saves pictures, each (3, H, W) in [0, 1], as ``samples/<step>.jpg``."""
        if self.writer is None:
            return
        sheet = make_grid(list(rows), nrow=columns, padding=4, pad_value=1.0).clamp(0, 1)
        self.writer.add_image("samples", sheet, self.step)
        pixels = (sheet * 255).round().byte().permute(1, 2, 0).numpy()
        Image.fromarray(pixels).save(self.folder / "samples" / f"{self.step:07}.jpg", quality=90)
