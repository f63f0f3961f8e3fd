"""Carries out `Batch`: plans it, goes on with a journal or begins one, and ends it in every way."""

import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

from studio.core.controls import Mask
from studio.core.errors import StudioError
from studio.core.events import BatchFinished, Event, Planned, Started
from studio.core.progress import CancelledError
from studio.core.requests import Batch, JobId
from studio.core.values.masks import is_content
from studio.core.words.said import say
from studio.engine.batch.cluster import Cluster, joined
from studio.engine.batch.crew import Crew
from studio.engine.batch.journal import Journal
from studio.engine.batch.outcomes import Ending, Status, Tally, check_report, write_report
from studio.engine.batch.painter import Painter
from studio.engine.batch.pipeline import Pipeline
from studio.engine.batch.plan import (
    Item,
    Plan,
    estimate,
    free_bytes,
    make_plan,
    refuse_collisions,
    refuse_full_disk,
    told_apart,
    without_taken,
)
from studio.engine.batch.record import continued, refuse_another
from studio.engine.batch.running import CancelToken, Results, RunningBatch
from studio.engine.batch.work import request_for
from studio.engine.job import ApplyJob, Order

_DEATHS = 2  # of the program while it did a picture; then that is said, and the others are done


def carry_out(order: Order[Batch], painter: Painter, token: CancelToken) -> BatchFinished:
    """Does a batch, tells of it, and returns its terminal event.

    Raises:
        StudioError: the request cannot be met, or no picture can be written any more.
        CancelledError: `token` said so.
    """
    id_, request, tell, started = order.id, order.request, order.tell, time.monotonic()
    wanted = request_for(request)
    if request.cluster:
        wanted = replace(wanted, device="cpu")  # which devices there are, its workers know
    job = painter.prepare(order.about(wanted))
    request = _spelt_out(request, job)
    tell(Started(id_, job.place))
    plan = make_plan(request, token.check)
    originals = [*(item.source for item in plan.items), *job.read_besides]
    check_report(request, plan.items, originals)
    with ExitStack() as closing:
        begun = _journal_of(request)
        if begun is not None:
            closing.callback(begun.close)
        before: set[str] = set()
        if begun is not None and request.resume:
            before = begun.go_on()
            items = continued(plan.items, request, begun.record, before)
            plan = replace(plan, items=told_apart(items))
        elif request.resume:  # it was stopped too early, or it is the wrong folder
            job.notice(
                say("no batch was begun in {folder}: one is begun now", folder=request.output)
            )
        items = tuple(item for item in plan.items if item.name not in before)
        if request.resume and not request.save.overwrite:
            items = without_taken(items)
        refuse_collisions(request, items, originals)
        _check_disk(id_, request, plan, items, job, tell, token)
        _check_model(request, job, painter)
        cluster = None
        if request.cluster:
            cluster = closing.enter_context(joined(request.cluster, request.device, token))
        journal = begun
        if journal is None:
            journal = Journal.create(Path(request.output))
            closing.callback(journal.close)
        if not request.resume or journal.record.request is None:
            journal.begin(request)
        for item in plan.items:
            if item.kept:
                job.notice(say("{name}: {note}", name=item.name, note=item.kept))
        tally = Tally(id_, plan.items, _seconds(journal, plan, before), tell)
        results = Results(journal, tally, request.save.overwrite)
        batch = RunningBatch(request, items, job, journal, results, tally, token, tell)
        return _do(batch, plan, painter, cluster, started)


def _journal_of(request: Batch) -> Journal | None:
    """The journal in the folder of results; None: there is none.

    Args:
        request: with weights, settings and source folder spelt out.

    Raises:
        StudioError: a batch was begun there and is not to be gone on with, or it is another one;
            or there is no such folder, and what was begun in it is to be gone on with.
    """
    folder = Path(request.output)
    journal = Journal.find(folder)
    if request.resume and not folder.exists():
        raise StudioError(
            say("no batch was begun in {folder}", folder=folder),
            "check its name, or begin one (without --resume)",
        )
    if journal is None or journal.record.request is None:
        return journal
    try:
        if request.resume:
            refuse_another(request, journal.record.request)
        elif not request.save.overwrite:
            _refuse_unended(journal, folder)
    except StudioError:
        journal.close()
        raise
    return journal


def _refuse_unended(journal: Journal, folder: Path) -> None:
    if not journal.record.ended:
        raise StudioError(
            say("a batch was begun in {folder} and has not ended", folder=folder),
            "go on with it, or do it all anew",
            ("--resume", "--overwrite"),
        )


def _do(
    batch: RunningBatch, plan: Plan, painter: Painter, cluster: Cluster | None, started: float
) -> BatchFinished:
    """Does the pictures, and ends the batch whatever happens."""
    request, tally = batch.request, batch.tally
    ending = Ending("failed", say("the studio failed"), batch.job.place, 0.0)
    try:
        device = _do_items(batch, painter, cluster)
        ending = replace(ending, status="finished", error="", device=device)
    except CancelledError:
        ending = replace(ending, status="cancelled", error="")
        raise
    except StudioError as error:
        ending = replace(ending, error=str(error))
        raise
    finally:
        batch.results.stop()
        tally.tell()
        if ending.status != "finished" or request.cluster:  # where a lost worker may leave one
            batch.journal.sweep({item.output.parent for item in batch.items})
        seconds = time.monotonic() - started
        report = _report(batch, plan, replace(ending, seconds=seconds))
    counts = {status: tally.count(status) for status in Status}
    with suppress(OSError):  # without this line it can be gone on with: nothing is left to do
        batch.journal.end({status.value: count for status, count in counts.items()})
    return BatchFinished(
        batch.job.id,
        done=counts[Status.DONE],
        done_before=counts[Status.DONE_BEFORE],
        failed=counts[Status.FAILED],
        skipped=plan.skipped,
        found=len(plan.items),
        output=request.output,
        report=report,
        weights=request.weights,
        device=ending.device,
        seconds=seconds,
    )


def _do_items(batch: RunningBatch, painter: Painter, cluster: Cluster | None) -> str:
    """Does the pictures, here or on a cluster; returns what the net ran on."""
    tried: list[Item] = []
    for item in batch.items:
        error = item.error or _hopeless(item, batch.journal)
        if error:
            batch.results.refuse(item, error)
        else:
            tried.append(item)
    batch.tally.tell()  # before one of the others may end the program
    batch = replace(batch, items=tuple(tried))
    if cluster is not None:
        return Crew(batch, cluster).run()
    return Pipeline(batch, painter).run()


def _hopeless(item: Item, journal: Journal) -> str:
    """Why a picture is not tried again, or nothing."""
    if journal.record.deaths[item.name] < _DEATHS:
        return ""
    return say(
        "the program was ended {times} times while it did this picture; memory may not suffice"
        " for it: make it smaller, and go on with the batch",
        times=_DEATHS,
    )


def _spelt_out(request: Batch, job: ApplyJob) -> Batch:
    """The request with all that its results depend on, whatever stood for it."""
    settings = dict(job.settings)
    for control in job.weights.controls:
        value = str(settings[control.name])
        if isinstance(control, Mask) and value and not is_content(value):
            settings[control.name] = str(Path(value).absolute())
    if request.cluster:  # whose processes have other working folders
        source, output = (str(Path(p).absolute()) for p in (request.source, request.output))
        request = replace(request, source=source, output=output)
    return replace(
        request,
        weights=job.weights.id,
        sha256=job.weights.sha256,
        settings=settings,
        then=tuple(step.as_step() for step in job.then),
        file_format=request.file_format.lower().lstrip("."),
    )


def _check_disk(
    id_: JobId,
    request: Batch,
    plan: Plan,
    items: tuple[Item, ...],
    job: ApplyJob,
    tell: Callable[[Event], None],
    token: CancelToken,
) -> None:
    """Says what there is to do, and refuses it where the disk clearly does not suffice."""
    output = Path(request.output)
    needed = estimate(items, job.scale, request.save, token.check)
    free = free_bytes(output)
    done_before = len(plan.items) - len(items)
    tell(Planned(id_, len(plan.items), done_before, plan.skipped, needed, free))
    refuse_full_disk(needed, free, output)
    if needed > free:
        job.notice(say("the disk may become full; if it does, make room and go on"))


def _check_model(request: Batch, job: ApplyJob, painter: Painter) -> None:
    """Finds what would fail every picture before the first one is opened."""
    job.kept_request()  # the mask in it may be unreadable
    if not request.cluster:
        painter.load(job)


def _seconds(journal: Journal, plan: Plan, before: set[str]) -> dict[str, float]:
    """Seconds that were spent on each of the pictures that are done already."""
    found = {item.name for item in plan.items}
    return {name: journal.record.entries[name].seconds for name in before & found}


def _report(batch: RunningBatch, plan: Plan, ending: Ending) -> str:
    """Writes the report if one is wanted; returns its path, or nothing."""
    if not batch.request.report:
        return ""
    try:
        write_report(batch.request, batch.tally, plan.left, ending)
    except StudioError as error:
        batch.notice(str(error))  # the pictures are what matters
        return ""
    return batch.request.report
