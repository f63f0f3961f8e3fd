"""What every training script shares: the run folder, resuming, sample grids."""

import json
import os
import platform
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar, cast

import torch
from accelerate import Accelerator
from safetensors import SafetensorError
from torch import Tensor, nn
from torchvision.utils import make_grid

from studio.core.catalogue import read_weights
from studio.core.errors import StudioError
from studio.core.files.disk import write_whole
from training.lib import checkpoint as checkpoints
from training.lib.history import note_segment
from training.lib.log import Log, reason
from training.lib.stop import StoppedError, current_stop

T = TypeVar("T")
_TRIES = 24  # checkpoints that may fail one after the other before a run gives up


def begin(folder: Path) -> Accelerator:
    """What a run computes with; says that it has begun, for photos and nets take time to load."""
    accelerator = Accelerator()
    accelerator.print(f"{time.strftime('%H:%M:%S')} {folder}: loading", flush=True)
    return accelerator


def ahead(make: Callable[[int], T], step: int) -> Iterator[T]:
    """Batches from a step on, the next one made while the last one is trained on."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(make, step)
        while True:
            batch = coming.result()
            step += 1
            coming = pool.submit(make, step)
            yield batch


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


class Run:
    """A run folder: ``config.json``, its history, TensorBoard events, sample grids, one checkpoint.

    Saving a checkpoint also records the steps and hours so far; a killed run loses what came
    after the last checkpoint and nothing else, and one that is told to stop loses nothing.
    """

    def __init__(self, folder: Path, config: Any, accelerator: Accelerator) -> None:
        self.folder = folder
        self.accelerator = accelerator
        self._config = config
        self.step = 0
        self.hours = 0.0
        self._begun = self._first = 0
        self._saved: int | None = None  # step of the checkpoint on disk
        self._failed = 0
        self._since = time.monotonic()
        self._terms: list[Tensor] = []  # of the steps since they were logged
        self._clocks: dict[str, tuple[float, float]] = {}
        self._stop = current_stop()
        self._stopping = self._in_time = False
        self._log: Log | None = None  # of the main process alone
        if accelerator.is_main_process:
            (folder / "samples").mkdir(parents=True, exist_ok=True)
            text = json.dumps(asdict(config), indent=2, default=str) + "\n"
            write_whole(folder / "config.json", text.encode(), overwrite=True)
            self._log = Log(folder, 0)

    def resume(self, start: Path | None = None) -> None:
        """Loads the newest checkpoint.

        Args:
            start: weights that the net was loaded from; where there is no checkpoint, steps and
                hours are counted on from theirs.
        """
        if self.accelerator.is_main_process:
            checkpoints.settle(self.folder)
        self.accelerator.wait_for_everyone()
        self._first = 0 if start is None else read_weights(start).training.get("steps", 0)
        found = checkpoints.find_checkpoint(self.folder)
        progress = checkpoints.progress_so_far(self.folder, start)
        self._begun = self.step = progress.step
        self.hours = progress.hours
        if found is not None:
            self.accelerator.load_state(str(found))
            self._saved = self.step
            if self._log is not None:
                self._log = Log(self.folder, self.step)
            self._say(f"resumed at step {self.step} after {self.hours:.2f} hours")
        if self._log is not None:
            begun = None if start is None or found is not None else read_weights(start)
            hardware = _hardware(self.accelerator)
            now = checkpoints.Progress(self.step, self.hours, hardware)
            note_segment(self.folder, self._config, now, begun)

    @property
    def own_step(self) -> int:
        """Steps of this run alone, without those of the weights that it began from."""
        return self.step - self._first

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
        """Sets how often checkpoints and samples are due; the first samples are due at once.

        From here on Ctrl-C and the like wait for the step's end.
        """
        now = time.monotonic()
        self._clocks = {
            "checkpoint": (now, 60 * checkpoint_minutes),
            "samples": (now - 60 * sample_minutes, 60 * sample_minutes),
        }
        self._say(f"loaded in {now - self._since:.1f} s; training from step {self.step} on")
        self._stop.patient = True

    def checkpoint_is_due(self) -> bool:
        """Whether it is time for a checkpoint; asked once a step, by every process."""
        if self.step == self._begun + 1:
            taken = time.monotonic() - self._clocks["checkpoint"][0]
            self._say(f"step {self.step} took {taken:.1f} s")
        due = self.accelerator.is_main_process and self._is_due("checkpoint")
        # Their clocks differ and a signal may reach only one, and all must save at one step.
        self._stopping, self._in_time = self._any(self._stop.number > 0, due)
        return self._stopping or self._in_time

    def samples_are_due(self) -> bool:
        """Whether it is time for a grid of samples; asked once a step."""
        return self._is_due("samples")

    def checkpoint(self) -> None:
        """Saves everything into a new folder, then puts it in the old one's place.

        What fails between two steps is said, and tried again when the next one is due.

        Raises:
            StudioError: it failed at a run's end, or again and again.
            StoppedError: the run was asked to stop.
        """
        trouble, in_time = self._save(), self._in_time
        self._in_time = False
        if not trouble:
            self._saved, self._failed = self.step, 0
            if self._log is not None:
                self._log.flush(self.step)
            if self._stopping:
                raise StoppedError(
                    f"stopped at step {self.step}; the same command goes on from there"
                )
            if not in_time:
                self._say(f"step {self.step} was the last one")
            return
        self._failed += 1
        kept = "there is none" if self._saved is None else f"the last one is of step {self._saved}"
        said = f"step {self.step}: no checkpoint could be written ({trouble}); {kept}"
        if self._stopping:
            raise StoppedError(said)
        if not in_time or self._failed == _TRIES:
            raise StudioError(said, "make room, and start the same command again")
        self._say(f"{said}; training goes on and tries again")

    def note(self, names: Sequence[str], terms: Tensor, every: int) -> None:
        """Counts terms (T,) of this step in; every so many steps logs their means by name."""
        means = self.means(terms, every)
        if means is not None:
            self.log(dict(zip(names, means.tolist(), strict=True)))

    def means(self, terms: Tensor, every: int) -> Tensor | None:
        """Counts terms (T,) of this step in; every so many steps, this process's means of them."""
        self._terms.append(terms.detach())
        if self.step % every:
            return None
        means = torch.stack(self._terms).mean(0)
        self._terms.clear()
        return means

    def log(self, values: dict[str, float]) -> None:
        """Writes scalars of this step to TensorBoard and to the terminal."""
        if self._log is not None:
            self._log.scalars(values, self.step)

    def grid(self, rows: Iterable[Tensor], columns: int) -> None:
        """Saves pictures, each (3, H, W) in [0, 1], as ``samples/<step>.jpg``."""
        if self._log is not None:
            sheet = make_grid(list(rows), nrow=columns, padding=4, pad_value=1.0).clamp(0, 1)
            self._log.picture(sheet, self.step)

    def _save(self) -> str:
        """Writes a checkpoint; returns why it could not, in words, or nothing."""
        now = time.monotonic()
        self.hours += (now - self._since) / 3600
        self._since = now
        trouble = ""
        try:
            self.accelerator.save_state(str(checkpoints.new_checkpoint(self.folder)))
        except (OSError, RuntimeError, SafetensorError) as error:  # so torch and safetensors say it
            trouble = reason(error, self.folder)
        (failed,) = self._any(bool(trouble))  # each has written its random state, or has not
        if not self.accelerator.is_main_process:
            return trouble
        if not failed:
            progress = checkpoints.Progress(self.step, self.hours, _hardware(self.accelerator))
            try:
                checkpoints.publish(self.folder, progress)
            except (OSError, StudioError) as error:
                trouble = reason(error, self.folder)
        if trouble or failed:
            checkpoints.give_up(self.folder)
        return trouble or ("another process could not write" if failed else "")

    def _any(self, *mine: bool) -> list[bool]:
        """Whether any process says so, of each."""
        own = torch.tensor([mine], dtype=torch.int, device=self.accelerator.device)
        return [bool(each) for each in cast("Tensor", self.accelerator.gather(own)).amax(0)]

    def _is_due(self, clock: str) -> bool:
        last, every = self._clocks[clock]
        now = time.monotonic()
        if now - last < every:
            return False
        self._clocks[clock] = (now, every)
        return True

    def _say(self, line: str) -> None:
        if self._log is not None:
            self._log.say(line)
