"""What a run tells while it learns: TensorBoard events, sample grids, lines in the terminal."""

import shutil
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image
from torch import Tensor
from torch.utils.tensorboard import SummaryWriter

from studio.core.errors import StudioError
from studio.core.files.disk import write_whole

_ROOM = 16 << 20  # bytes that a disk must have free for events


def reason(error: Exception, folder: Path) -> str:
    """Why something could not be written into a folder."""
    if shutil.disk_usage(folder).free < _ROOM:
        return "the disk is full"
    if isinstance(error, StudioError):
        return error.message
    said = error.strerror if isinstance(error, OSError) else None
    return said or str(error).partition("\n")[0] or type(error).__name__


class Log:
    """The events and samples of a run; a full disk costs some of them, and not the run.

    Args:
        folder: of the run.
        step: that it goes on from; what was logged beyond it is void.
    """

    def __init__(self, folder: Path, step: int) -> None:
        self._folder, self._void_from = folder, step + 1
        self._writer: SummaryWriter | None = None

    def scalars(self, values: dict[str, float], step: int) -> None:
        """Scalars of a step, for TensorBoard and for the terminal."""
        for name, value in values.items():
            self._note(lambda writer, n=name, v=value: writer.add_scalar(n, v, step), step)
        self.say(f"step {step}  " + "  ".join(f"{n} {v:.4g}" for n, v in values.items()))

    def picture(self, sheet: Tensor, step: int) -> None:
        """A picture (3, H, W) in [0, 1] of a step, for TensorBoard and as a JPEG file."""
        pixels = (sheet * 255).round().byte().permute(1, 2, 0).numpy()
        file = BytesIO()
        Image.fromarray(pixels).save(file, "JPEG", quality=90)
        path = self._folder / "samples" / f"{step:07}.jpg"
        try:
            write_whole(path, file.getvalue(), overwrite=True)
        except StudioError as error:
            self.say(f"step {step}: no samples ({reason(error, self._folder)})")
        self._note(lambda writer: writer.add_image("samples", sheet, step), step)

    def flush(self, step: int) -> None:
        """Sees to it that all events up to a step are on disk."""
        self._note(lambda writer: writer.flush(), step)

    def say(self, line: str) -> None:
        """A line with the time, in the terminal."""
        print(f"{time.strftime('%H:%M:%S')} {line}", flush=True)

    def _note(self, write: Callable[[SummaryWriter], object], step: int) -> None:
        # Without room it is not even tried: TensorBoard's thread would end in a traceback.
        if shutil.disk_usage(self._folder).free < _ROOM:
            return
        try:
            if self._writer is None:
                events = str(self._folder / "events")
                self._writer = SummaryWriter(events, purge_step=self._void_from)
            write(self._writer)
        except OSError as error:
            self._writer, self._void_from = None, step + 1
            self.say(f"step {step}: no events ({reason(error, self._folder)})")
