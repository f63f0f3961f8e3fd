"""What the engine is asked for, and in what order: first what reacts at once."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.core.requests import Generate
from studio.core.words.tongue import tr
from studio.gui.faces.live_sheet import LiveSheet
from studio.gui.faces.player import FPS
from studio.gui.state.album import Album, Face
from studio.gui.state.toolbox import Known
from studio.gui.state.workspace import Workspace

_WORTH_ENLARGING = 32  # px, side from which faces are shown and saved larger than they are made
_LARGE = 512  # px, side that they then have at least
_DETAILS = "details"  # the control that costs time: what moves does without
_COLUMNS = 8  # of the sheets that the engine sends
_PORTION = 13  # samples that come at once, half of 25, so that the first ones are there soon
_SECONDS = 2  # from one face to the next when it plays


def frames_of(album: Album) -> int:
    """How many a walk through the pinned faces has."""
    return _SECONDS * FPS * len(album.pins)


class FaceRequests(QObject):
    """Makes pictures of an album.

    Signals:
        face_shown: (QImage) the face that is looked at; again once it is sharp.
        pins_shown, walk_shown: (list of QImage).
        walk_lost: the walk that was wanted does not come.
        samples_shown: (number of the first one, list of QImage) some of the samples.
        failed: (StudioError).
    """

    face_shown = Signal(object)
    pins_shown = Signal(object)
    samples_shown = Signal(int, object)
    walk_shown = Signal(object)
    walk_lost = Signal()
    failed = Signal(object)

    def __init__(self, workspace: Workspace, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._to_detail: tuple[Album, Sequence[Face]] | None = None
        self._to_enlarge: Generate | None = None
        self._wanted: dict[str, Generate] = {}  # last, of each part of the page
        self._face = self._live_sheet(tr("Making what is looked at"), "face")
        self._pins = self._live_sheet(tr("Making what is pinned"), "pins")
        self._samples: list[LiveSheet] = []
        self._walk = self._live_sheet(tr("Making a walk"), impatient=True)
        self._large = self._live_sheet(tr("Enlarging"))
        self._face.shown.connect(lambda images: self.face_shown.emit(images[0]))
        self._large.shown.connect(self._take_large)
        self._pins.shown.connect(self.pins_shown)
        self._walk.shown.connect(self.walk_shown)
        self._walk.lost.connect(self.walk_lost)

    @property
    def busy(self) -> bool:
        """Whether something is on its way."""
        sheets = (self._face, self._pins, *self._samples, self._walk, self._large)
        return any(sheet.busy for sheet in sheets)

    def want_face(self, album: Album, face: Face) -> None:
        """Wants a face at once; sharp it comes when nothing else is wanted any more."""
        small = replace(self.small(album), latents=(face.latent,), zoom=self.zoom(album))
        if not self._is_new("face", small):
            return
        self._large.give_up()
        self._face.want(small)
        large = replace(self.large(album), latents=(face.latent,))
        self._to_enlarge = large if large.upscaler else None

    def want_others(self, album: Album, samples: Sequence[Face]) -> None:
        """Wants the samples and the pinned faces; details come when nothing moves any more."""
        small = self.small(album)
        latents = tuple(face.latent for face in samples)
        if not self._is_new("samples", replace(small, latents=latents)):
            if self._to_detail is not None:
                self._to_detail = (album, samples)
            self._want_pins(small, album)
            return
        self._to_detail = None
        if small.settings.get(_DETAILS, False):
            self._to_detail = (album, samples)
            rough = replace(small, settings={**small.settings, _DETAILS: False})
            self._want_sheets(rough, album, samples, len(samples))
        else:
            self._want_sheets(small, album, samples, _PORTION)

    def want_walk(self, album: Album) -> None:
        """Wants the frames of a walk through the pinned faces and back to the first."""
        self._to_enlarge = None
        self._large.give_up()
        self.forget_face()
        walk = replace(self.small(album), latents=album.pinned, frames=frames_of(album), loop=True)
        self._walk.want(walk)

    def forget_face(self) -> None:
        """Something else has taken its place: it is made again when it is wanted."""
        self._wanted.pop("face", None)

    def stop_walk(self) -> None:
        """Wants no walk any more."""
        self._walk.give_up()

    def small(self, album: Album) -> Generate:
        """For pictures as the net makes them, without padding, so that they can be cut up."""
        return Generate(
            weights=album.look.weights, sha256=self._known(album).sha256, columns=_COLUMNS,
            padding=0, settings=dict(album.look.settings), source=album.source,
        )  # fmt: skip

    def large(self, album: Album) -> Generate:
        """For pictures that are large enough to look at, where there are weights for that."""
        upscaler, times = self._upscaler(), self._doublings(album)
        if upscaler is None or not times:
            return self.small(album)
        return replace(
            self.small(album), upscaler=upscaler.weights.id, upscaler_sha256=upscaler.sha256,
            upscales=times,
        )  # fmt: skip

    def side(self, album: Album) -> int:
        """Of a large picture, in px."""
        times = 0 if self._upscaler() is None else self._doublings(album)
        return self._side(album) * 2**times

    def _upscaler(self) -> Known | None:
        return self._workspace.toolbox.upscaler

    def zoom(self, album: Album) -> int:
        """How many times as large a picture is shown that nothing enlarges but its pixels."""
        return 2 ** self._doublings(album)

    def _doublings(self, album: Album) -> int:
        """How often a picture is made twice as large."""
        side = self._side(album)
        return max(0, (_LARGE - 1) // side).bit_length() if side >= _WORTH_ENLARGING else 0

    def _side(self, album: Album) -> int:
        return self._known(album).weights.side

    def _known(self, album: Album) -> Known:
        return self._workspace.toolbox.find(album.look.weights)

    def _want_sheets(
        self, small: Generate, album: Album, samples: Sequence[Face], portion: int
    ) -> None:
        """Wants the samples, a portion after the other, and the pinned faces after the first."""
        latents = tuple(face.latent for face in samples)
        portions = [latents[first : first + portion] for first in range(0, len(latents), portion)]
        while len(self._samples) < len(portions):
            first = len(self._samples) * _PORTION
            sheet = self._live_sheet(tr("Making others"), "samples")
            sheet.shown.connect(partial(self.samples_shown.emit, first))
            self._samples.append(sheet)
        for sheet in self._samples[len(portions) :]:
            sheet.give_up()
        for number, (sheet, some) in enumerate(zip(self._samples, portions, strict=False)):
            sheet.want(replace(small, latents=some))
            if number == 0:
                self._want_pins(small, album)

    def _want_pins(self, small: Generate, album: Album) -> None:
        wanted = replace(small, latents=album.pinned)
        if self._is_new("pins", wanted) and album.pins:
            self._pins.want(wanted)

    def _is_new(self, part: str, wanted: Generate) -> bool:
        """Whether a part of the page shows something else, or nothing, as after a failure."""
        known = self._wanted.get(part)
        self._wanted[part] = wanted
        return wanted != known

    def _take_large(self, images: list[QImage]) -> None:
        if self._to_enlarge is None:  # else another face is looked at by now
            self.face_shown.emit(images[0])

    def _settle(self) -> None:
        if self.busy:
            return
        if self._to_detail is not None:
            (album, samples), self._to_detail = self._to_detail, None
            self._want_sheets(self.small(album), album, samples, _PORTION)
        elif self._to_enlarge is not None:
            request, self._to_enlarge = self._to_enlarge, None
            self._large.want(request)

    def _live_sheet(self, words: str, part: str = "", *, impatient: bool = False) -> LiveSheet:
        sheet = LiveSheet(words, self._workspace.jobs, self, impatient=impatient)
        sheet.failed.connect(self.failed)
        sheet.lost.connect(lambda: self._wanted.pop(part, None))
        sheet.rested.connect(self._settle)
        return sheet
