"""Carries out `Learn`: a painting in, weights of the style model out."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

import numpy as np
from torch import Tensor

from studio.core.catalogue import Catalogue, Weights
from studio.core.errors import StudioError
from studio.core.events import Finished, Previewed, Started
from studio.core.picture import Picture
from studio.core.picture_files import open_picture
from studio.core.progress import Progress, SubProgress
from studio.core.requests import JobId, Learn, check_seed
from studio.core.samples import sample_photos
from studio.core.values.paintings import content_of, digest, middle_of, open_painting
from studio.core.words.said import say
from studio.engine.device import find_device
from studio.engine.job import Order
from studio.engine.learn.lesson import SHORTEST, Crops, Lesson
from studio.engine.learn.pupil import Pupil
from studio.engine.learn.written import check_free, write
from studio.engine.pixels.finish import to_tensor
from studio.engine.threads import Aside
from studio.models import style
from studio.models._spec import find_spec
from studio.models._weights import load_net
from studio.nets.optimise import at_short_side
from studio.nets.vgg19 import VGG19

T = TypeVar("T")

EYE = "style/optimise"  # the weights through whose features it looks
_EVERY = 5.0  # seconds between two previews, each of which costs a step or two
_SHOWN = 256  # px, short side of a preview: it is a tile of the gallery
_BEGUN, _LEARNT = 0.05, 0.97  # shares of the work
_FEWEST = 150  # steps that are made however long they take, unless told how many


class Learner:
    """Learns styles.

    Args:
        catalogue: where the weights are.
        aside: opens files.
    """

    def __init__(self, catalogue: Catalogue, aside: Aside) -> None:
        self._catalogue, self._aside = catalogue, aside

    def carry_out(self, order: Order[Learn]) -> Finished:
        """Does the job, tells of it, and returns its terminal event.

        Raises:
            StudioError: the request cannot be met.
            CancelledError: it was asked to stop.
        """
        request, progress, started = order.request, order.progress(), time.monotonic()
        check_seed(request.seed)
        begun, eye = self._catalogue.find(request.weights), self._catalogue.find(EYE)
        _check(begun, request)
        check_free(self._catalogue, request, begun)
        device = find_device(request.device)
        order.tell(Started(order.id, str(device)))
        progress.report(0.0, "opening")
        content = self._open(partial(content_of, request.painting), progress)
        painting = self._open(partial(open_painting, content), progress)
        seen = [
            self._open(partial(_opened, path), progress)
            for path in (*(Path(photo) for photo in request.photos), *sample_photos())
        ]
        shown = at_short_side(seen[0], _SHOWN, style.SPEC.multiple).to(device)
        vgg = cast("VGG19", load_net(eye, find_spec(eye.spec))).to(device)
        crops = Crops(seen, request.seed)
        lesson = Lesson(vgg, _middle(painting).to(device), crops)
        pupil = Pupil(begun, Path(request.output).stem, request.title)
        pupil.begin(lesson, seen[0].to(device), SubProgress(progress, 0.0, _BEGUN))
        learning = SubProgress(progress, _BEGUN, _LEARNT)
        last, done = time.monotonic(), 0
        share = _share(request, time.monotonic())
        for step in pupil.learn(lesson, crops, share, learning):
            done = step
            if time.monotonic() - last >= _EVERY:
                order.tell(_preview(order.id, pupil.paint(shown)))
                last = time.monotonic()
        progress.report(_LEARNT, "saving")
        spent = time.monotonic() - started
        written = write(pupil, begun, request, digest(content), done, spent)
        progress.report(1.0, "saved")
        seconds = time.monotonic() - started
        return Finished(order.id, request.output, written.id, str(device), seconds, (0, 0))

    def _open(self, opening: Callable[[], T], progress: Progress) -> T:
        return self._aside.do(opening, progress.check)


def _share(request: Learn, begun: float) -> Callable[[int], float]:
    """What share of the work is done after so many steps of it."""
    if request.steps:
        return lambda step: step / request.steps

    def share(step: int) -> float:
        clock = (time.monotonic() - begun) / (60 * request.minutes)
        return min(clock, step / _FEWEST, 1.0)

    return share


def _check(begun: Weights, request: Learn) -> None:
    if request.sha256 and begun.sha256 != request.sha256:
        raise StudioError(
            say("the weights {id} are not those of the request", id=begun.id),
            "other weights of that name were installed since",
        )
    if begun.spec != "style" or not begun.hyperparameters.get("styles"):
        raise StudioError(
            say("{id} has no styles to begin from", id=begun.id), "give style/gallery"
        )


def _opened(path: Path) -> Tensor:
    """A photo (1, 3, H, W), as large as it is seen at most; of a long one the middle."""
    return at_short_side(_middle(open_picture(path)), max(SHORTEST))


def _middle(picture: Picture) -> Tensor:
    """A picture (1, 3, H, W), of a long one the middle."""
    return to_tensor(picture.with_pixels(middle_of(picture.pixels))).contiguous()


def _preview(id_: JobId, painted: Tensor) -> Previewed:
    height, width = painted.shape[2:]
    pixels = np.full((height, width, 4), 255, np.uint8)
    pixels[..., :3] = (painted[0].permute(1, 2, 0) * 255).round().byte().cpu().numpy()
    return Previewed(id_, pixels, (width, height), ran_net=True, final=False)
