"""An engine of paper: it answers from a thread, as the real one does, with one colour."""

import itertools
import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from studio.core.controls import AUTO, Choice, Option
from studio.core.errors import StudioError
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
from studio.core.machine import Machine
from studio.core.requests import Apply, Batch, Generate, JobId, Learn, Request, to_json
from studio.core.video.clip import probe
from studio.core.videos import is_video
from studio.gui.state.photo.previews import DRAFT_SIDE
from tests.gui.paper_weights import CONTROLS, write_header

SKETCH_SIDE = 64  # px, of what comes of a sketch
# What the paper engine finds in every photo.
LEVELS = {"noise": 12.3, "jpeg": 71.0}
# What an enhanced photo is made of: its reduced whole, and a part in full size.
REDUCED, SHARP = (90, 90, 90), (0, 200, 0)
TRANSLATED = "translated"
# What is shown while something comes closer step by step; and what a learnt style makes of a photo.
UNDERWAY, LEARNT = (120, 120, 0), (0, 120, 120)
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
        lessons: requests for a style of one painting.
        generated: requests for pictures of latents, carried out or not.
        seconds: that a run is said to have taken.
        cancelled: every job that it was asked to cancel.
        kept: every job that it was asked to end with what it has: it does.
        go: while it is clear, a job that was started does not end.
        fail: the message of a failure for every job, if any.
        ran: requests that were carried out to the end.
    """

    def __init__(self) -> None:
        self._on_events: dict[JobId, Callable[[Event], None]] = {}
        self._ids = itertools.count(1)
        self._waiting: queue.Queue[tuple[JobId, Apply | Generate | Learn] | None] = queue.Queue()
        self.requests: list[Apply] = []
        self.drafts: list[Apply] = []
        self.generated: list[Generate] = []
        self.cancelled: list[JobId] = []
        self.kept: list[JobId] = []
        self.lessons: list[Learn] = []
        self.seconds = 0.1
        self.ran: list[Apply] = []
        self.go = threading.Event()
        self.go.set()
        self.fail = ""
        self.closed = False
        self.machine = Machine()
        self.batches: list[tuple[JobId, Batch]] = []
        self.paused: list[JobId] = []
        self.resumed: list[JobId] = []
        self._thread = threading.Thread(target=self._work, name="paper-engine", daemon=True)
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

    def use(self, machine: Machine) -> None:
        self.machine = machine

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
        elif isinstance(request, Learn):
            self.lessons.append(request)
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

    def keep(self, job: JobId) -> None:
        self.kept.append(job)

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
            if isinstance(request, Learn) or request.weights.endswith("finest"):
                self.tell(Previewed(job, _plain(UNDERWAY), (8, 8), ran_net=True, final=False))
            while not self.go.wait(0.01) and job not in (*self.cancelled, *self.kept):
                pass
            self.tell(self._end(job, request))

    def _end(self, job: JobId, request: Apply | Generate | Learn) -> Event:
        if job in self.cancelled or self.closed:
            return Cancelled(job)
        if self.fail:
            return Failed(job, self.fail, "try another photo")
        if isinstance(request, Generate):
            return self._generate(job, request)
        if isinstance(request, Learn):
            output = Path(request.output)
            style = Choice("style", "Style", "", (Option(output.stem, request.title),), output.stem)
            style = replace(style, blends=True)
            write_header(output, request.title, (style, *CONTROLS[1:]))
            return Finished(job, request.output, f"style/{output.stem}", "cpu", 1.0, (0, 0))
        if is_video(Path(request.source)):
            size = (160, 120)
            with suppress(StudioError):  # one that is damaged
                size = probe(Path(request.source)).size
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
        else:
            self._paint(job, request, size)
        return Finished(job, request.output, request.weights, "cpu", self.seconds, size)

    def _paint(self, job: JobId, request: Apply, size: tuple[int, int]) -> None:
        """Of what is saved, only a PNG is worth its time."""
        if request.output:
            if request.output.endswith(".png"):
                Image.new("RGB", size, COLOURS["wave"]).save(request.output)
            return
        style = str(request.settings.get("style", TRANSLATED)).partition(":")[0]
        pixels = np.full((size[1] // 2, size[0] // 2, 4), 255, np.uint8)
        share = float(request.settings["strength"])
        painting, colour = str(request.settings.get("painting", "")), COLOURS.get(style, LEARNT)
        if painting:
            with Image.open(painting) as image:
                colour = image.convert("RGB").getpixel((0, 0))
        pixels[..., :3] = [round(share * value) for value in colour]
        if request.region is not None:
            pixels = np.full((request.region[3], request.region[2], 4), 255, np.uint8)
            pixels[..., :3] = SHARP
        self.tell(Previewed(job, pixels, size, ran_net=True))

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
            self.tell(Measured(job, {name: LEVELS.get(name, 1.0) for name in automatic}))
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


def _plain(colour: tuple[int, int, int]) -> np.ndarray:
    return np.full((8, 8, 4), (*colour, 255), np.uint8)


def colour_of(latent: Sequence[float] | np.ndarray, truncation: float = 1) -> tuple[int, int, int]:
    """The colour of a face of the paper engine, RGB."""
    red, green = (int(np.clip(128 + 40 * number, 0, 255)) for number in latent[:2])
    return red, green, round(100 * truncation)
