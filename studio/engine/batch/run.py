"""Carries out `Batch`: plans it, goes on with a journal or begins one, and ends it in every way."""

import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import replace
from pathlib import Path

from studio.core.controls import Mask
from studio.core.errors import StudioError
from studio.core.events import BatchFinished, Event, Planned, Started
from studio.core.masks import is_content
from studio.core.progress import CancelledError
from studio.core.requests import Batch, JobId
from studio.engine.batch.cluster import Cluster, joined
from studio.engine.batch.control import Control
from studio.engine.batch.crew import Crew
from studio.engine.batch.journal import Journal
from studio.engine.batch.pipeline import Pipeline
from studio.engine.batch.plan import Item, Plan, make_plan, refuse_collisions, told_apart
from studio.engine.batch.report import Ending, check_report, write_report
from studio.engine.batch.results import Results
from studio.engine.batch.resume import continued, find_begun
from studio.engine.batch.session import Session
from studio.engine.batch.space import estimate, free_bytes, refuse_full_disk
from studio.engine.batch.tally import Status, Tally
from studio.engine.batch.work import request_for
from studio.engine.jobs.job import Job
from studio.engine.pixels.apply import Applier

_DEATHS = 2  # of the program while it did a picture; then that is said, and the others are done


def carry_out(
    id_: JobId,
    request: Batch,
    applier: Applier,
    tell: Callable[[Event], None],
    control: Control,
) -> BatchFinished:
    """Does a batch, tells of it, and returns its terminal event.

    Raises:
        StudioError: the request cannot be met, or no picture can be written any more.
        CancelledError: `control` said so.
    """
    started = time.monotonic()
    wanted = request_for(request)
    if request.cluster:
        wanted = replace(wanted, device="cpu")  # which devices there are, its workers know
    job = applier.prepare(id_, wanted, tell, control.cancelled)
    request = _spelt_out(request, job)
    tell(Started(id_, str(job.device)))
    plan = make_plan(request, control.check)
    originals = [*(item.source for item in plan.items), *job.mask_files]
    check_report(request, plan.items, originals)
    with ExitStack() as closing:
        begun = find_begun(request)
        if begun is not None:
            closing.callback(begun.close)
        before: set[str] = set()
        if begun is not None and request.resume:
            before = begun.go_on()
            items = continued(plan.items, request, begun, before)
            plan = replace(plan, items=told_apart(items))
        elif request.resume:  # it was stopped too early, or it is the wrong folder
            job.notice(f"no batch was begun in {request.output}: one is begun now")
        items = tuple(item for item in plan.items if item.name not in before)
        refuse_collisions(request, items, originals)
        _check_disk(id_, request, plan, items, job, tell, control)
        _check_model(request, job, applier)
        cluster = None
        if request.cluster:
            cluster = closing.enter_context(joined(request.cluster, request.device, control))
        journal = begun
        if journal is None:
            journal = Journal.create(Path(request.output))
            closing.callback(journal.close)
        if not request.resume or journal.record.request is None:
            journal.begin(request)
        tally = Tally(id_, plan.items, _seconds(journal, plan, before), tell)
        results = Results(journal, tally, request.save.overwrite)
        session = Session(request, items, job, journal, results, tally, control, tell)
        return _do(session, plan, applier, cluster, started)


def _do(
    session: Session, plan: Plan, applier: Applier, cluster: Cluster | None, started: float
) -> BatchFinished:
    """Does the pictures, and ends the batch whatever happens."""
    request, tally = session.request, session.tally
    ending = Ending("failed", "the studio failed", str(session.job.device), 0.0)
    try:
        device = _do_items(session, applier, cluster)
        ending = replace(ending, status="finished", error="", device=device)
    except CancelledError:
        ending = replace(ending, status="cancelled", error="")
        raise
    except StudioError as error:
        ending = replace(ending, error=str(error))
        raise
    finally:
        session.results.stop()
        tally.tell()
        if ending.status != "finished" or request.cluster:  # where a lost worker may leave one
            session.journal.sweep({item.output.parent for item in session.items})
        seconds = time.monotonic() - started
        report = _report(session, plan, replace(ending, seconds=seconds))
    counts = {status: tally.count(status) for status in Status}
    with suppress(OSError):  # without this line it can be gone on with: nothing is left to do
        session.journal.end({status.value: count for status, count in counts.items()})
    return BatchFinished(
        session.job.id,
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


def _do_items(session: Session, applier: Applier, cluster: Cluster | None) -> str:
    """Does the pictures, here or on a cluster; returns what the net ran on."""
    session.tally.tell()
    tried: list[Item] = []
    for item in session.items:
        error = item.error or _hopeless(item, session.journal)
        if error:
            session.results.fail(item, error, 0.0)
        else:
            tried.append(item)
    session = replace(session, items=tuple(tried))
    if cluster is not None:
        return Crew(session, cluster).run()
    return Pipeline(session, applier).run()


def _hopeless(item: Item, journal: Journal) -> str:
    """Why a picture is not tried again, or nothing."""
    if journal.record.deaths[item.name] < _DEATHS:
        return ""
    return (
        f"the program was ended {_DEATHS} times while it did this picture; memory may not suffice"
        " for it: make it smaller (--resume tries it again)"
    )


def _spelt_out(request: Batch, job: Job) -> Batch:
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
        file_format=request.file_format.lower().lstrip("."),
    )


def _check_disk(
    id_: JobId,
    request: Batch,
    plan: Plan,
    items: tuple[Item, ...],
    job: Job,
    tell: Callable[[Event], None],
    control: Control,
) -> None:
    """Says what there is to do, and refuses it where the disk clearly does not suffice."""
    output = Path(request.output)
    needed = estimate(items, job.weights.scale, request.save, control.check)
    free = free_bytes(output)
    done_before = len(plan.items) - len(items)
    tell(Planned(id_, len(plan.items), done_before, plan.skipped, needed, free))
    refuse_full_disk(needed, free, output)
    if needed > free:
        job.notice("the disk may become full; if it does, make room and go on (--resume)")


def _check_model(request: Batch, job: Job, applier: Applier) -> None:
    """Finds what would fail every picture before the first one is opened."""
    job.recipe()  # the mask in it may be unreadable
    if not request.cluster:
        applier.load(job)


def _seconds(journal: Journal, plan: Plan, before: set[str]) -> dict[str, float]:
    """Seconds that were spent on each of the pictures that are done already."""
    found = {item.name for item in plan.items}
    return {name: journal.record.entries[name].seconds for name in before & found}


def _report(session: Session, plan: Plan, ending: Ending) -> str:
    """Writes the report if one is wanted; returns its path, or nothing."""
    if not session.request.report:
        return ""
    try:
        write_report(session.request, session.tally, plan.left, ending)
    except StudioError as error:
        session.notice(str(error))  # the pictures are what matters
        return ""
    return session.request.report
