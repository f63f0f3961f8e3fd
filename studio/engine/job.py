"""Resolving a request: looking up all that it names; without torch where it is for the CPU."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeVar

from studio.core.catalogue import Catalogue, Weights
from studio.core.controls import Mask, Painting, Value, complete
from studio.core.errors import StudioError
from studio.core.events import Event, Noticed, Progressed
from studio.core.page_files import has_several
from studio.core.picture import Picture
from studio.core.progress import Progress, SubProgress
from studio.core.requests import Apply, Generate, JobId, Step, check_seed
from studio.core.values import paintings
from studio.core.values.files import files_of
from studio.core.values.mask_pictures import open_mask, record
from studio.core.words.said import say
from studio.engine.accelerators import may_have_an_accelerator
from studio.models._header import check_header
from studio.models._spec import ModelSpec, find_spec

if TYPE_CHECKING:
    import torch


_ALONE = JobId(0)
R = TypeVar("R")
S = TypeVar("S")


@dataclass(frozen=True)
class Order(Generic[R]):
    """A request, and who hears of it.

    Attributes:
        tell: receives the job's events.
        cancelled: whether it should stop; asked at every step.
        enough: whether a gradual work should end with what it has.
        clock: as of `Progress`.
    """

    request: R
    id: JobId = _ALONE
    tell: Callable[[Event], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False
    enough: Callable[[], bool] = lambda: False
    clock: Callable[[], float] = time.monotonic

    def about(self, request: S) -> "Order[S]":
        """The same, for a part of it."""
        return Order(request, self.id, self.tell, self.cancelled, self.enough, self.clock)

    def progress(self) -> Progress:
        """Tells how far it is, and asks."""
        return Progress(
            lambda *what: self.tell(Progressed(self.id, *what)),
            self.cancelled,
            self.enough,
            self.clock,
        )


@dataclass(frozen=True)
class Resolved:
    """The weights of a request and what can load them; settings complete; the device's name."""

    weights: Weights
    spec: ModelSpec
    settings: dict[str, Value]
    place: str

    @property
    def device(self) -> "torch.device":
        """The place, for torch."""
        return _device(self.place)


def resolve(catalogue: Catalogue, request: Apply | Generate) -> Resolved:
    """Looks up all that a request names but files of pictures.

    Raises:
        StudioError: weights, device or settings are not to be had.
    """
    check_seed(request.seed)
    weights = catalogue.find(request.weights)
    if request.sha256 and weights.sha256 != request.sha256:
        raise StudioError(
            say("the weights {id} are not those of the request", id=weights.id),
            "other weights of that name were installed since",
        )
    spec = find_spec(weights.spec)
    check_header(weights, spec)
    place = _place(request.device)
    # By the model's own ranges: a header is anybody's.
    settings = complete(spec.controls(weights.hyperparameters), request.settings)
    return Resolved(weights, spec, settings, place)


def _place(wanted: str) -> str:
    if wanted == "cpu" or (wanted == "auto" and not may_have_an_accelerator()):
        return "cpu"
    from studio.engine.device import find_device  # loads torch

    return str(find_device(wanted))


def _device(place: str) -> "torch.device":
    import torch

    return torch.device(place)


def takes_all(request: Apply, source: Path) -> bool:
    """Whether a request is about several pages of its file.

    Raises:
        StudioError: the file cannot be opened.
    """
    return request.pages == "all" and request.seconds is None and has_several(source)


def painting_names(weights: Weights) -> list[str]:
    """Of the controls that have paintings."""
    return [c.name for c in weights.controls if isinstance(c, Painting)]


@dataclass(frozen=True)
class ApplyJob:
    """What carrying out an `Apply` needs: the job's request, and all that it names.

    Attributes:
        settings: complete, with the paintings' contents; a slider may stand at ``auto``.
        upscaling: enlarges the result; None: nothing does.
        place: the name of the first device.
        tell: receives the job's events.
        progress: told and asked at every step.
        kept: settings that the result has instead of those that were asked for, since a gradual
            work was ended early.
        then: the jobs that its result goes through.
    """

    id: JobId
    request: Apply
    weights: Weights
    spec: ModelSpec
    settings: dict[str, Value]
    place: str
    tell: Callable[[Event], None]
    progress: Progress
    kept: dict[str, Value] = field(default_factory=dict)
    upscaling: "ApplyJob | None" = None
    then: tuple["ApplyJob", ...] = ()

    @cached_property
    def device(self) -> "torch.device":
        """The place, for torch."""
        return _device(self.place)

    @property
    def scale(self) -> int:
        """How many times as wide and high as the picture the last result is."""
        upscaling = self.upscaling
        more = 1 if upscaling is None else upscaling.weights.scale**self.request.upscales
        return prod((self.weights.scale, *(step.scale for step in self.then), more))

    def steps(self) -> list["ApplyJob"]:
        """This job alone, and those that follow; each tells of its part of the whole."""
        alone = (replace(self, then=(), upscaling=None), *self.then)
        part = 1 / len(alone)
        return [
            replace(each, progress=SubProgress(self.progress, i * part, (i + 1) * part))
            for i, each in enumerate(alone)
        ]

    @property
    def bytes_beside(self) -> int:
        """Bytes a pixel that a picture needs besides itself while it is done: result and file.

        Measured from file to file: 37 in all, for a result of the same size with five channels.
        """
        return 24 * self.scale**2

    def notice(self, message: str) -> None:
        """Tells the person."""
        self.tell(Noticed(self.id, message))

    def before_net(self) -> tuple[tuple[str, Value], ...]:
        """The settings that the net's output depends on."""
        controls = self.weights.controls
        return tuple((c.name, self.settings[c.name]) for c in controls if not c.after_net)

    def prepared(self, picture: Picture) -> Picture:
        """The picture as the model wants to see it."""
        if self.spec.prepare is None:
            return picture
        return self.spec.prepare(picture, self.weights.hyperparameters, self.settings)

    @cached_property
    def mask(self) -> Picture | None:
        """Says where the model acts; None: everywhere.

        Raises:
            StudioError: its file cannot be read, or its content is damaged.
        """
        name = self._mask_name
        return open_mask(str(self.settings[name])) if name else None

    @property
    def _mask_name(self) -> str:
        """Of the control that has a mask; empty where none has."""
        names = (c.name for c in self.weights.controls if isinstance(c, Mask))
        return next((name for name in names if self.settings[name]), "")

    @property
    def read_besides(self) -> list[Path]:
        """What is read beside the picture: the weights, and masks and paintings that have files."""
        upscaling = [] if self.upscaling is None else [self.upscaling.weights.path]
        files = files_of(self.weights.controls, self.request.settings)
        steps = [path for step in self.then for path in step.read_besides]
        return [self.weights.path, *upscaling, *files, *steps]

    def originals(self) -> list[Path]:
        """The files that are read, and never written to."""
        return [Path(self.request.source), *self.read_besides]

    def kept_request(self) -> Apply:
        """The request that goes into the file: complete, and without the person's folders.

        Raises:
            StudioError: as `mask`.
        """
        settings = {**self.settings, **self.kept}
        for name in painting_names(self.weights):
            if settings[name]:
                settings[name] = paintings.record(str(settings[name]))
        if self.mask is not None:
            value = str(settings[self._mask_name])
            settings[self._mask_name] = record(value, self.mask)
        return replace(
            self.request,
            weights=self.weights.id,
            sha256=self.weights.sha256,
            source=Path(self.request.source).name,
            output=Path(self.request.output).name,
            settings=settings,
            then=tuple(step.as_step() for step in self.then),
            upscaler="" if self.upscaling is None else self.upscaling.weights.id,
            upscaler_sha256="" if self.upscaling is None else self.upscaling.weights.sha256,
        )

    def as_step(self) -> Step:
        """What a request says of it where it follows another."""
        kept = self.kept_request()
        return Step(kept.weights, kept.sha256, kept.settings)


def following(request: Apply, step: Step) -> Apply:
    """A request for a step that follows it."""
    return replace(
        request,
        weights=step.weights,
        sha256=step.sha256,
        settings=step.settings,
        then=(),
        upscaler="",
    )
