"""The figures of the window: how soon it is painted, and a photo in it is seen."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from statistics import median

import numpy as np

from studio.bench.report import Report, Table
from studio.core.errors import StudioError
from studio.core.picture import Metadata, Picture
from studio.core.picture_files import save_picture
from studio.core.progress import Progress

_SIZE = 4000, 3000  # px of the photo
_PHOTOS = 10  # that are visited


def measure(runs: int, progress: Progress) -> Iterator[Report]:
    """First paint beside that of an empty PySide6 window, in turns, and JPEGs of 12 megapixels.

    Args:
        runs: of each; the medians count.
        progress: told before each.

    Raises:
        StudioError: there is no window to be measured.
    """
    starts: dict[str, list[float]] = {"empty": [], "studio": []}
    seen: list[float] = []
    cold: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory(prefix="studio-bench-") as name:
        folder = Path(name)
        photo = _photo(folder)
        for run in range(runs):
            for what, found in starts.items():
                progress.report(run / runs, f"{what} window, {run + 1} of {runs}")
                begun = time.monotonic()
                found.append(_told(folder, what)[0] - begun)
            progress.report((run + 0.5) / runs, f"photo, {run + 1} of {runs}")
            seen += _told(folder, "photo", str(photo))
            begun = time.monotonic()
            shown, styled = _told(folder, "argument", str(photo))
            cold.append((shown - begun, styled - begun))
        copies = [photo.with_stem(f"photo-{number}") for number in range(_PHOTOS)]
        for copy in copies:
            copyfile(photo, copy)
        progress.report(1.0, f"{_PHOTOS} photos")
        pause, worked, memory = _told(folder, "visit", *map(str, copies))
    empty, studio = (median(found) for found in starts.values())
    figures = {
        "empty_s": round(empty, 3),
        "first_paint_s": round(studio, 3),
        "ratio": round(studio / empty, 2),
        "photo_seen_s": round(median(seen), 3),
        "started_with_seen_s": round(median(each for each, _ in cold), 3),
        "started_with_styled_s": round(median(each for _, each in cold), 3),
        "longest_pause_s": round(pause, 3),
        "longest_pause_work_s": round(worked, 3),
        "memory_mb": round(memory),
    }
    rows = (
        ("first paint of an empty PySide6 window", f"{empty:.2f} s"),
        ("of the studio", f"{studio:.2f} s, {studio / empty:.2f} times that"),
        ("a JPEG of 12 megapixels is seen after", f"{median(seen):.2f} s"),
        (
            "one that the studio is started with is seen, and styled, after",
            f"{figures['started_with_seen_s']:.2f} s, {figures['started_with_styled_s']:.2f} s",
        ),
        (
            f"longest pause while {_PHOTOS} of them are styled, one goes to each tool and is saved",
            f"{1000 * pause:.0f} ms, of which it worked {1000 * worked:.0f}",
        ),
        (f"memory of the window's process after {_PHOTOS}", f"{memory:.0f} MB"),
    )
    yield Report(figures, (Table(f"Window, medians of {runs}", ("figure", "value"), rows),))


def _photo(folder: Path) -> Path:
    """Coarse noise, enlarged: as a photo, it has something everywhere."""
    small = np.random.default_rng(0).random((_SIZE[1] // 50, _SIZE[0] // 50, 3), np.float32)
    path = folder / "photo.jpg"
    pixels = np.kron(small, np.ones((50, 50, 1), np.float32))
    save_picture(Picture(pixels, None, Metadata(bits=8, format="JPEG")), path)
    return path


def _told(folder: Path, *words: str) -> list[float]:
    # A person's own preferences stay as they are.
    environment = {**os.environ, "STUDIO_CONFIG": str(folder / "config"), "TMPDIR": str(folder)}
    command = [sys.executable, "-m", "studio.bench.painted", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        said = done.stderr.strip().rpartition("\n")[2]
        raise StudioError(f"the window could not be measured: {said}")
    return json.loads(done.stdout)
