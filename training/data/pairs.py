"""Drawings and the photos that belong to them, moved and stretched alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageOps
from torch import Tensor
from torch.nn import functional as F

from studio.core.drawings.labels import Label
from studio.core.errors import StudioError
from studio.nets.appearance import Appearance
from training.data.doodles import Lines, simplify
from training.data.photos import to_tensor

_ASIDE = 90  # heads that are never trained on
_LEAST_ASIDE = 2  # a distance between sets needs as many
_EVERY = 7  # among those that come only once
_LARGEST = 320  # px, side at which photos and drawings are held in memory
_BORDER = 0.25  # mirrored around a photo that moves, as a share of its side
_SAME = 0.85  # correlation of two thumbnails from which on they show one and the same photo


@dataclass(frozen=True)
class Batch:
    """Drawings (P, C, S, S) and photos (P, 3, S, S) of pairs, and doodles (D, C, S, S).

    `plain` are the photos as they were taken, where those of the pairs are bent.
    """

    drawings: Tensor
    photos: Tensor
    doodles: Tensor
    plain: Tensor

    def to(self, device: torch.device) -> "Batch":
        """The same on a device."""
        parts = (self.drawings, self.photos, self.doodles, self.plain)
        return Batch(*(part.to(device) for part in parts))


@dataclass(frozen=True)
class Pair:
    """A drawing (C, S, S) in [0, 1], 1 where there is a line or the label; a photo (3, S, S).

    `plain` is the photo as it was taken; None: as it is.
    """

    drawing: Tensor
    photo: Tensor
    plain: Tensor | None = None


def to_batch(pairs: list[Pair], doodles: list[Tensor]) -> Batch:
    """Pairs side by side, and doodles, of which there may be none."""
    drawings, photos = (
        torch.stack(each) for each in zip(*((p.drawing, p.photo) for p in pairs), strict=True)
    )
    plain = torch.stack([p.photo if p.plain is None else p.plain for p in pairs])
    return Batch(drawings, photos, torch.stack(doodles) if doodles else drawings[:0], plain)


class Subject(Protocol):
    """What the generator learns to draw.

    Attributes:
        labels: of a drawing's planes; empty where the first plane is ink.
        channels: of a drawing.
        count: of pairs to train on.
    """

    labels: tuple[Label, ...]
    channels: int
    count: int

    @property
    def appearance(self) -> Appearance | None:
        """What draws a drawing's last three planes; None: there are no such planes."""
        ...

    def pair(self, index: int, random: np.random.Generator) -> Pair:
        """A pair to train on, changed at random."""
        ...

    def doodle(self, random: np.random.Generator) -> Tensor:
        """A drawing that no photo belongs to."""
        ...

    def shown(self, random: np.random.Generator) -> Tensor:
        """Such a drawing, made by code, for pictures that are published."""
        ...

    def doodles_aside(self) -> list[Tensor]:
        """Drawings that are never trained on, for the figures."""
        ...

    def held_out(self) -> list[Pair]:
        """Pairs that are never trained on, unchanged but for their size."""
        ...

    def real(self) -> list[Tensor]:
        """All photos (3, S, S), those held out too, unchanged but for their size."""
        ...


@dataclass(frozen=True, eq=False)
class DrawnPhoto:
    """A square photo, and its lines in grey at the same size, dark on light."""

    photo: Image.Image
    drawing: Image.Image
    name: str


class LinePairs:
    """Photos and drawings of their lines, dark on light.

    Every so many are held out, and none of these is among those trained on in another cut: of the
    cats' folder a quarter of the photos comes twice, cut or scaled a little otherwise.

    Args:
        drawn: photos, the drawings of their lines, and their names.
        side: of drawings and photos in px.

    Attributes:
        learnt: what is trained on.

    Raises:
        StudioError: too few are left to train on.
    """

    labels: tuple[Label, ...] = ()
    channels = 1
    appearance: Appearance | None = None

    def __init__(
        self,
        drawn: Sequence[DrawnPhoto],
        side: int,
    ) -> None:
        self.side = side
        same = _alike([each.photo for each in drawn]) > _SAME
        once = [index for index, row in enumerate(same) if not row[:index].any()]
        aside = once[::_EVERY][:_ASIDE]
        self._aside = [drawn[index] for index in aside]
        self.learnt = [each for each, row in zip(drawn, same, strict=True) if not row[aside].any()]
        self.count = len(self.learnt)
        if self.count == 0 or len(aside) < _LEAST_ASIDE:
            raise StudioError(
                f"too few photos that differ: {len(once)} of {len(drawn)}", "give eight or more"
            )

    def pair(self, index: int, random: np.random.Generator) -> Pair:
        """A pair, moved and stretched a little, mirrored half of the time; its edges a doodle."""
        source = self.learnt[index]
        photo = source.photo
        drawing = simplify(ink_of(source.drawing), photo.width, random)
        matrix = some_move(random)
        pair = Pair(
            moved(drawing[..., None], matrix, self.side, "constant"),
            moved(np.asarray(photo, np.float32) / 255, matrix, self.side, "reflect"),
        )
        return mirrored(pair) if random.random() < 0.5 else pair

    def doodle(self, random: np.random.Generator) -> Tensor:
        """The drawing of any photo."""
        return self.pair(int(random.integers(self.count)), random).drawing

    shown = doodle

    def doodles_aside(self) -> list[Tensor]:
        """The drawings held out."""
        return [pair.drawing for pair in self.held_out()]

    def held_out(self) -> list[Pair]:
        """The same simplification of each drawing every time."""
        pairs: list[Pair] = []
        for index, each in enumerate(self._aside):
            drawing = simplify(ink_of(each.drawing), self.side, np.random.default_rng(index))
            pairs.append(Pair(as_tensor(drawing), scaled(each.photo, self.side)))
        return pairs

    def real(self) -> list[Tensor]:
        """All photos."""
        return [scaled(each.photo, self.side) for each in self.learnt + self._aside]


def _alike(photos: list[Image.Image]) -> NDArray[np.floating]:
    """Correlation of each two photos' thumbnails (N, N)."""
    small = [p.convert("L").resize((16, 16), Image.Resampling.BOX) for p in photos]
    rows = np.stack([np.asarray(each, np.float64).ravel() for each in small])
    rows -= rows.mean(1, keepdims=True)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
    return rows @ rows.T


def middle_of(photo: Image.Image) -> Image.Image:
    """The middle square of a photo, no larger than is of use."""
    square = _middle(photo)
    square.thumbnail((_LARGEST, _LARGEST), Image.Resampling.LANCZOS)
    return square


def read_pair(photo: Path, drawing: Path) -> DrawnPhoto:
    """A photo, and the middle square of its drawing.

    Raises:
        StudioError: either cannot be opened.
    """
    square = middle_of(_opened(photo, "RGB"))
    drawn = _opened(drawing, "RGBA")
    paper = Image.new("RGBA", drawn.size, "white")
    lines = _middle(Image.alpha_composite(paper, drawn).convert("L"))
    lines = lines.resize(square.size, Image.Resampling.LANCZOS)
    return DrawnPhoto(square, lines, photo.stem)


def _opened(path: Path, mode: str) -> Image.Image:
    try:
        with Image.open(path) as file:
            return ImageOps.exif_transpose(file).convert(mode)
    except (OSError, SyntaxError) as error:  # the latter: of PNG files
        raise StudioError(f"{path} cannot be opened", "take it out, or replace it") from error


def _middle(picture: Image.Image) -> Image.Image:
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    return picture.crop((left, top, left + side, top + side))


def some_move(random: np.random.Generator) -> Tensor:
    """From a place in the result to one in the source, both in [-1, 1]: (2, 3)."""
    scale = random.uniform(0.82, 1.12) * np.exp(random.normal(0, 0.08, 2))
    angle, free = random.normal(0, 0.08), np.maximum(0.04, 1 - scale)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return torch.from_numpy(np.column_stack([turn * scale, random.uniform(-free, free)])).float()


def moved(
    picture: NDArray[np.floating], matrix: Tensor, side: int, beside: Literal["constant", "reflect"]
) -> Tensor:
    """A picture (S, S, C) moved: (C, side, side); `beside`: as of `numpy.pad`."""
    border = round(_BORDER * len(picture))
    wide = np.pad(picture, ((border, border), (border, border), (0, 0)), beside)
    grid = F.affine_grid(
        matrix[None] * (len(picture) / len(wide)), [1, 1, side, side], align_corners=False
    )
    shown = torch.from_numpy(wide).float().permute(2, 0, 1)[None]
    return F.grid_sample(shown, grid, padding_mode="border", align_corners=False)[0].clamp(0, 1)


def ink_of(edges: Image.Image) -> Lines:
    """Grey lines, dark on light, as ink (H, W) in [0, 1]."""
    return 1 - np.asarray(edges, np.float32) / 255


def mirrored(pair: Pair) -> Pair:
    """Left and right exchanged."""
    plain = None if pair.plain is None else pair.plain.flip(2)
    return Pair(pair.drawing.flip(2), pair.photo.flip(2), plain)


def as_tensor(ink: Lines) -> Tensor:
    """Ink (S, S) as a net is shown it: (1, S, S)."""
    return torch.from_numpy(ink)[None].float()


def scaled(photo: Image.Image, side: int) -> Tensor:
    """A photo at one size: (3, S, S)."""
    return to_tensor(photo.resize((side, side), Image.Resampling.BICUBIC))
