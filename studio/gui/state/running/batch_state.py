"""How far a batch is, as plain values: the sum of the events that came."""

from dataclasses import dataclass, replace
from enum import Enum

from studio.core.events import (
    BatchFinished,
    Cancelled,
    Event,
    Failed,
    ItemEnded,
    Paused,
    Planned,
    Progressed,
    Resumed,
    Started,
)
from studio.core.words.tongue import number, tr
from studio.gui.state.wording import duration

_RECENT = 16  # pictures whose times tell the pace


class Phase(Enum):
    """What a batch does."""

    NONE = "none"
    STARTING = "starting"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    CANCELLING = "cancelling"
    FINISHED = "finished"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def under_way(self) -> bool:
        """Whether there is a job."""
        return self not in (Phase.NONE, Phase.FINISHED, Phase.CANCELLED, Phase.FAILED)


@dataclass(frozen=True)
class BatchState:
    """A batch.

    Attributes:
        ending: how it ended; NONE while there is none; STARTING from the moment it is asked for.
        planned: what it has to do; None while that is being looked up.
        done, failed: pictures.
        fraction: of the work that is done, 0 to 1.
        seconds_left: estimated; None while too little is known.
        held: the person wants it to wait.
        yielding: it waits, or will, so that a preview or a save can go first.
        paused: it does wait.
        cancelling: it was asked to stop.
        times: when the last pictures ended, in seconds of any clock.
        finished: its own summary.
        trouble: why it failed.
    """

    ending: Phase = Phase.NONE
    planned: Planned | None = None
    done: int = 0
    failed: int = 0
    fraction: float = 0.0
    seconds_left: float | None = None
    held: bool = False
    yielding: bool = False
    paused: bool = False
    cancelling: bool = False
    times: tuple[float, ...] = ()
    finished: BatchFinished | None = None
    trouble: Failed | None = None

    def after(self, event: Event, now: float) -> "BatchState":
        """What it is after an event that came at a time, in seconds."""
        match event:
            case Started():
                return replace(self, times=(now,))
            case Planned():
                return replace(  # perhaps again, where the engine was started anew
                    self, planned=event, ending=Phase.RUNNING, done=0, failed=0, times=(now,)
                )
            case ItemEnded():
                if event.error:
                    return replace(self, failed=self.failed + 1)
                times = (*self.times[1 - _RECENT :], now)
                return replace(self, done=self.done + 1, times=times)
            case Progressed():
                return replace(self, fraction=event.fraction, seconds_left=event.seconds_left)
            case Paused():
                return replace(self, paused=True)
            case Resumed():
                return replace(self, paused=False, times=(now,))
            case BatchFinished():
                return replace(self, finished=event, ending=Phase.FINISHED, fraction=1.0)
            case Cancelled():
                return replace(self, ending=Phase.CANCELLED)
            case Failed():
                return replace(self, trouble=event, ending=Phase.FAILED)
            case _:
                return self

    @property
    def phase(self) -> Phase:
        """What it does."""
        if not self.ending.under_way:
            return self.ending
        if self.cancelling:
            return Phase.CANCELLING
        if self.held:
            return Phase.PAUSED if self.paused else Phase.PAUSING
        return self.ending

    @property
    def total(self) -> int:
        """Pictures, once they are counted."""
        return 0 if self.planned is None else self.planned.found

    @property
    def over(self) -> int:
        """Pictures that are done, were done before, or have failed."""
        return self.done + self.failed + (0 if self.planned is None else self.planned.done_before)

    @property
    def pace(self) -> float | None:
        """Seconds for a picture that is done, of late; None while too little is known."""
        steps = len(self.times) - 1
        return (self.times[-1] - self.times[0]) / steps if steps > 0 else None

    def headline(self) -> str:
        """What it does, in a line."""
        match self.phase:
            case Phase.NONE:
                return ""
            case Phase.STARTING:
                return tr("Looking through the folder…")
            case Phase.RUNNING:
                waits = self.yielding and self.paused
                far = self._far
                return tr("{far} – a preview goes first", far=far) if waits else far
            case Phase.PAUSING | Phase.PAUSED if self.planned is None:
                return tr("Looking through the folder; then it waits…")
            case Phase.PAUSING:
                return tr("{far} – pausing after what was begun…", far=self._far)
            case Phase.PAUSED:
                return tr("{far} – paused", far=self._far)
            case Phase.CANCELLING:
                return tr("Stopping…")
            case Phase.FINISHED:
                return _all_done(self.failed if self.finished is None else self.finished.failed)
            case Phase.CANCELLED:
                return tr("Stopped; what is done stays.")
            case Phase.FAILED:
                return tr("It has ended before all were done.") if self.total else ""

    @property
    def _far(self) -> str:
        return tr("{over} of {total}", over=self.over, total=self.total)

    def counts(self) -> str:
        """Such as ``120 done · 2 failed · 378 left``."""
        if self.finished is not None:
            end = self.finished
            return _counts(end.done, end.done_before, None, 0, end.skipped)  # the headline has it
        if self.planned is None:
            return ""
        plan = self.planned
        left = self.total - self.over
        return _counts(self.done, plan.done_before, self.failed, left, plan.skipped)

    def rates(self) -> str:
        """Time left, throughput and room on the disk; of a batch that has ended, its time."""
        if self.finished is not None:
            return tr("It took {time}.", time=duration(self.finished.seconds))
        if self.planned is None or not self.ending.under_way:
            return ""
        parts: list[str] = []
        if self.phase is Phase.RUNNING:
            if self.seconds_left is not None:
                parts.append(tr("{time} left", time=duration(self.seconds_left)))
            if self.pace:
                parts.append(_pace(self.pace))
        parts.append(
            tr(
                "needs about {needed} of {free} free",
                needed=size_words(self.planned.bytes_needed),
                free=size_words(self.planned.bytes_free),
            )
        )
        words = " · ".join(parts)
        return words[:1].upper() + words[1:]


def size_words(count: int) -> str:
    """Bytes as people read them, such as ``1.4 GB``."""
    for unit, factor in (("TB", 1e12), ("GB", 1e9)):
        if count >= factor:
            return f"{number(count / factor, '.1f')} {unit}"
    return f"{count / 1e6:.0f} MB" if count >= 1e6 else f"{count / 1e3:.0f} kB"


def _pace(seconds: float) -> str:
    if seconds > 30:
        return tr("{time} a picture", time=duration(seconds))
    a_minute = 60 / seconds
    if a_minute >= 10:
        return tr("{count:.0f} pictures a minute", count=a_minute)
    return tr("{seconds:.1f} s a picture", seconds=seconds)


def _counts(done: int, done_before: int, failed: int | None, left: int, skipped: int) -> str:
    parts = [tr("{count} done", count=done)]
    parts += [tr("{count} done before", count=done_before)] if done_before else []
    parts += [tr("{count} failed", count=failed)] if failed is not None else []
    parts += [tr("{count} left", count=left)] if left else []
    if skipped:
        parts.append(
            tr(
                "{count} other file left alone",
                "{count} other files left alone",
                count=skipped,
            )
        )
    return " · ".join(parts)


def _all_done(failed: int) -> str:
    if not failed:
        return tr("All pictures are done.")
    return tr(
        "Done, but for {count} picture that could not be.",
        "Done, but for {count} pictures that could not be.",
        count=failed,
    )
