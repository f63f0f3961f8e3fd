"""Carries out an `Apply` for all pages or frames of a file: one at a time is held as floats."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import torch

from studio.core.errors import StudioError
from studio.core.events import Event, Measured
from studio.core.page_files import PagesWriter, open_pages
from studio.core.picture import Picture
from studio.core.progress import Progress, SubProgress
from studio.core.requests import to_json
from studio.core.words.said import as_said, say
from studio.engine.job import ApplyJob
from studio.engine.threads import Aside


class _PageProgress(SubProgress):
    """The part of one page, which says so."""

    def __init__(self, whole: Progress, number: int, count: int, word: str) -> None:
        super().__init__(whole, number / count, (number + 1) / count)
        self._name = (
            say("page {number} of {count}", number=number + 1, count=count)
            if word == "page"
            else say("frame {number} of {count}", number=number + 1, count=count)
        )

    def report(self, fraction: float, message: str) -> None:
        """Tells the whole."""
        super().report(fraction, say("{name}: {note}", name=self._name, note=as_said(message)))


def render_pages(
    job: ApplyJob, render: Callable[[ApplyJob, Picture], tuple[Picture, torch.device]], aside: Aside
) -> tuple[PagesWriter, torch.device]:
    """The results for all pages, and the device at last.

    Args:
        job: whose file has several.
        render: runs the model on one.
        aside: decodes and encodes them.

    Raises:
        StudioError: as `render`; or the output cannot hold them.
        CancelledError: the job should stop.
    """
    request, device, levels = job.request, job.device, dict[str, float]()

    def tell(event: Event) -> None:
        if isinstance(event, Measured):
            levels.update(event.levels)
        job.tell(event)

    with open_pages(Path(request.source)) as pages:
        if pages is None:
            raise StudioError(
                say("{path} was changed meanwhile", path=request.source), "try it again"
            )
        request_json, scale = to_json(job.kept_request()), job.scale
        written = PagesWriter(pages, Path(request.output), request.save, request_json, scale)
        for number in range(pages.count):
            part = _PageProgress(job.progress, number, pages.count, pages.word)
            part.report(0.0, "opening")
            page = aside.do(partial(pages.next, job.bytes_beside), part.check)
            # What was found in the first frame holds for all: else a film would flicker.
            settings = {**job.settings, **levels} if pages.moving else job.settings
            own = replace(job, progress=part, tell=tell, settings=settings)
            result, device = render(own, page.picture)
            aside.do(partial(written.add, page, result), part.check)
    return written, device
