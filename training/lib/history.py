"""How weights came to be: every start and resume of a run, with what one must know to repeat it.

A run notes each of its segments in ``history.jsonl`` as it begins; where it ends is where the next
one begins, or where the last checkpoint is. So nothing is lost with a run that is killed.
"""

import json
import platform
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from studio.core.checked import fitted, parse
from studio.core.files.disk import write_whole
from studio.core.weights_file import Weights
from training.lib.checkpoint import Progress

_FILE = "history.jsonl"
_LIBRARIES = ("torch", "torchvision", "accelerate", "numpy", "scipy", "pillow")


@dataclass(frozen=True)
class Segment:
    """What was trained in one go.

    Attributes:
        steps: the first and the one after the last.
        hours: that they took.
        recipe: whose settings they began with; empty: none.
        config: all settings of the script but files and folders. Empty: not known.
        start: id of the weights that it began from; empty: from nothing, or from the one before.
        start_sha256: of that file.
        commit: of the scripts; ends in ``-dirty`` where they had been changed since.
        hardware: for people.
        versions: of Python and the libraries.
    """

    steps: tuple[int, int]
    hours: float = 0.0
    recipe: str = ""
    config: Mapping[str, Any] = field(default_factory=dict)
    start: str = ""
    start_sha256: str = ""
    commit: str = ""
    hardware: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Begun:
    """A line of the file: a segment that begins, and what was before it where it begins anew."""

    segment: Segment
    before: tuple[Segment, ...] = ()


@dataclass(frozen=True)
class History:
    """Segments, one after the other."""

    segments: tuple[Segment, ...] = ()

    @property
    def recipe(self) -> str:
        """That of the last segment."""
        return self.segments[-1].recipe if self.segments else ""

    def known(self) -> tuple[Segment, ...]:
        """The last run's segments, as far back as all of their settings are known."""
        found: list[Segment] = []
        for each in reversed(self.segments):
            if not each.config:
                break
            found.append(each)
            if each.start:
                break
        return tuple(found[::-1])

    def to_json(self) -> list[dict[str, Any]]:
        """As in a header: what is empty is left out."""
        rows = [asdict(each) for each in self.segments]
        return [{name: value for name, value in row.items() if value} for row in rows]

    @classmethod
    def of_weights(cls, weights: Weights) -> "History":
        """What a header tells; of weights without a history, all there is to be known.

        Raises:
            StudioError: it tells what cannot be.
        """
        training = weights.training
        name = f"the history of {weights.path}"
        if "history" in training:
            return cls(fitted(training["history"], tuple[Segment, ...], name))
        steps, hours = training.get("steps", 0), training.get("hours", 0.0)
        commit, hardware = str(training.get("commit", "")), str(training.get("hardware", ""))
        return cls((Segment((0, steps), hours, commit=commit, hardware=hardware),))

    @classmethod
    def of_run(cls, run: Path, progress: Progress) -> "History":
        """What led to a run's checkpoint; what was trained beyond one and is lost does not count.

        Args:
            run: its folder.
            progress: of the checkpoint.
        """
        found: list[Segment] = []
        step, hours = progress.step, progress.hours
        for begun in reversed(_read(run)):
            first, before = begun.segment.steps[0], begun.segment.hours
            if first > step:  # what it learnt was lost
                continue
            if first < step:
                taken = round(hours - before, 2)
                found.append(replace(begun.segment, steps=(first, step), hours=taken))
            step, hours = first, before
            if begun.before or first == 0:
                found += reversed(begun.before)
                break
        return cls(_joined(found[::-1]))


def note_segment(run: Path, config: Any, progress: Progress, start: Weights | None) -> None:
    """Notes that a run begins or goes on.

    Args:
        run: its folder.
        config: a dataclass, the script's, with the field `card`.
        progress: from where.
        start: weights that it begins from; None: it goes on, or begins from nothing.
    """
    settings = {each.name: getattr(config, each.name) for each in fields(config)}
    settings = {
        name: value
        for name, value in settings.items()
        if value is not None and not isinstance(value, Path) and name != "card"
    }
    segment = Segment(
        (progress.step, progress.step), progress.hours, config.card.recipe, settings,
        "" if start is None else start.id, "" if start is None else start.sha256,
        commit_of_scripts(), progress.hardware, _versions(),
    )  # fmt: skip
    before = () if start is None else History.of_weights(start).segments
    line = json.dumps(asdict(_Begun(segment, before)))
    path = run / _FILE
    known = path.read_text(encoding="utf-8") if path.exists() else ""
    write_whole(path, f"{known}{line}\n".encode(), overwrite=True)


def _read(run: Path) -> list[_Begun]:
    path = run / _FILE
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [fitted(parse(line, str(path)), _Begun, str(path)) for line in lines]


def _joined(segments: Sequence[Segment]) -> tuple[Segment, ...]:
    """Segments that only a pause parts, as one."""
    found: list[Segment] = []
    for each in segments:
        if found and _how(found[-1]) == _how(each) and not each.start:
            last = found.pop()
            steps, hours = (last.steps[0], each.steps[1]), round(last.hours + each.hours, 2)
            found.append(replace(last, steps=steps, hours=hours))
        else:
            found.append(each)
    return tuple(found)


def _how(segment: Segment) -> tuple[object, ...]:
    """What must be the same for two segments to be one."""
    return (
        segment.recipe, segment.config, segment.commit, segment.hardware, segment.versions
    )  # fmt: skip


def commit_of_scripts() -> str:
    """Empty where they are in no repository."""
    asked = ["describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        done = subprocess.run(
            ["git", "-C", str(Path(__file__).parent), *asked],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    except OSError:  # no git
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
