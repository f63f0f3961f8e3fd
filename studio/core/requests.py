"""What a front may ask of the engine. The same request gives the same picture."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Annotated, Any, Literal, NewType

from msgspec import Meta

from studio.core.checked import fitted, parse, refuse_unknown
from studio.core.controls import Settings
from studio.core.errors import StudioError
from studio.core.steps import HasSteps, Step
from studio.core.words.said import say

JobId = NewType("JobId", int)
LAST_SEED = (1 << 64) - 1
"""Seeds are whole numbers from 0 to this."""

_Seed = Annotated[int, Meta(ge=0)]  # msgspec has no bounds beyond 63 bits: see `check_seed`
_Side = Annotated[int, Meta(ge=1, le=1 << 16)]
_Count = Annotated[int, Meta(ge=0, le=1 << 14)]
_Many = Annotated[int, Meta(ge=0, le=1 << 20)]
_Place = Annotated[int, Meta(ge=0, le=1 << 31)]
_Times = Annotated[int, Meta(ge=1, le=4)]
Which = Literal["first", "all"]
"""Of several pages."""
Codec = Literal["auto", "hevc"]  # of a video: what most players know, or what makes smaller files
_Seconds = Annotated[float, Meta(ge=0, le=1e9)]
_Number = Annotated[float, Meta(ge=-1e6, le=1e6)]


@dataclass(frozen=True)
class SaveOptions:
    """How a picture is written.

    Attributes:
        quality: of JPEG, WebP, AVIF and HEIC, 1 to 100.
        lossless: WebP, HEIC: every pixel; AVIF: within 3 of 255 levels; None: as a WebP was.
        overwrite: replace a file of that name.
        metadata: keep EXIF, XMP and what else a file says of itself; the colour profile, without
            which the colours are wrong, always stays.
        deep: 16 bits a channel in PNG and TIFF, 10 in AVIF and HEIC, also where the photo has 8.
        recorded: keep the request in the file, where it has metadata.
    """

    quality: Annotated[int, Meta(ge=1, le=100)] = 92
    lossless: bool | None = None
    overwrite: bool = False
    metadata: bool = True
    deep: bool = False
    recorded: bool = True

    def note(self, request_json: str) -> str:
        """The request as it goes into the file; empty: it does not."""
        return request_json if self.metadata and self.recorded else ""


@dataclass(frozen=True)
class Apply(HasSteps):
    """One picture through one model, or through several one after the other.

    Attributes:
        weights: id such as ``style/gallery``, or a path.
        sha256: of the weights file; empty: whichever file has that id.
        source: path of the picture, or of a video of which one frame is the picture.
        output: path of the result; empty: a preview, answered with pixels and no file.
        settings: value of each control; those left out have their defaults.
        seed: of the generator that a model with randomness draws from, 0 to `LAST_SEED`.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:1``, ``mps``, ``xpu``.
        tile: ``auto``, ``off``, or the height of a strip in px.
        preview_side: with an empty output: the longest side of the preview in px.
        seconds: of a video: which frame, by the time after its beginning; None: of a picture.
        region: with an empty output: (left, top, width, height) in px of the full picture, to see
            that part as it will be saved; for weights that are neither gradual nor draw anew.
        save: how the result is written.
        pages: of a file with several pages or frames: the ``first``, or ``all`` into one file; a
            preview is always of the first.
        then: the models that follow.
        upscaler: weights that enlarge the whole result, such as ``enhance/upscale2x``; empty: none.
        upscaler_sha256: of that weights file; empty: whichever file has that id.
        upscales: how often they do so, one time after the other.
    """

    weights: str
    source: str
    output: str = ""
    sha256: str = ""
    settings: Settings = field(default_factory=dict)
    seed: _Seed = 0
    device: str = "auto"
    tile: str = "auto"
    preview_side: _Side = 1280
    seconds: _Seconds | None = None
    region: tuple[_Place, _Place, _Place, _Place] | None = None
    save: SaveOptions = SaveOptions()
    pages: Which = "first"
    then: tuple[Step, ...] = ()
    upscaler: str = ""
    upscaler_sha256: str = ""
    upscales: _Times = 1

    def through(self, steps: Sequence[Step]) -> "Apply":
        """The same through other models, of which there is at least one."""
        first, *then = steps
        return replace(
            self, weights=first.weights, sha256=first.sha256, settings=first.settings,
            then=tuple(then),
        )  # fmt: skip


@dataclass(frozen=True)
class Batch(HasSteps):
    """A folder of pictures through one model.

    Attributes:
        weights, sha256, settings, seed, device, tile: as in `Apply`.
        source: path of the folder.
        output: path of the folder of results, with the same subfolders.
        recursive: look into subfolders.
        file_format: suffix of the results without its dot, such as ``jpg``; ``keep``: each file's
            own, or JPEG for what can only be read.
        resume: go on with what the journal in `output` says was begun.
        report: path of a JSON report; empty for none.
        cluster: ``""``: this machine; ``auto`` or an address: the workers of a Ray cluster.
        save: how each result is written.
        pages, then: as in `Apply`.
    """

    weights: str
    source: str
    output: str
    sha256: str = ""
    settings: Settings = field(default_factory=dict)
    seed: _Seed = 0
    device: str = "auto"
    tile: str = "auto"
    recursive: bool = True
    file_format: str = "keep"
    resume: bool = False
    report: str = ""
    cluster: str = ""
    save: SaveOptions = SaveOptions()
    pages: Which = "first"
    then: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Video(HasSteps):
    """The frames of a video through one model; sound and subtitles are copied.

    Attributes:
        weights, sha256, settings, seed, device, tile, preview_side, then: as in `Apply`.
        source, output: paths; the first frame is shown as soon as it is painted.
        damping: of flicker, 0 to 1: how much each frame leans on the one before it.
        save: how the result is written; its quality counts for the frames' compression.
        begin, end: seconds of the video between which it is written; None: to its end.
        side, codec: of its frames: px of the shorter side at most, None: all; how they are packed.
    """

    weights: str
    source: str
    output: str
    sha256: str = ""
    settings: Settings = field(default_factory=dict)
    seed: _Seed = 0
    device: str = "auto"
    tile: str = "auto"
    damping: Annotated[float, Meta(ge=0, le=1)] = 0.6
    preview_side: _Side = 1280
    save: SaveOptions = SaveOptions()
    then: tuple[Step, ...] = ()
    begin: _Seconds = 0.0
    end: _Seconds | None = None
    side: _Side | None = None
    codec: Codec = "auto"


@dataclass(frozen=True)
class Generate:
    """Pictures of latents, by a model that takes nothing else: a grid of them, or a film.

    Attributes:
        weights, sha256, settings, device, save: as in `Apply`.
        output: path of a picture (the grid), of an MP4, GIF or WebP (the film) or of a JSON file
            (the latents), or of a folder (`single`); empty: the grid is answered with pixels and no
            file.
        count: how many pictures, where neither `seeds` nor `latents` say which.
        seed: of the first picture; each further one has the next.
        seeds, latents: one for each picture, such as of faces that somebody liked; latents first.
        source: path of the file that the latents were kept in, which is not written over; empty:
            none.
        columns: of the grid; 0: about as many as rows.
        padding: px between the grid's pictures, white; with 0 a front can cut it up.
        upscaler: weights that enlarge each picture, such as ``enhance/upscale2x``; empty: none.
        upscaler_sha256: of that weights file; empty: whichever file has that id.
        upscales: how often they do so, one time after the other.
        zoom: side in px of a picture's pixel, after that.
        frames: above 0: a way through the pictures in as many steps, a film or a grid of them.
        fps, loop: of a film: frames a second; whether it leads back to the first picture.
        single: each picture is a file in the folder `output`, beside one table of all latents.
        file_format: suffix of those files without its dot, such as ``jpg``.
        resume: go on with what was begun in that folder.
    """

    weights: str
    output: str = ""
    sha256: str = ""
    count: _Many = 1
    seed: _Seed = 0
    seeds: tuple[_Seed, ...] = ()
    latents: tuple[tuple[_Number, ...], ...] = ()
    source: str = ""
    columns: _Count = 0
    padding: _Count = 2
    upscaler: str = ""
    upscaler_sha256: str = ""
    upscales: _Times = 1
    zoom: Annotated[int, Meta(ge=1, le=32)] = 1
    frames: _Count = 0
    fps: Annotated[float, Meta(gt=0, le=240)] = 25.0
    loop: bool = False
    single: bool = False
    file_format: str = "png"
    resume: bool = False
    settings: Settings = field(default_factory=dict)
    device: str = "auto"
    save: SaveOptions = SaveOptions()


@dataclass(frozen=True)
class Learn:
    """A new style for the gallery's network, learnt from one painting.

    Attributes:
        weights, sha256, seed, device, save: as in `Apply`; the weights are of a gallery.
        painting: path of a picture, or its content as the value of a `Painting`.
        output: path of the weights, named ``<folder>/style/<name>.safetensors``.
        title: of the style, for people.
        photos: paths of photos to learn it on, besides samples; the first one is previewed.
        minutes: how long to learn; slow machines take longer, for there is a least of steps.
        steps: how many crops of photos are painted instead; 0: as many as the minutes allow.
    """

    weights: str
    painting: str
    output: str
    title: str
    sha256: str = ""
    photos: tuple[str, ...] = ()
    minutes: Annotated[float, Meta(gt=0, le=1440)] = 2.8
    steps: Annotated[int, Meta(ge=0, le=100_000)] = 0
    seed: _Seed = 0
    device: str = "auto"
    save: SaveOptions = SaveOptions()


Request = Apply | Batch | Generate | Learn | Video
_KINDS: dict[str, type[Request]] = {k.__name__: k for k in (Apply, Batch, Generate, Learn, Video)}


def check_seed(seed: int) -> None:
    """Raises a StudioError for a number that is no seed."""
    if not 0 <= seed <= LAST_SEED:
        hint = say("seeds are whole numbers from 0 to {last}", last=LAST_SEED)
        raise StudioError(say("{seed} is no seed", seed=seed), hint)


def to_json(request: Request) -> str:
    """One line of JSON that `from_json` reads."""
    said = {"request": type(request).__name__, **asdict(request)}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False)
    # A file name need not be UTF-8; Python's stand-ins for such bytes are JSON only if escaped.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def from_json(text: str, name: str = "this") -> Request:
    """Reads what `to_json` wrote.

    Args:
        text: JSON.
        name: where it was found, for people.

    Raises:
        StudioError: the text is no request, or one that only a newer studio understands.
    """
    return from_fields(parse(text, name), name)


def from_fields(said: Any, name: str) -> Request:
    """As `from_json`, of JSON that has been parsed."""
    fields: dict[str, Any] = dict(said) if isinstance(said, dict) else {}
    kind = _KINDS.get(str(fields.pop("request", "")))
    if kind is None:
        words = say("{name} holds no request of the studio", name=name)
        raise StudioError(words, "it may be from a newer one")
    refuse_unknown(fields, kind, name)
    if isinstance(fields.get("save"), dict):
        refuse_unknown(fields["save"], SaveOptions, name)
    return fitted(fields, kind, name)
