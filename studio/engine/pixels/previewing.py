"""Previews: what a request would make, for the screen, with as little made anew as can be."""

from collections.abc import Callable, Hashable
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.core.controls import Settings
from studio.core.files.identity import file_key
from studio.core.picture import Picture
from studio.core.values.files import files_of
from studio.engine.pixels.finish import finish, part_of, to_tensor
from studio.engine.pixels.job import ApplyJob
from studio.engine.pixels.runs import OPENED, Runs
from studio.engine.pixels.scene import Scene, Scenes
from studio.engine.recent import Recent
from studio.engine.threads import Aside

Painted = Callable[[ApplyJob], NDArray[np.float16] | None]
MaskOf = Callable[[ApplyJob, tuple[int, int]], Tensor | None]


class Previewer:
    """Keeps what the nets have painted, and what each step has made for the next.

    Args:
        runs: has the nets.
        aside: opens files.
        mask_of: opens the mask of a job for a picture of some (width, height).
        painted: what another runtime has painted of a preview already.
    """

    def __init__(self, runs: Runs, aside: Aside, mask_of: MaskOf, painted: Painted) -> None:
        self._runs, self._mask_of, self._painted_before = runs, mask_of, painted
        self._scenes = Scenes(aside)
        self._painted: Recent[tuple[Tensor, torch.device]] = Recent(24)
        self._levels: Recent[dict[str, float]] = Recent(24)
        self._made: Recent[Scene] = Recent(3)

    def preview(self, job: ApplyJob) -> tuple[Scene, Tensor, torch.device, bool]:
        """All steps of a job but its enlargement.

        Returns:
            What the last step has looked at, what it made of that, on what, and whether any net
            ran.

        Raises:
            StudioError: as `Scenes.get`; memory does not suffice, or the result is no picture.
            CancelledError: the job should stop.
        """
        *before, last = job.steps()
        scene, ran_net = self._scenes.get(job), False
        for step, following in pairwise((*before, last)):
            scene, ran = self._behind(step, scene)
            scene = scene.prepared(following)
            ran_net |= ran
        result, device, ran = self._painting(last, scene)
        return scene, result, device, ran_net or ran

    def _behind(self, job: ApplyJob, scene: Scene) -> tuple[Scene, bool]:
        """What there is to look at behind a step, and whether its net ran for it.

        It is kept: what follows can change without this step being done again.
        """
        ran_net = False
        files = tuple(file_key(str(path)) for path in files_of(job.weights.controls, job.settings))
        settings = tuple(job.settings.items())
        key = (scene.key, job.weights.sha256, settings, files, job.request.seed, job.request.device)

        def make() -> Scene:
            nonlocal ran_net
            result, _, ran_net = self._painting(job, scene)
            return scene.behind(key, result)

        made = self._made.get(key, make)
        job.progress.report(1.0, "painting")
        return made, ran_net

    def _painting(self, job: ApplyJob, scene: Scene) -> tuple[Tensor, torch.device, bool]:
        """What one model makes of what is looked at, on what, and whether its net ran."""
        job.progress.report(OPENED, "opening")
        if job.spec.skips_net(job.settings):
            return to_tensor(scene.picture), job.device, False
        ran_net = False

        def run_net() -> tuple[Tensor, torch.device]:
            nonlocal ran_net
            before = None if scene.made else self._painted_before(job)
            if before is not None:
                return torch.from_numpy(before), job.device
            ran_net = True
            painted, device = self._run(job, scene, mask, settings)
            return painted.half(), device

        key = (scene.key, job.weights.sha256, job.before_net())
        key = (*key, job.request.seed, job.request.device)
        settings = job.spec.reduced(self._measured(job, scene), scene.factor)
        mask = self._mask_of(job, scene.whole)
        painted, device = self._painted.get(key, run_net)
        photo = to_tensor(scene.picture)
        result = finish(job, photo, painted.float(), mask, settings, scene.corner)
        return result, device, ran_net

    def _run(
        self, job: ApplyJob, scene: Scene, mask: Tensor | None, settings: Settings
    ) -> tuple[Tensor, torch.device]:
        """What the net paints."""
        photo = to_tensor(scene.picture)
        size = scene.full_size if job.request.region is None else _size(scene.picture)
        if job.spec.gradual:  # it is painted of the whole picture, as it will be saved
            seen, shown = to_tensor(self._full(job, scene)), (photo.shape[2], photo.shape[3])
            return self._runs.paint(job, seen, size, settings, shown)
        part = part_of(mask, scene.corner, job.weights.scale, photo)
        whole = (scene.whole[1], scene.whole[0])
        inputs = self._runs.marked(job, photo, whole, part, settings, scene.key)
        return self._runs.repaint(job, inputs, size, settings, scene.key)

    def _measured(self, job: ApplyJob, scene: Scene) -> Settings:
        """The settings, with what was found in the whole picture for those at auto."""
        key: Hashable = (scene.source, job.weights.sha256)

        def measure() -> dict[str, float]:
            return self._runs.measure(job, self._full(job, scene))

        return self._runs.measured(job, lambda: self._levels.get(key, measure))

    def _full(self, job: ApplyJob, scene: Scene) -> Picture:
        """The whole picture; behind a step there is it only at the size of the screen."""
        return scene.picture if scene.made else self._scenes.full(job)


def _size(picture: Picture) -> tuple[int, int]:
    return picture.width, picture.height
