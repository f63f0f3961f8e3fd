"""Runs the model of a batch: without torch where that can be."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from studio.core.catalogue import Catalogue
from studio.core.page_files import PagesWriter
from studio.core.picture import Picture
from studio.core.requests import Apply
from studio.engine.job import ApplyJob, Order
from studio.engine.light.apply import Light

if TYPE_CHECKING:
    from studio.engine.pixels.apply import Applier


def torch_alone(catalogue: Catalogue) -> "Callable[[], AbstractContextManager[Applier]]":
    """Torch's engine for a `Painter`, where nobody cancels."""
    kept: list[Applier] = []

    def get() -> "AbstractContextManager[Applier]":
        from studio.engine.pixels.apply import Applier

        if not kept:
            kept.append(Applier(catalogue))
        return nullcontext(kept[0])

    return get


class Painter:
    """Asks the light engine first; what that cannot do is torch's.

    Args:
        light: the light engine.
        by_torch: the other one, within ``with``; loads torch.
    """

    def __init__(
        self, light: Light, by_torch: "Callable[[], AbstractContextManager[Applier]]"
    ) -> None:
        self._light, self._by_torch = light, by_torch

    def prepare(self, order: Order[Apply]) -> ApplyJob:
        """See `Applier.prepare`."""
        job = self._light.prepare(order)
        if job is not None:
            return job
        with self._by_torch() as applier:
            return applier.prepare(order)

    def load(self, job: ApplyJob) -> None:
        """See `Applier.load`."""
        if not self._light.load(job):
            with self._by_torch() as applier:
                applier.load(job)

    def render(self, job: ApplyJob, picture: Picture) -> tuple[Picture, str]:
        """See `Applier.render`."""
        painted = self._light.render(job, picture)
        if painted is not None:
            return painted, job.place
        with self._by_torch() as applier:
            result, device = applier.render(job, picture)
        return result, str(device)

    def render_pages(self, job: ApplyJob) -> tuple[PagesWriter, str]:
        """See `Applier.render_pages`."""
        with self._by_torch() as applier:
            pages, device = applier.render_pages(job)
        return pages, str(device)
