"""An engine of paper: it answers from a thread, as the real one does, with one colour."""

import itertools
import json
import queue
import struct
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
from PIL import Image

from studio.core.controls import AUTO, Choice, Control, Mask, Option, Slider, Switch
from studio.core.events import (
    Cancelled,
    Event,
    Failed,
    Finished,
    Measured,
    Paused,
    Previewed,
    Progressed,
    Queued,
    Resumed,
    Started,
)
from studio.core.handle import Handle
from studio.core.requests import Apply, Batch, Generate, JobId, Request, to_json
from studio.core.videos import is_video
from studio.core.weights_file import controls_to_json
from studio.gui.state.photo.previews import DRAFT_SIDE

CONTROLS: tuple[Control, ...] = (
    Choice(
        "style", "Style", "The painting.",
        (Option("wave", "The Great Wave, Hokusai"), Option("night", "The Starry Night, Van Gogh"),
         Option("scream", "The Scream, Munch")),
        "wave", blends=True,
    ),
    Slider("strength", "Strength", "How much.", 0.0, 1.0, 1.0, after_net=True),
    Switch("keep-colours", "Keep colours", "The photo's own.", after_net=True),
    Slider("stroke", "Stroke size", "How large.", 0.25, 4.0, 1.0, unit="×", step=0.05),
    Mask("mask", "Mask", "White is painted."),
)  # fmt: skip
ENHANCE_CONTROLS: tuple[Control, ...] = (
    Slider("noise", "Noise", "How strong the noise is.", 0.0, 75.0, AUTO, step=0.5),
    Slider("jpeg", "JPEG quality", "How well it was compressed.", 1.0, 100.0, AUTO, step=1.0),
    Slider("grain", "Grain", "How much to keep.", 0.0, 1.0, 0.0, after_net=True),
    Mask("mask", "Mask", "White is cleaned."),
)
SKETCH_CONTROLS: tuple[Control, ...] = (
    Switch("fit", "Fill the picture", "Moves the drawing to the middle and enlarges it."),
)
FACES_CONTROLS: tuple[Control, ...] = (
    Slider("truncation", "Variety", "More alike.", 0.0, 1.5, 1.0),
    Slider("smile", "Smile", "Moves every face.", -3.0, 3.0, 0.0, step=0.05),
)
DIGITS_CONTROLS: tuple[Control, ...] = (
    FACES_CONTROLS[0],
    Slider("direction-1", "Direction 1", "Moves every digit.", -3.0, 3.0, 0.0, step=0.05),
)
# The labels of the fronts of buildings; the first is the background.
PALETTE = [
    {"name": "background", "colour": "#0000aa"}, {"name": "wall", "colour": "#0000ff"},
    {"name": "window", "colour": "#0055ff"}, {"name": "door", "colour": "#00aaff"},
    {"name": "shop", "colour": "#aa0000"},
]  # fmt: skip
SKETCH_SIDE = 64  # px, of what comes of a sketch
# What the paper engine finds in every photo.
LEVELS = {"noise": 12.3, "jpeg": 71.0}
# What an enhanced photo is made of: its reduced whole, and a part in full size.
REDUCED, SHARP = (90, 90, 90), (0, 200, 0)
TRANSLATED = "translated"
# The colour of each style's result at full strength, RGB; and of what is translated.
COLOURS = {
    "wave": (0, 0, 255), "night": (255, 255, 0), "scream": (255, 0, 0), TRANSLATED: (0, 120, 0),
}  # fmt: skip


class PaperEngine:
    """Answers a preview with one colour, and keeps what it was asked.

    A batch does what the test says of it: see `tell`.

    Attributes:
        batches: the jobs and requests of batches.
        paused, resumed: batches that were asked to pause, or to go on.
        requests: every request but drafts, in order.
        drafts: the requests for a small preview that comes first.
        generated: requests for pictures of latents, carried out or not.
        seconds: that a run is said to have taken.
        cancelled: every job that it was asked to cancel.
        go: while it is clear, a job that was started does not end.
        fail: the message of a failure for every job, if any.
        ran: requests that were carried out to the end.
    """

    def __init__(self) -> None:
        self._on_events: dict[JobId, Callable[[Event], None]] = {}
        self._ids = itertools.count(1)
        self._waiting: queue.Queue[tuple[JobId, Apply | Generate] | None] = queue.Queue()
        self.requests: list[Apply] = []
        self.drafts: list[Apply] = []
        self.generated: list[Generate] = []
        self.cancelled: list[JobId] = []
        self.seconds = 0.1
        self.ran: list[Apply] = []
        self.go = threading.Event()
        self.go.set()
        self.fail = ""
        self.closed = False
        self.batches: list[tuple[JobId, Batch]] = []
        self.paused: list[JobId] = []
        self.resumed: list[JobId] = []
        self._thread = threading.Thread(target=self._work, name="paper-engine")
        self._thread.start()

    @property
    def parts(self) -> list[Apply]:
        """The requests for parts of a photo."""
        return [request for request in self.requests if request.region is not None]

    @property
    def wholes(self) -> list[Apply]:
        """The requests for whole previews."""
        return [r for r in self.requests if r.region is None and not r.output]

    def tell(self, event: Event) -> None:
        """Says something of a job, as the engine's thread does."""
        self._on_events[event.job](event)

    def submit(self, request: Request, on_event: Callable[[Event], None]) -> Handle:
        job = JobId(next(self._ids))
        self._on_events[job] = on_event
        if isinstance(request, Batch):
            self.batches.append((job, request))
            self.tell(Queued(job))
            self.tell(Started(job, "cpu"))
            return Handle(job, self)
        if isinstance(request, Generate):
            self.generated.append(request)
        else:
            draft = request.preview_side == DRAFT_SIDE
            (self.drafts if draft else self.requests).append(request)
        self.tell(Queued(job))
        self._waiting.put((job, request))
        return Handle(job, self)

    def cancel(self, job: JobId) -> None:
        self.cancelled.append(job)
        if job in dict(self.batches):
            self.tell(Cancelled(job))

    def pause(self, job: JobId) -> None:
        self.paused.append(job)
        self.tell(Paused(job))

    def resume(self, job: JobId) -> None:
        self.resumed.append(job)
        self.tell(Resumed(job))

    def close(self) -> None:
        self.closed = True
        self.go.set()
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (item := self._waiting.get()) is not None:
            job, request = item
            self.tell(Started(job, "cpu"))
            self.tell(Progressed(job, 0.5, 3.0, "painting"))
            while not self.go.wait(0.01) and job not in self.cancelled:
                pass
            self.tell(self._end(job, request))

    def _end(self, job: JobId, request: Apply | Generate) -> Event:
        if job in self.cancelled or self.closed:
            return Cancelled(job)
        if self.fail:
            return Failed(job, self.fail, "try another photo")
        if isinstance(request, Generate):
            return self._generate(job, request)
        if is_video(Path(request.source)):
            size = (160, 120)
        else:
            try:
                with Image.open(request.source) as image:
                    size = image.size
            except OSError as error:
                return Failed(job, str(error), "try another photo")
        if request.preview_side != DRAFT_SIDE:
            self.ran.append(request)
        if request.weights.startswith("enhance"):
            self._enhance(job, request, size)
        elif request.weights.startswith("sketch"):
            self._sketch(job, request)
        elif not request.output:
            style = str(request.settings.get("style", TRANSLATED)).partition(":")[0]
            pixels = np.full((size[1] // 2, size[0] // 2, 4), 255, np.uint8)
            share = float(request.settings["strength"])
            pixels[..., :3] = [round(share * value) for value in COLOURS[style]]
            self.tell(Previewed(job, pixels, size, ran_net=True))
        return Finished(job, request.output, request.weights, "cpu", self.seconds, size)

    def _generate(self, job: JobId, request: Generate) -> Event:
        """Every face is one colour, see `colour_of`; a file says what it was asked for."""
        latents = [np.asarray(row) for row in request.latents]
        if request.output:
            Path(request.output).write_text(to_json(request))
            return Finished(job, request.output, request.weights, "cpu", self.seconds, (1, 1))
        if request.frames:
            places = np.linspace(0, len(latents), request.frames, endpoint=False).astype(int)
            latents = [latents[place] for place in places]
        side, columns = 8, min(request.columns, len(latents))
        rows = -(-len(latents) // columns)
        pixels = np.full((rows * side, columns * side, 4), 255, np.uint8)
        for number, latent in enumerate(latents):
            top, left = side * (number // columns), side * (number % columns)
            colour = colour_of(latent, float(request.settings["truncation"]))
            pixels[top : top + side, left : left + side, :3] = colour
        size = (columns * side, rows * side)
        self.tell(Previewed(job, pixels, size, ran_net=True))
        return Finished(job, "", request.weights, "cpu", self.seconds, size)

    def _sketch(self, job: JobId, request: Apply) -> None:
        """The drawing itself, reduced, in which blue is another level for each seed."""
        side = SKETCH_SIDE * (2**request.upscales if request.upscaler else 1)
        with Image.open(request.source) as image:
            small = image.convert("RGB").resize((side, side), Image.Resampling.BOX)
        if request.output:
            small.save(request.output)
            return
        pixels = np.full((side, side, 4), 255, np.uint8)
        pixels[..., :3] = small
        pixels[..., 2] = 100 + request.seed
        self.tell(Previewed(job, pixels, small.size, ran_net=True))

    def _enhance(self, job: JobId, request: Apply, size: tuple[int, int]) -> None:
        automatic = [name for name, value in request.settings.items() if value == AUTO]
        if automatic:
            self.tell(Measured(job, {name: LEVELS[name] for name in automatic}))
        scale = 2 if request.weights.endswith("2x") else 1
        if request.region is not None:
            width, height = (side * scale for side in request.region[2:])
            pixels = np.full((height, width, 4), 255, np.uint8)
            pixels[..., :3] = SHARP
        else:
            pixels = np.full((size[1] // 2, size[0] // 2, 4), 255, np.uint8)
            pixels[..., :3] = REDUCED
        full_size = (size[0] * scale, size[1] * scale)
        self.tell(Previewed(job, pixels, full_size, ran_net=True))


def colour_of(latent: Sequence[float] | np.ndarray, truncation: float = 1) -> tuple[int, int, int]:
    """The colour of a face of the paper engine, RGB."""
    red, green = (int(np.clip(128 + 40 * number, 0, 255)) for number in latent[:2])
    return red, green, round(100 * truncation)


def write_header(
    file: Path,
    title: str,
    controls: tuple[Control, ...],
    *,
    local: bool = False,
    scale: int = 1,
    latent: int = 0,
    hyperparameters: Mapping[str, object] = MappingProxyType({}),
    training: Mapping[str, object] = MappingProxyType({}),
    metrics: Mapping[str, object] = MappingProxyType({}),
) -> None:
    """Writes a weights file without tensors."""
    metadata = {
        "studio.model": file.parent.name, "studio.title": title, "studio.licence": "",
        "studio.controls": controls_to_json(controls),
        "studio.hyperparameters": json.dumps(dict(hyperparameters)),
        "studio.training": json.dumps(dict(training)),
        "studio.metrics": json.dumps(dict(metrics)),
        "studio.local": json.dumps(local), "studio.scale": json.dumps(scale),
        "studio.latent": json.dumps(latent),
    }  # fmt: skip
    header = json.dumps({"__metadata__": metadata}).encode()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(struct.pack("<Q", len(header)) + header)
