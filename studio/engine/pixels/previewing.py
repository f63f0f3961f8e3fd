"""Previews: what a request would make, for the screen, with as little made anew as can be."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import replace
from itertools import pairwise
from math import prod

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from studio.core.controls import Settings
from studio.core.files.identity import file_key
from studio.core.picture import Picture
from studio.core.values.files import files_of
from studio.engine.job import ApplyJob
from studio.engine.pixels.finding import Place
from studio.engine.pixels.finish import blend, finish, part_of, to_tensor
from studio.engine.pixels.parts import Rect, View, enlarged_part, part_of_picture, views
from studio.engine.pixels.runs import OPENED, Runs
from studio.engine.pixels.scene import Scene, Scenes, source_key
from studio.engine.recent import Recent
from studio.engine.threads import Aside

Painted = Callable[[ApplyJob], NDArray[np.float16] | None]
MaskOf = Callable[[ApplyJob, tuple[int, int]], Tensor | None]
Render = Callable[[ApplyJob, Picture], tuple[Picture, torch.device]]


class Previewer:
    """Keeps what the nets have painted, and what each step has made for the next.

    Args:
        runs: has the nets.
        aside: opens files.
        mask_of: opens the mask of a job for a picture of some (width, height).
        painted: what another runtime has painted of a preview already.
        render: does one step of a whole picture.
    """

    def __init__(
        self, runs: Runs, aside: Aside, mask_of: MaskOf, painted: Painted, render: Render
    ) -> None:
        self._runs, self._mask_of, self._painted_before = runs, mask_of, painted
        self._render = render
        self._scenes = Scenes(aside)
        self._painted: Recent[tuple[Tensor, torch.device]] = Recent(24)
        self._levels: Recent[dict[str, float]] = Recent(24)
        self._made: Recent[Scene] = Recent(3)
        self._full_behind: Recent[Picture] = Recent(1)

    def preview(self, job: ApplyJob) -> tuple[Scene, Tensor, torch.device, bool]:
        """All steps of a job but its enlargement: of a copy for the screen, or of a part as it is.

        Returns:
            What the last step has looked at, what it made of that, on what, and whether any net
            ran.

        Raises:
            StudioError: as `Scenes.get`; memory does not suffice, or the result is no picture.
            CancelledError: the job should stop.
        """
        if job.request.region is not None:
            return self._part(job, Rect(*job.request.region))
        *before, last = job.steps()
        scene, ran_net = self._scenes.get(job), False
        for step, following in pairwise((*before, last)):
            scene, ran = self._behind(step, scene)
            scene = scene.prepared(following)
            ran_net |= ran
        result, device, ran = self._painting(last, scene)
        return scene, result, device, ran_net or ran

    def _part(self, job: ApplyJob, region: Rect) -> tuple[Scene, Tensor, torch.device, bool]:
        """As `preview`."""
        steps, full = job.steps(), self._scenes.full(job)
        source: Hashable = source_key(job.request)
        looks = views(steps, region, (full.width, full.height))
        picture, ran_net = part_of_picture(full, looks[0].seen), False
        key: Hashable = (source, looks[0].seen)  # which steps behind it may widen
        for number, (step, look) in enumerate(zip(steps, looks, strict=True)):
            shown = look.shown.slices(look.seen)
            corner = look.seen.left, look.seen.top
            scene = Scene(key, picture, look.size, 1.0, corner, shown, source, made=number > 0)
            if step.spec.local or step.spec.skips_net(step.settings):
                result, device, ran = self._painting(step, scene)
            else:
                result, device, ran = self._part_of_whole(steps[: number + 1], scene, look)
            ran_net |= ran
            if step is steps[-1]:
                return scene, result, device, ran_net
            picture = scene.picture.with_pixels(result[0].permute(1, 2, 0).numpy())
            seen = look.seen.times(step.weights.scale)
            picture = part_of_picture(picture, looks[number + 1].seen, seen)
            source = (source, self._made_by(step))
            key = (key, source, looks[number + 1].seen)
        raise ValueError("a job without steps")

    def _part_of_whole(
        self, steps: Sequence[ApplyJob], scene: Scene, look: View
    ) -> tuple[Tensor, torch.device, bool]:
        """The part of what a model paints that looks at the whole picture; that is painted once."""
        job, size = steps[-1], (look.size[1], look.size[0])
        wanted = job.spec.working_size(size, job.settings)
        whole, key = self._whole(steps, size)
        own, ran_net = (whole.height, whole.width), False
        wanted = min(wanted, own, key=prod)

        def run_net() -> tuple[Tensor, torch.device]:
            nonlocal ran_net
            ran_net, photo = True, to_tensor(whole)
            if wanted != own:
                photo = F.interpolate(photo, wanted, mode="bicubic", antialias=True).clamp_(0, 1)
            painted, device = self._runs.paint(job, photo, look.size, job.settings, wanted)
            return painted.half(), device

        key = ("whole", key, job.weights.sha256, job.before_net(), job.request.seed)
        painted, device = self._painted.get((*key, job.request.device), run_net)
        reduced = job.spec.reduced(job.settings, wanted[0] / size[0])
        settled = job.spec.settle(painted.float(), reduced)
        part = enlarged_part(settled, look.size, look.seen)
        mask = self._mask_of(job, look.size)
        photo = to_tensor(scene.picture)
        return blend(job, photo, part, mask, job.settings, scene.corner), device, ran_net

    def _whole(self, steps: Sequence[ApplyJob], size: tuple[int, int]) -> tuple[Picture, Hashable]:
        """What the last step looks at of the whole picture, which is of (height, width).

        Behind other steps the copy for the screen will do, unless a step paints larger than it.
        """
        *before, last = steps
        if not before:
            return self._scenes.full(last), source_key(last.request)
        first, *then = (_without_region(step) for step in steps)
        scene = self._scenes.get(first)
        for step, following in pairwise((first, *then)):
            scene = self._behind(step, scene)[0].prepared(following)
        sizes = [
            step.spec.working_size(size, step.settings) for step in steps if not step.spec.local
        ]
        if max(map(prod, sizes)) <= scene.picture.width * scene.picture.height:
            return scene.picture, scene.key
        key = ("full", scene.key)

        def render() -> Picture:
            picture = self._scenes.full(first)
            for step in before:
                picture, _ = self._render(step, picture)
            return picture

        return self._full_behind.get(key, render), key

    def _made_by(self, job: ApplyJob) -> Hashable:
        """Equal where a step makes the same of the same pixels."""
        files = tuple(file_key(str(path)) for path in files_of(job.weights.controls, job.settings))
        settings = tuple(job.settings.items())
        return job.weights.sha256, settings, files, job.request.seed, job.request.device

    def _behind(self, job: ApplyJob, scene: Scene) -> tuple[Scene, bool]:
        """What there is to look at behind a step, and whether its net ran for it.

        It is kept: what follows can change without this step being done again.
        """
        ran_net = False
        key = (scene.key, self._made_by(job))

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
        rect = Rect(*scene.corner, *_size(scene.picture))
        # Behind a step a part is all there is of the picture.
        is_at_hand = not scene.made or _size(scene.picture) == scene.whole
        whole = to_tensor(self._full(job, scene)) if is_at_hand else None
        place = Place(scene.whole, rect, whole)
        inputs = self._runs.marked(job, photo, place, part, settings, scene.key)
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


def _without_region(job: ApplyJob) -> ApplyJob:
    return replace(job, request=replace(job.request, region=None))


def _size(picture: Picture) -> tuple[int, int]:
    return picture.width, picture.height
