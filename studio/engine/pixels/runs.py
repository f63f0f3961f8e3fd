"""Runs the nets of jobs on pixels in memory."""

from collections.abc import Callable, Hashable

import torch
from torch import Tensor, nn

from studio.core.controls import SHOW, Settings, automatic
from studio.core.errors import StudioError
from studio.core.events import Measured
from studio.core.picture import Picture
from studio.core.progress import Progress, SubProgress
from studio.core.words.said import say
from studio.engine.device import drafting
from studio.engine.job import ApplyJob
from studio.engine.pixels.finding import Place, find, marked
from studio.engine.pixels.finish import to_tensor
from studio.engine.pixels.gradual import Gradual
from studio.engine.pixels.nets import LoadedNets
from studio.engine.pixels.paint import attempts, paint
from studio.engine.recent import Recent
from studio.models._spec import ModelSpec

# Share of a job that is done when the photo is open, looked through if need be, and painted.
OPENED, FOUND, PAINTED = 0.04, 0.3, 0.9
_MUCH = 0.1  # share of a photo that is rarely damaged
_GRID = 64  # px; the coarser scales of a part begin where those of the whole do


class Runs:
    """Has the nets, and keeps what they found in a scene.

    Args:
        full_precision: of nets, on every device.

    Attributes:
        nets: those that are loaded.
    """

    def __init__(self, *, full_precision: bool) -> None:
        self.nets = LoadedNets(full_precision=full_precision)
        self._gradual = Gradual()
        self._found: Recent[Tensor] = Recent(24)
        self._marked: dict[Hashable, tuple[Tensor, Tensor]] = {}  # of the last scene

    def marked(
        self,
        job: ApplyJob,
        photo: Tensor,
        place: Place,
        mask: Tensor | None,
        settings: Settings,
        scene: Hashable = None,
    ) -> Tensor:
        """What a net is shown, see `finding.marked`; what is found in a scene is kept.

        Raises:
            StudioError: so much is marked that nothing is left to go by.
        """

        def paint_at(spec: ModelSpec, size: tuple[int, int], progress: Progress) -> Tensor:
            return self._run(job, spec, photo, size, settings, progress)[0]

        def find_now() -> Tensor:
            part = SubProgress(job.progress, OPENED, FOUND)
            return find(job.spec, photo, place, paint_at, part).half()

        def look() -> Tensor:
            key = (scene, job.weights.sha256, job.request.device)
            return (find_now() if scene is None else self._found.get(key, find_now)).to(photo)

        inputs = marked(job.spec, photo, look, mask, settings)
        finder = job.spec.finder
        whole = job.request.region is None and settings.get(SHOW) == "result"
        # Translate may act everywhere, which costs no look at the marks.
        if whole and finder is not None and finder.most < 1:
            share = int(inputs[:, 3].count_nonzero()) / inputs[:, 3].numel()
            if mask is not None and share > finder.most:
                raise StudioError(
                    say("{share:.0%} of the photo is marked: too little is left", share=share),
                    "mark less of it: that is filled in from what is around",
                )
            if job.request.output and mask is not None and share == 0:
                job.notice(say("nothing is marked, so the photo stays as it is"))
            if job.request.output and mask is None and share > _MUCH:
                job.notice(
                    say(
                        "{share:.0%} of the photo was taken for damage; "
                        "a higher threshold takes less of it", share=share,
                    )
                )  # fmt: skip
        return inputs

    def measured(self, job: ApplyJob, measure: Callable[[], dict[str, float]]) -> Settings:
        """The settings, with what was found for those at auto; tells of it."""
        found = automatic(job.settings, measure)
        if found:
            job.tell(Measured(job.id, found))
        return {**job.settings, **found}

    def measure(self, job: ApplyJob, picture: Picture) -> dict[str, float]:
        """Values for the settings at auto; see `ModelSpec.measure`."""
        net = self.nets.get(job.weights, job.spec, job.device)
        return job.spec.measure(net, to_tensor(picture))

    def paint(
        self,
        job: ApplyJob,
        photo: Tensor,
        full_size: tuple[int, int],
        settings: Settings,
        shown: tuple[int, int],
    ) -> tuple[Tensor, torch.device]:
        """Paints at the size that the full picture is painted at, as far as these pixels go.

        What is gradual is given back at the size (height, width) `shown`, all else at the photo's.
        """
        wanted = job.spec.working_size((full_size[1], full_size[0]), settings)
        own = (photo.shape[2], photo.shape[3])
        size = wanted if wanted[0] * wanted[1] < own[0] * own[1] else own
        begun = OPENED if job.spec.finder is None else FOUND
        part = SubProgress(job.progress, begun, PAINTED)

        def run(photo: Tensor, progress: Progress) -> tuple[Tensor, torch.device]:
            return self._run(job, job.spec, photo, size, settings, progress)

        if job.spec.gradual:
            return self._gradual.paint(job, photo, size, full_size, shown, run, part)
        return run(photo, part)

    def repaint(
        self,
        job: ApplyJob,
        inputs: Tensor,
        full_size: tuple[int, int],
        settings: Settings,
        scene: Hashable,
    ) -> tuple[Tensor, torch.device]:
        """As `paint`; of a scene whose marks have changed only what lies around these changes.

        Wide holes farther away may depend on them a little: a file is always made as a whole.
        """
        key = (scene, job.weights.sha256, str(job.device))
        last = self._marked.get(key)
        finder = job.spec.finder
        own = (inputs.shape[2], inputs.shape[3])
        if finder is None or last is None:
            result, device = self.paint(job, inputs, full_size, settings, own)
        else:
            marks, result = last
            device = job.device
            changed = (inputs[0, 3] != marks[0, 0]).nonzero()
            if len(changed):
                near, wide = (_around(changed, by, inputs) for by in (finder.halo, 2 * finder.halo))
                part, device = self.paint(job, inputs[:, :, *wide], full_size, settings, own)
                inside = tuple(
                    slice(n.start - w.start, n.stop - w.start)
                    for n, w in zip(near, wide, strict=True)
                )
                result = result.clone()
                result[:, :, *near] = part[:, :, *inside]
        if finder is not None:
            self._marked = {key: (inputs[:, 3:].clone(), result)}
        return result, device

    def _run(
        self,
        job: ApplyJob,
        spec: ModelSpec,
        photo: Tensor,
        size: tuple[int, int],
        settings: Settings,
        progress: Progress,
    ) -> tuple[Tensor, torch.device]:
        """See `paint`; `spec` may be that of a part of the job."""

        def get_net(device: torch.device) -> nn.Module:
            return self.nets.get(job.weights, job.spec, device)

        # What follows a stroke has to be there at once; what is found, before it, stays.
        draft = not job.request.output and job.request.region is None
        with drafting(job.device, enabled=draft and spec.finder is not None):
            return paint(
                spec, get_net, photo, size, job.weights.scale, settings, job.request.seed,
                attempts(spec, job.device, job.request.tile, size), progress, job.notice,
            )  # fmt: skip


def _around(places: Tensor, by: int, like: Tensor) -> tuple[slice, slice]:
    """Rows and columns of a box around places (N, 2), wider by so many px; it begins on a grid."""
    low, high = places.amin(0).tolist(), places.amax(0).tolist()
    rows, columns = (
        slice(max(0, (first - by) // _GRID * _GRID), min(side, last + 1 + by))
        for first, last, side in zip(low, high, like.shape[2:], strict=True)
    )
    return rows, columns
