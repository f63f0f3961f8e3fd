"""Seconds and peak memory of a model at several sizes, each in a process of its own."""

import multiprocessing
import resource
import signal
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from math import prod
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from studio.bench.johnson import JohnsonNet
from studio.bench.report import Report, Table
from studio.core.catalogue import Catalogue, Weights
from studio.core.controls import AUTO, Painting, Settings, complete
from studio.core.errors import StudioError
from studio.core.files.leftovers import TemporaryFolder
from studio.core.picture import Metadata, Picture
from studio.core.picture_files import save_picture
from studio.core.progress import Progress
from studio.core.requests import Apply
from studio.core.samples import sample_photo
from studio.engine.device import find_device, precision
from studio.engine.job import Order
from studio.engine.pixels.apply import Applier
from studio.engine.pixels.nets import LoadedNets
from studio.engine.pixels.paint import attempts, paint
from studio.models._spec import find_spec

JOHNSON = "johnson"
SIZES = ((512, 512), (1920, 1080), (6000, 4000))  # width, height
_YARDSTICK = SIZES[:2]  # whole, the yardstick does not fit into memory at 24 megapixels
_RUNS, _LONG = 4, 10.0  # runs at most, the first of which warms up; seconds after which it is done
_OTHER_PRECISIONS = ("float32", "bfloat16")

# Settings with which a tool's net sees a photo pixel for pixel, for the whole job.
_FINEST: dict[str, Settings] = {"style": {"stroke": 0.1}, "translate": {"size": 0.1}}


@dataclass(frozen=True)
class Case:
    """One measurement: a net, or with `whole_job` everything from file to file.

    Attributes:
        net: the weights' id, or `JOHNSON`.
        path: of the weights.
        once: it takes long: it is not run several times.
        settings: those that differ from the defaults.
        precision: of the net alone, such as ``bfloat16``; empty: as the program has it there.
    """

    net: str
    path: str
    size: tuple[int, int]
    device: str
    whole_job: bool = False
    once: bool = False
    settings: Settings = field(default_factory=dict)
    precision: str = ""


@dataclass(frozen=True)
class Speed:
    """What a case took.

    Attributes:
        seconds: the fastest of its runs.
        peak_mb: most memory of the process.
        on: what computed, and in which precision.
        card_mb: most memory of a graphics card; 0: it was none.
    """

    case: Case
    seconds: float
    peak_mb: float
    on: str
    card_mb: float = 0.0


def measure_speed(
    before: Report, weights: Sequence[Weights], device: str, progress: Progress
) -> Generator[Report, None, Report]:
    """Measures models and the yardstick network at `SIZES`, in turns, in one run.

    At the last of them, where the net is nearly all, from file to file alone, and only models that
    would see less of it as their settings stand. What takes minutes is measured at the first of
    them alone, and once. Where not the processor computes, nets alone are measured in other
    precisions too.

    Args:
        before: what was found before.
        weights: of models that take a picture.
        device: as in a request.
        progress: told before each case.

    Yields:
        What is found so far.

    Returns:
        The last one.
    """
    slow = [each for each in weights if each.gradual]
    quick = [each for each in weights if not each.gradual]
    nets = [(each.id, str(each.path), _needed(each)) for each in quick]
    beside = [*nets, (JOHNSON, "", {})]
    cases = [
        Case(net, path, size, device, settings=needed)
        for size in _YARDSTICK
        for net, path, needed in beside
    ]
    cases += [
        Case(each.id, str(each.path), SIZES[0], device, once=True, settings=_needed(each))
        for each in slow
    ]
    if find_device(device).type != "cpu":
        cases += [
            Case(net, path, SIZES[1], device, settings=needed, precision=other)
            for other in _OTHER_PRECISIONS
            for net, path, needed in beside
        ]
    cases += [
        Case(
            net, path, SIZES[2], device, whole_job=True, once=True,
            settings={**needed, **_FINEST[each.model]},
        )
        for each, (net, path, needed) in zip(quick, nets, strict=True)
        if each.model in _FINEST
    ]  # fmt: skip
    found: list[Speed] = []
    report = before
    work = [prod(case.size) * (1 if case.once else _RUNS) + 1_000_000 for case in cases]
    for index, case in enumerate(cases):
        done = sum(work[:index]) / sum(work)
        progress.report(done, f"{case.net} at {case.size[0]}x{case.size[1]}")
        found.append(_in_new_process(case))
        report = before.and_then({"speed": _figures(found)}, _table(found))
        yield report
    return report


def _needed(weights: Weights) -> Settings:
    """The settings without which weights do nothing: a painting."""
    paintings = [c.name for c in weights.controls if isinstance(c, Painting)]
    return {name: str(sample_photo("coffee.png")) for name in paintings[:1]}


def _figures(measured: Sequence[Speed]) -> list[dict[str, Any]]:
    """The figures of each case, JSON."""
    taken = [{**row, **row.pop("case")} for row in map(asdict, measured)]
    return [{name: v for name, v in row.items() if name != "path"} for row in taken]


def _table(measured: Sequence[Speed]) -> Table:
    """A row a case."""
    rows = [
        (
            each.case.net + (", file to file" if each.case.whole_job else ""),
            "{}x{}".format(*each.case.size),
            each.on,
            f"{each.seconds:.2f}",
            f"{each.peak_mb:.0f}",
            f"{each.card_mb:.0f}" if each.card_mb else "",
        )
        for each in measured
    ]
    columns = ("net", "size, px", "on", "time, s", "peak, MB", "card, MB")
    return Table("Speed", columns, tuple(rows))


def _in_new_process(case: Case) -> Speed:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    with TemporaryFolder() as folder:
        child = context.Process(target=_measure, args=(case, folder.path, theirs))
        with _deaf_to_ctrl_c():
            child.start()
        theirs.close()
        try:
            return ours.recv()
        except EOFError:
            raise StudioError(
                f"{case.net} at {case.size[0]}x{case.size[1]} could not be measured",
                "memory may not suffice for it",
            ) from None
        finally:  # it has sent what it has to, or nobody waits for it any more
            child.kill()
            child.join()


@contextmanager
def _deaf_to_ctrl_c() -> Generator[None]:
    """A process that is started within does not hear Ctrl-C, which is for this one to answer."""
    resource_tracker.ensure_running()  # while it starts, it lets Ctrl-C through
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _measure(case: Case, folder: Path, pipe: Connection) -> None:
    with torch.inference_mode():
        run = _whole_job(case, folder) if case.whole_job else net_alone(case)
        times: list[float] = []
        while len(times) < (1 if case.once else _RUNS) and sum(times) < _LONG:
            started = time.perf_counter()
            run()  # its result is on the processor's side: the card has ended
            times.append(time.perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak_mb = peak / 1e6 if sys.platform == "darwin" else peak / 1e3
    device = find_device(case.device)
    name, card_mb = "cpu", 0.0
    if device.type == "cuda":
        name, card_mb = torch.cuda.get_device_name(device), torch.cuda.max_memory_allocated() / 1e6
    on = f"{name}, {str(_dtype(case, device)).removeprefix('torch.')}"
    pipe.send(Speed(case, min(times), peak_mb, on, card_mb))


def _dtype(case: Case, device: torch.device) -> torch.dtype:
    return getattr(torch, case.precision) if case.precision else precision(device)


def net_alone(case: Case) -> Callable[[], object]:
    """The net alone, on a picture in memory."""
    device = find_device(case.device)
    photo = _photo(case.size)
    if case.net == JOHNSON:
        dtype = _dtype(case, device)
        net = JohnsonNet().eval().to(device, dtype)
        inputs = photo.contiguous().to(device, dtype)
        return lambda: net(inputs).cpu()
    weights = Catalogue().find(case.path)
    spec = find_spec(weights.spec)
    settings = complete(weights.controls, case.settings)
    size = (case.size[1], case.size[0])
    nets = LoadedNets()
    ladder = attempts(spec, device, "auto", size)
    if AUTO in settings.values():  # what a photo is looked at for once, before
        found = spec.measure(nets.get(weights, spec, device), photo)
        settings = {
            name: found[name] if value == AUTO else value for name, value in settings.items()
        }

    def get_net(at: torch.device) -> nn.Module:
        return nets.get(weights, spec, at).to(_dtype(case, at))

    return lambda: paint(
        spec, get_net, photo, size, weights.scale, settings, 0, ladder, Progress(), lambda _: None
    )[0]


def _whole_job(case: Case, folder: Path) -> Callable[[], object]:
    """From a JPEG file to a JPEG file, both in a folder."""
    source, output = folder / "photo.jpg", folder / "result.jpg"
    pixels = _photo(case.size)[0].permute(1, 2, 0).numpy()
    save_picture(Picture(pixels, None, Metadata(bits=8, format="JPEG")), source)
    request = Apply(case.path, str(source), str(output), settings=dict(case.settings))

    def run() -> None:
        Applier(Catalogue()).carry_out(Order(request))
        output.unlink()

    return run


def _photo(size: tuple[int, int]) -> torch.Tensor:
    """Smooth random colours (1, 3, H, W): speed does not depend on what is in a picture."""
    small = np.random.default_rng(0).random((1, 3, size[1] // 40, size[0] // 40), np.float32)
    tensor = torch.from_numpy(small)
    return F.interpolate(tensor, (size[1], size[0]), mode="bilinear").clamp_(0, 1)
