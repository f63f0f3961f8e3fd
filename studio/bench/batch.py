"""Throughput of a batch beside each of its stages alone: opening, the model, and writing."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from studio.bench.report import Report, Table
from studio.core.catalogue import Catalogue, Weights
from studio.core.files.leftovers import TemporaryFolder
from studio.core.picture import Picture
from studio.core.picture_files import open_picture
from studio.core.progress import Progress
from studio.core.requests import Batch
from studio.engine.batch.painter import Painter, torch_alone
from studio.engine.batch.pipeline import threads_beside_the_model
from studio.engine.batch.plan import Item, make_plan
from studio.engine.batch.run import carry_out
from studio.engine.batch.running import CancelToken
from studio.engine.batch.work import Rendered, render, request_for, write
from studio.engine.job import Order
from studio.engine.light.apply import Light
from studio.engine.threads import Threads

_ROUNDS = 2  # each stage's faster one counts
_STAGES = ("opening", "model", "writing", "batch")
_KEPT = 4  # results that are written again and again when writing alone is measured


@dataclass(frozen=True)
class Throughput:
    """Seconds a photo of each stage alone, with as many threads as in a batch, and of a batch.

    None: not measured yet.
    """

    count: int
    size: tuple[int, int]
    opening: float | None = None
    model: float | None = None
    writing: float | None = None
    batch: float | None = None

    @property
    def share(self) -> float | None:
        """Throughput of the batch relative to that of its slowest stage alone."""
        if self.batch is None:
            return None
        return max(self.opening or 0, self.model or 0, self.writing or 0) / self.batch


def measure(
    weights: Weights, count: int, size: tuple[int, int], device: str, progress: Progress
) -> Iterator[Report]:
    """Throughput of a batch and of its stages; see `measure_batch`."""
    for found in measure_batch(str(weights.path), count, size, device, progress):
        seconds = {stage: getattr(found, stage) for stage in _STAGES}
        rows = [(stage, f"{time:.3f}") for stage, time in seconds.items() if time is not None]
        title = f"{count} photos of {size[0]}x{size[1]} px"
        table = Table(title, ("stage", "time a photo, s"), tuple(rows))
        note = ""
        if found.share is not None:
            note = f"{found.share:.2f} of the throughput of the slowest stage alone"
        yield Report().and_then({**asdict(found), "share": found.share}, table, note=note)


def measure_batch(
    weights: str, count: int, size: tuple[int, int], device: str, progress: Progress
) -> Iterator[Throughput]:
    """Measures on drawn photos; yields the figures so far.

    Args:
        weights: id or path.
        count: photos.
        size: their (width, height) in px.
        device: as in a request.
        progress: told after each part.
    """
    with TemporaryFolder() as temporary:
        folder = temporary.path
        draw_photos(folder / "in", count, size)
        stages = _Stages(Batch(weights, str(folder / "in"), str(folder / "out"), device=device))
        fastest: dict[str, float] = {}
        for turn in range(_ROUNDS):
            for index, (stage, run) in enumerate(zip(_STAGES, stages.all(turn), strict=True)):
                progress.report((turn + index / len(_STAGES)) / _ROUNDS, f"{stage} alone")
                started = time.perf_counter()
                run()
                seconds = (time.perf_counter() - started) / count
                fastest[stage] = min(fastest.get(stage, seconds), seconds)
                yield Throughput(count, size, **fastest)


def draw_photos(folder: Path, count: int, size: tuple[int, int]) -> None:
    """Writes JPEGs of smooth colours with grain, which are about as large as photos are.

    Args:
        folder: is made.
        count: how many.
        size: (width, height) in px.
    """
    folder.mkdir(parents=True)
    random = np.random.default_rng(0)
    for index in range(count):
        small = Image.fromarray(random.integers(0, 256, (9, 12, 3), np.uint8))
        smooth = np.asarray(small.resize(size, Image.Resampling.BICUBIC), np.float32)
        grain = random.standard_normal((size[1], size[0], 1), np.float32) * 6
        pixels = np.clip(smooth + grain, 0, 255).astype(np.uint8)
        Image.fromarray(pixels).save(folder / f"{index:05}.jpg", quality=90)


class _Stages:
    """The parts of a batch, each to be run alone."""

    def __init__(self, request: Batch) -> None:
        self._request = request
        catalogue = Catalogue()
        self._painter = Painter(Light(catalogue), torch_alone(catalogue))
        wanted = request_for(request)
        self._job = self._painter.prepare(Order(wanted))
        self._items = make_plan(request, lambda: None).items
        self._pictures: list[Picture] = [open_picture(item.source) for item in self._items]
        first = zip(self._items[:_KEPT], self._pictures, strict=False)
        self._kept = [self._render(item, picture) for item, picture in first]

    def all(self, turn: int) -> tuple[Callable[[], object], ...]:
        """Opening, model, writing and the whole, for a round of its own folders."""
        request, items = self._request, self._items
        alone, whole = Path(f"{request.output}-{turn}"), f"{request.output}-whole-{turn}"

        def in_threads(calls: Iterable[Callable[[], object]]) -> None:
            threads = Threads(threads_beside_the_model(), "bench")
            for future in [threads.do(call) for call in calls]:
                future.result()
            threads.close(0)

        def written(index: int, item: Item) -> object:
            kept = self._kept[index % len(self._kept)]
            part = alone / f"{item.name}.part"
            return write(item, kept, request_for(request), part)

        return (
            lambda: in_threads(partial(open_picture, item.source) for item in items),
            lambda: [self._render(i, p) for i, p in zip(items, self._pictures, strict=True)],
            lambda: in_threads(partial(written, n, item) for n, item in enumerate(items)),
            lambda: self._batch(whole),
        )

    def _render(self, item: Item, picture: Picture) -> Rendered:
        return render(self._painter, self._job, item, picture, Progress())

    def _batch(self, output: str) -> None:
        token = CancelToken(lambda: False, lambda: False, lambda: None)
        request = Batch(
            self._request.weights, self._request.source, output, device=self._request.device
        )
        carry_out(Order(request), self._painter, token)
