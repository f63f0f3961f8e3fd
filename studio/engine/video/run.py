"""Carries out `Video`: reads, paints and writes side by side, a few frames apart."""

import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from studio.core.errors import StudioError
from studio.core.events import Finished, Previewed, Started
from studio.core.files.disk import made_whole, refuse_unwritable
from studio.core.files.identity import refuse_originals
from studio.core.requests import Apply, Video, to_json
from studio.core.video.clip import Clip, probe
from studio.core.video.frames import Copied, read
from studio.core.video.orientation import Pixels, to_bytes
from studio.core.words.said import say
from studio.engine.job import ApplyJob, Order
from studio.engine.pixels.apply import Applier
from studio.engine.threads import Ahead, Behind, Threads
from studio.engine.video.cut import cut, part_of
from studio.engine.video.kept import up_to_the_damage
from studio.engine.video.lost import lost
from studio.engine.video.painter import Painted, paint_all
from studio.engine.video.smaller import reduced, smaller
from studio.engine.video.writer import Writer, container_of

_BEHIND = 4  # painted frames that wait to be written


def carry_out(order: Order[Video], applier: Applier) -> Finished:
    """Does the job, tells of it, and returns its terminal event; the first frame is shown at once.

    Raises:
        StudioError: the request cannot be met.
        CancelledError: it was asked to stop.
    """
    request, started = order.request, time.monotonic()
    job = applier.prepare(order.about(apply_for(request)))
    for step in (job, *job.then):
        _check_paints_frames(step)
    if not 0 <= request.damping <= 1:
        raise StudioError(
            say("damping cannot be {value}", value=request.damping), "give a number from 0 to 1"
        )
    order.tell(Started(order.id, str(job.device)))
    refuse_originals([Path(request.output)], job.originals())
    container_of(Path(request.output), request.codec)
    refuse_unwritable(Path(request.output), overwrite=request.save.overwrite)
    applier.load(job)
    clip = probe(Path(request.source))
    part_of(clip, request.begin, request.end)  # raises what is wrong with it
    size = _write(request, job, applier, clip)
    seconds = time.monotonic() - started
    return Finished(order.id, request.output, job.weights.id, str(job.device), seconds, size)


def _check_paints_frames(job: ApplyJob) -> None:
    if job.spec.prepare is not None:
        raise StudioError(
            say("{id} draws after doodles", id=job.weights.id), "videos need style or the like"
        )
    if job.spec.gradual:
        raise StudioError(
            say("{id} paints one picture at a time, for minutes", id=job.weights.id),
            "choose another style",
        )


def apply_for(request: Video) -> Apply:
    """The same for one picture."""
    return Apply(
        request.weights, request.source, request.output, request.sha256, request.settings,
        request.seed, request.device, request.tile, request.preview_side, save=request.save,
        then=request.then,
    )  # fmt: skip


def _write(request: Video, job: ApplyJob, applier: Applier, clip: Clip) -> tuple[int, int]:
    """Writes the file, all of it or nothing; returns (width, height) of its frames as shown."""
    output = Path(request.output)
    for note in clip.notes:
        job.notice(note)
    with made_whole(output, overwrite=request.save.overwrite) as part:
        size = _fill(part, request, job, applier, clip)
        job.progress.check()
    job.progress.report(1.0, "saved")
    return size


def _fill(
    part: Path, request: Video, job: ApplyJob, applier: Applier, clip: Clip
) -> tuple[int, int]:
    request_json = request.save.note(to_json(_kept_request(request, job)))
    chosen, output = part_of(clip, request.begin, request.end), Path(request.output)
    side = None if request.side is None else max(1, request.side // job.scale)
    wanted = chosen if side is None else smaller(chosen, side)
    writer = Writer(
        wanted, part, output, job.scale, request.save.quality, request.codec, request_json
    )
    size = (0, 0)
    try:
        for note in writer.notes:
            job.notice(note)

        def write(item: Painted | Copied) -> None:
            if isinstance(item, Copied):
                writer.copy(item)
            else:
                writer.frame(item.pixels, item.frame.pts, item.frame.duration)

        check = job.progress.check
        found: list[str] = []  # told by this thread, not by that which reads
        readable = up_to_the_damage(read(clip, found.append), clip.path, found.append)
        if chosen != clip:
            readable = cut(readable, clip, request.begin, request.end)
        if wanted != chosen:
            readable = reduced(readable, wanted)
        ahead, beside = Ahead(readable, check, "video-reader"), Threads(1, "video-writer")
        with ahead as items, beside as threads:
            written = Behind(threads, check, _BEHIND)
            for item in paint_all(job, applier, items, request.damping):
                written.put(partial(write, item))
                if isinstance(item, Painted):
                    if size == (0, 0):
                        size = item.pixels.shape[1], item.pixels.shape[0]
                        shown = wanted.with_square_pixels(to_bytes(item.pixels))
                        _show(job, shown, request.preview_side)
                    job.progress.report(min(0.999, wanted.share(item.frame.seconds)), "painting")
            written.drain()
        writer.close(found.append)
        for note in found:
            job.notice(note)
        for what in lost(clip.path, part, writer.pairs):
            job.notice(say("{what} cannot be kept in the new file", what=what))
    except BaseException:
        writer.abandon()
        raise
    return size


def _show(job: ApplyJob, pixels: Pixels, longest: int) -> None:
    """Shows a frame (H, W, 3), its longest side reduced to some px."""
    height, width = pixels.shape[:2]
    scale = min(1.0, longest / max(width, height))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    shown = np.full((size[1], size[0], 4), 255, np.uint8)
    shown[..., :3] = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    job.tell(Previewed(job.id, shown, (width, height), ran_net=True))


def _kept_request(request: Video, job: ApplyJob) -> Video:
    """The request that goes into the file: complete, and without the person's folders."""
    kept = job.kept_request()
    return replace(
        request, weights=kept.weights, sha256=kept.sha256, source=kept.source,
        output=kept.output, settings=kept.settings, then=kept.then,
    )  # fmt: skip
