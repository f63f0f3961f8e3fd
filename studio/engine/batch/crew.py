"""A batch on the workers of a Ray cluster.

Pictures and results are reached through a file system that all machines share, under the same
paths; only their names go to the workers. The journal, the final names and the report are made
here, exactly as without a cluster.
"""

from collections import Counter, deque
from dataclasses import dataclass, replace
from typing import Any

from studio.core.errors import StudioError
from studio.core.words.said import say
from studio.engine.batch.cluster import Cluster, Place
from studio.engine.batch.plan import Item
from studio.engine.batch.running import RunningBatch
from studio.engine.batch.work import UnwritableError, Worker, WorkerResult, request_for

_IN_FLIGHT = 2  # pictures a worker has: while the net has one, the other is opened or written
_PATIENCE = 0.05  # seconds between two looks at whether the batch should end
_LIVES = 3  # how often a worker is started before its place is given up
_TRIES = 2  # how many workers a picture may be lost with


@dataclass(frozen=True, eq=False)
class _Member:
    """A worker of the crew.

    Attributes:
        actor: Ray's handle of it.
        lives: how often its place may be filled, this time included.
    """

    place: Place
    actor: Any
    lives: int


@dataclass(frozen=True)
class _Task:
    """A picture, and with how many workers it was lost already."""

    item: Item
    lost: int = 0


class Crew:
    """The workers, and who of them does what.

    Args:
        batch: the batch.
        cluster: where they live.
    """

    def __init__(self, batch: RunningBatch, cluster: Cluster) -> None:
        self._batch, self._cluster, self._ray = batch, cluster, cluster.ray
        self._tasks = deque(_Task(item) for item in batch.items)
        self._members: list[_Member] = []
        self._devices: dict[_Member, str] = {}  # of those whose net is loaded
        self._starting: dict[Any, _Member] = {}
        self._running: dict[Any, tuple[_Member, _Task]] = {}
        self._trouble = ""
        weights = str(batch.job.weights.path.absolute())
        steps = zip(batch.request.then, batch.job.then, strict=True)
        then = tuple(replace(s, weights=str(j.weights.path.absolute())) for s, j in steps)
        self._request = replace(request_for(batch.request), weights=weights, then=then)

    def run(self) -> str:
        """Does all pictures; returns what the net ran on, such as ``2 workers (cpu)``.

        Raises:
            StudioError: no worker is left, or no picture can be written any more.
            CancelledError: the batch was cancelled.
        """
        try:
            self._run()
        finally:
            for member in self._members:
                self._ray.kill(member.actor)
        count, kinds = len(self._devices), ", ".join(sorted(set(self._devices.values())))
        return say(
            "{count} worker ({kinds})", "{count} workers ({kinds})", count=count, kinds=kinds
        )

    def _run(self) -> None:
        token = self._batch.token
        for place in self._cluster.places[: len(self._tasks)]:
            self._enlist(place, _LIVES)
        while self._tasks or self._running:
            token.check()
            self._batch.tally.tell()
            self._leave_all_but(self._cluster.living())
            if not token.paused():
                self._assign()
            elif not self._running:
                self._batch.hold()
                continue
            if not self._members:
                why = self._trouble or say("all of its workers were lost")
                raise StudioError(
                    say("the cluster does not do it: {why}", why=why),
                    "go on with it",
                    ("--resume",),
                )
            refs = [*self._starting, *self._running]
            for ref in self._ray.wait(refs, num_returns=1, timeout=_PATIENCE)[0]:
                if ref in self._starting:
                    self._greet(ref, self._starting.pop(ref))
                else:
                    self._receive(ref, *self._running.pop(ref))
        self._batch.tally.tell()

    def _enlist(self, place: Place, lives: int) -> None:
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        actor = self._ray.remote(Worker).options(
            num_cpus=place.cpus,
            num_gpus=place.gpus,
            max_concurrency=_IN_FLIGHT,
            scheduling_strategy=NodeAffinitySchedulingStrategy(place.node, soft=False),
        )
        handle = actor.remote(replace(self._request, device=place.device))
        member = _Member(place, handle, lives)
        self._members.append(member)
        self._starting[handle.start.remote()] = member

    def _assign(self) -> None:
        """Gives each worker as much as it may have, the idlest first."""
        busy = Counter(member for member, _ in self._running.values())
        ready = [member for member in self._members if member in self._devices]
        for most in range(1, _IN_FLIGHT + 1):
            for member in ready:
                if self._tasks and busy[member] < most:
                    busy[member] += 1
                    task = self._tasks.popleft()
                    part = self._batch.journal.part(task.item.output)
                    self._running[member.actor.do.remote(task.item, part)] = (member, task)

    def _greet(self, ref: Any, member: _Member) -> None:
        """Takes note of a worker that has loaded its net, or could not."""
        try:
            device, error = self._ray.get(ref)
        except self._ray.exceptions.RayError as error:
            self._replace(member, str(error).partition("\n")[0])
            return
        if error:
            self._members.remove(member)
            self._trouble = error
            self._batch.notice(
                say("a worker of the cluster does not take part: {error}", error=error)
            )
        else:
            self._devices[member] = device

    def _receive(self, ref: Any, member: _Member, task: _Task) -> None:
        results, item = self._batch.results, task.item
        try:
            answer: WorkerResult = self._ray.get(ref)
        except self._ray.exceptions.RayError as error:
            self._replace(member, str(error).partition("\n")[0])
            self._take_back(task)
            return
        if answer.written is not None:
            results.keep(item, answer.written, answer.seconds)
        elif answer.unwritable:
            raise UnwritableError(answer.error, "make room, then go on with it", ("--resume",))
        else:
            results.fail(item, answer.error, answer.seconds)

    def _take_back(self, task: _Task) -> None:
        """Has a picture whose worker was lost done by another."""
        task = replace(task, lost=task.lost + 1)
        if task.lost < _TRIES:
            self._tasks.appendleft(task)
        else:
            why = say("two workers were lost while they did it; memory may not suffice for it")
            self._batch.results.fail(task.item, why, 0.0)

    def _leave_all_but(self, living: frozenset[str]) -> None:
        """Gives up the workers on nodes that died; of some of them Ray would never say it."""
        dead = {member for member in self._members if member.place.node not in living}
        if not dead:
            return
        self._members = [member for member in self._members if member not in dead]
        self._starting = {r: member for r, member in self._starting.items() if member not in dead}
        lost = {ref: task for ref, (member, task) in self._running.items() if member in dead}
        for ref, task in lost.items():
            del self._running[ref]
            self._take_back(task)

    def _replace(self, member: _Member, why: str) -> None:
        """Fills the place of a worker that was lost, unless that was done already."""
        if member not in self._members:
            return
        self._members.remove(member)
        self._trouble = self._trouble or why
        if member.lives > 1:
            self._enlist(member.place, member.lives - 1)
