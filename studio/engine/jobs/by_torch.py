"""Carries out requests by torch; to import this file takes seconds."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studio.core.catalogue import Catalogue
from studio.core.events import Event
from studio.core.requests import Apply, Generate, Learn
from studio.engine.job import ApplyJob, Order
from studio.engine.jobs.interrupt import Interrupt
from studio.engine.light.apply import Light
from studio.engine.pixels.apply import Applier
from studio.engine.pixels.generate import Sampler


class ByTorch:
    """Keeps what the next request may need again.

    Args:
        catalogue: where the weights are.
        light: what it has painted is not painted again.
        full_precision: of nets, on every device.
    """

    def __init__(self, catalogue: Catalogue, light: Light, *, full_precision: bool) -> None:
        def painted(job: ApplyJob) -> NDArray[np.float16] | None:
            alone = replace(job.request, then=(), upscaler="")
            return light.painted(alone, job.weights, job.settings)

        self._applier = Applier(catalogue, painted, full_precision=full_precision)
        self._sampler = Sampler(catalogue, self._applier)
        self._catalogue = catalogue
        self._interrupt = Interrupt()

    @contextmanager
    def asking(self, cancelled: Callable[[], bool]) -> Generator[Applier]:
        """For an `Apply` that is a part of another job; see `carry_out`."""
        with self._interrupt.asking(cancelled):
            yield self._applier

    def carry_out(self, order: Order[Any]) -> Event:
        """Does a job, which is asked whether to stop at every call of torch.

        Returns:
            Its terminal event.

        Raises:
            StudioError: the request cannot be met.
            CancelledError: it was asked to stop.
        """
        with self._interrupt.asking(order.cancelled):
            match order.request:
                case Apply():
                    return self._applier.carry_out(order)
                case Generate():
                    return self._sampler.carry_out(order)
                case Learn():
                    from studio.engine.learn.run import Learner

                    return Learner(self._catalogue, self._applier.aside).carry_out(order)
                case _:
                    from studio.engine.video.run import carry_out  # loads FFmpeg

                    return carry_out(order, self._applier)

    def close(self) -> None:
        """Waits for work that was given up."""
        self._applier.close()
