"""Flicker and speed of a model on a video, with damping and without."""

import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np

from studio.bench.report import Report, Table
from studio.core.catalogue import Catalogue, Weights
from studio.core.files.leftovers import TemporaryFolder
from studio.core.progress import Progress, SubProgress
from studio.core.requests import Video
from studio.core.video.clip import probe
from studio.core.video.frames import read
from studio.engine.job import Order
from studio.engine.pixels.apply import Applier
from studio.engine.threads import Ahead
from studio.engine.video.painter import Painted, paint_all
from studio.engine.video.run import apply_for, carry_out
from studio.engine.video.warping_error import WarpingError

_DRAWN = (480, 270, 36)  # width, height in px, frames


@dataclass(frozen=True)
class VideoFigures:
    """What was measured so far; None: not yet.

    Attributes:
        frames: of the clip.
        size: (width, height) of the result's frames as shown, in px.
        untouched: warping error of the clip itself; see `WarpingError`.
        undamped: that of the result without damping.
        damped: that of the result with it.
        frames_a_second: from file to file, with damping.
    """

    frames: int
    untouched: float
    undamped: float
    damped: float | None = None
    size: tuple[int, int] | None = None
    frames_a_second: float | None = None

    @property
    def ratio(self) -> float | None:
        """Warping error with damping as a share of that without."""
        return None if self.damped is None else self.damped / max(self.undamped, 1e-12)


def measure(
    weights: Weights, clip: Path | None, device: str, damping: float, progress: Progress
) -> Iterator[Report]:
    """Flicker and frames a second; see `measure_video`."""
    for found in measure_video(weights, clip, device, damping, progress):
        errors = {row: getattr(found, row) for row in ("untouched", "undamped", "damped")}
        table = Table(
            f"{found.frames} frames",
            ("clip", "warping error x 1000, squared difference in [0, 1]"),
            tuple(
                (row, f"{1000 * error:.3f}") for row, error in errors.items() if error is not None
            ),
        )
        report = Report({**asdict(found), "ratio": found.ratio}, (table,))
        if found.ratio is not None:
            report = report.and_then({}, note=f"with damping {found.ratio:.2f} of without")
        if found.size is not None:
            size = "{}x{}".format(*found.size)
            note = f"{found.frames_a_second:.2f} frames a second at {size} px, with damping"
            report = report.and_then({}, note=note)
        yield report


def measure_video(
    weights: Weights, clip: Path | None, device: str, damping: float, progress: Progress
) -> Iterator[VideoFigures]:
    """Measures a model on a clip; without one, on one that is drawn. Yields the figures so far."""
    with TemporaryFolder() as folder:
        source = draw_clip(folder.path / "clip.mp4") if clip is None else clip
        request = Video(
            str(weights.path), str(source), str(folder.path / "result.mp4"), weights.sha256,
            device=device, damping=damping,
        )  # fmt: skip
        untouched = WarpingError()
        undamped = _error(request, 0.0, SubProgress(progress, 0, 1 / 3), untouched)
        found = VideoFigures(undamped.frames, untouched.mean, undamped.mean)
        yield found
        damped = _error(request, damping, SubProgress(progress, 1 / 3, 2 / 3))
        found = replace(found, damped=damped.mean)
        yield found
        progress.report(2 / 3, "file to file")
        started = time.perf_counter()
        done = carry_out(Order(request), Applier(Catalogue()))
        seconds = time.perf_counter() - started
        yield replace(found, size=done.size, frames_a_second=undamped.frames / seconds)


def _error(
    request: Video, damping: float, progress: Progress, untouched: WarpingError | None = None
) -> WarpingError:
    """Warping error of a clip's result, in pixels of 8 bits, without any encoding.

    Args:
        request: names clip and weights.
        damping: 0 to 1.
        progress: told of each frame.
        untouched: takes the frames of the clip itself.
    """
    applier = Applier(Catalogue())
    job = applier.prepare(Order(apply_for(request)))
    clip = probe(Path(request.source))
    made = WarpingError()
    with Ahead(read(clip), lambda: None, "bench-reader") as items:
        for item in paint_all(job, applier, items, damping):
            if not isinstance(item, Painted):
                continue
            progress.report(clip.share(item.frame.seconds), "measuring flicker")
            seen = ((made, item.pixels), (untouched, item.frame.pixels))
            for error, pixels in seen:
                if error is None:
                    continue
                if item.begins_shot:
                    error.begin_shot()
                error.add(item.frame.pixels, np.divide(pixels, 255, dtype=np.float32))
    return made


def draw_clip(path: Path) -> Path:
    """A textured ground that pans, a disc that crosses it, and some noise."""
    width, height, count = _DRAWN
    random = np.random.default_rng(0)
    ground = np.zeros((height + 80, width + 160, 3), np.float32)
    for cells in (6, 24, 96):
        coarse = random.random((cells, 2 * cells, 3), np.float32)
        size = (ground.shape[1], ground.shape[0])
        ground += cv2.resize(coarse, size, interpolation=cv2.INTER_CUBIC) / 3
    y, x = np.mgrid[:height, :width]
    with av.open(str(path), "w") as file:
        stream = file.add_stream("libx264", rate=25, options={"crf": "12"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for number in range(count):
            moved = np.array([[1, 0, -150 + 3.3 * number], [0, 1, -70 + 1.2 * number]], np.float32)
            frame = cv2.warpAffine(ground, moved, (width, height), borderMode=cv2.BORDER_REFLECT)
            disc = (x - 40 - 10 * number) ** 2 + (y - height / 2) ** 2 < (height / 6) ** 2
            frame[disc] = 0.5 + 0.4 * np.sin(np.stack([x + y, x - y, y], 2)[disc] / 9)
            frame += random.normal(0, 0.01, frame.shape).astype(np.float32)
            pixels = (frame.clip(0, 1) * 255).round().astype(np.uint8)
            shown = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            shown.pts, shown.time_base = number, Fraction(1, 25)
            file.mux(stream.encode(shown))
        file.mux(stream.encode(None))
    return path
