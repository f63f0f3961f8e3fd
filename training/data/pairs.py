"""Drawings and the photos that belong to them: cats and their edges, facades and their labels."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from studio.core.drawing import Label, nearest
from studio.core.errors import StudioError
from training.data.doodles import draw_cat, simplify
from training.data.fronts import FACADE_LABELS, draw_front
from training.data.photos import photos_of

_ASIDE = 90  # heads that are never trained on
_LEAST_ASIDE = 2  # a distance between sets needs as many
_EVERY = 7  # among those that come only once
_LARGEST = 320  # px, side at which photos and drawings are held in memory
# Noses and an eye from too near, a body without a head, and the dogs at the end.
_NO_HEADS = frozenset({42, 45, 48, 101, 186, 303, 309, 458, 492, *range(944, 956)})
_SAME = 0.85  # correlation of two thumbnails from which on they show one and the same photo


@dataclass(frozen=True)
class Pair:
    """A drawing (C, S, S) in [0, 1], 1 where there is a line or the label; a photo (3, S, S)."""

    drawing: Tensor
    photo: Tensor


class Subject(Protocol):
    """What the generator learns to draw.

    Attributes:
        labels: of a drawing's planes; empty where it is one plane of ink.
        count: of pairs to train on.
    """

    labels: tuple[Label, ...]
    count: int

    def pair(self, index: int, random: np.random.Generator) -> Pair:
        """A pair to train on, changed at random."""
        ...

    def doodle(self, random: np.random.Generator) -> Tensor:
        """A drawing that no photo belongs to."""
        ...

    def held_out(self) -> list[Pair]:
        """Pairs that are never trained on, unchanged but for their size."""
        ...

    def real(self) -> list[Tensor]:
        """All photos (3, S, S), those held out too, unchanged but for their size."""
        ...


class LinePairs:
    """Photos and drawings of their lines, dark on light.

    Every so many are held out, and none of these is among those trained on in another cut: of the
    cats' folder a quarter of the photos comes twice, cut or scaled a little otherwise.

    Args:
        files: of each photo and of its drawing.
        side: of drawings and photos in px.
        doodle: draws the ink (S, S) of what no photo belongs to; without, one of the drawings.

    Raises:
        StudioError: too few are left to train on.
    """

    labels: tuple[Label, ...] = ()

    def __init__(
        self,
        files: Sequence[tuple[Path, Path]],
        side: int,
        doodle: Callable[[int, np.random.Generator], NDArray[np.float32]] | None = None,
    ) -> None:
        self.side, self._doodle = side, doodle
        pairs = [_read_pair(*each) for each in files]
        same = _alike([photo for photo, _ in pairs]) > _SAME
        once = [index for index, row in enumerate(same) if not row[:index].any()]
        aside = once[::_EVERY][:_ASIDE]
        self._aside = [pairs[index] for index in aside]
        self._train = [p for p, row in zip(pairs, same, strict=True) if not row[aside].any()]
        self.count = len(self._train)
        if self.count == 0 or len(aside) < _LEAST_ASIDE:
            raise StudioError(
                f"{len(files)} pairs are too few", "give eight or more photos that differ"
            )

    def pair(self, index: int, random: np.random.Generator) -> Pair:
        """A pair, a little closer or not, mirrored half of the time; its edges made a doodle."""
        photo, edges = self._train[index]
        size = photo.width
        part = size * random.uniform(0.82, 1.0)
        left, top = random.uniform(0, size - part, 2)
        box = (left, top, left + part, top + part)
        photo = photo.resize((self.side, self.side), Image.Resampling.BICUBIC, box=box)
        edges = edges.resize((size, size), Image.Resampling.BICUBIC, box=box)
        drawing = simplify(_ink(edges), self.side, random)
        pair = Pair(torch.from_numpy(drawing)[None].float(), _to_tensor(photo))
        return _mirrored(pair) if random.random() < 0.5 else pair

    def doodle(self, random: np.random.Generator) -> Tensor:
        """What a person may draw."""
        if self._doodle is None:
            return self.pair(int(random.integers(self.count)), random).drawing
        return torch.from_numpy(self._doodle(self.side, random))[None].float()

    def held_out(self) -> list[Pair]:
        """The same simplification of each drawing every time."""
        pairs: list[Pair] = []
        for index, (photo, edges) in enumerate(self._aside):
            drawing = simplify(_ink(edges), self.side, np.random.default_rng(index))
            tensor = torch.from_numpy(drawing)[None].float()
            pairs.append(Pair(tensor, _scaled(photo, self.side)))
        return pairs

    def real(self) -> list[Tensor]:
        """All photos."""
        return [_scaled(photo, self.side) for photo, _ in self._train + self._aside]


class Facades:
    """Fronts of buildings and the maps of their parts.

    Args:
        data: the folder of all data.
        side: of maps and photos in px.
    """

    labels = FACADE_LABELS

    def __init__(self, data: Path, side: int) -> None:
        self.side = side
        self._train, self._aside = (
            [_read_facade(path) for path in photos_of(data / "facades" / part)]
            for part in ("train", "val")
        )
        self.count = len(self._train)

    def pair(self, index: int, random: np.random.Generator) -> Pair:
        """A part of a front, mirrored half of the time."""
        photo, labels = self._train[index]
        part = photo.width * random.uniform(0.7, 1.0)
        left, top = random.uniform(0, photo.width - part, 2)
        pair = self._pair(photo, labels, (left, top, left + part, top + part))
        return _mirrored(pair) if random.random() < 0.5 else pair

    def doodle(self, random: np.random.Generator) -> Tensor:
        """A front as somebody paints it."""
        return self._planes(draw_front(self.side, random))

    def held_out(self) -> list[Pair]:
        """Whole fronts."""
        return [self._pair(*each, (0, 0, *each[0].size)) for each in self._aside]

    def real(self) -> list[Tensor]:
        """All fronts."""
        return [_scaled(photo, self.side) for photo, _ in self._train + self._aside]

    def _pair(
        self, photo: Image.Image, labels: Image.Image, box: tuple[float, float, float, float]
    ) -> Pair:
        size = (self.side, self.side)
        photo = photo.resize(size, Image.Resampling.BICUBIC, box=box)
        labels = labels.resize(size, Image.Resampling.NEAREST, box=box)
        return Pair(self._planes(np.asarray(labels)), _to_tensor(photo))

    def _planes(self, indices: NDArray[np.uint8]) -> Tensor:
        """A plane for each label (L, S, S), of its pixels' indices (S, S)."""
        found = torch.from_numpy(indices.astype(np.int64))
        return torch.nn.functional.one_hot(found, len(self.labels)).permute(2, 0, 1).float()


def cats(data: Path, side: int) -> LinePairs:
    """Heads of cats and their HED edges; the doodles are cats as a child draws them."""
    photos, edges = (data / "cats" / name for name in ("heads_160", "heads_160_edges"))
    files = [
        (path, edges / f"{path.stem}.png")
        for path in photos_of(photos)
        if int(path.stem) not in _NO_HEADS
    ]
    return LinePairs(files, side, draw_cat)


def own_pairs(data: Path, side: int) -> LinePairs:
    """Anybody's pairs: files of one name in the folders ``photos`` and ``drawings``.

    Raises:
        StudioError: a folder is missing, or no file has the name of another.
    """
    photos, drawings = (photos_of(data / name) for name in ("photos", "drawings"))
    named = {path.stem: path for path in drawings}
    files = [(path, named[path.stem]) for path in photos if path.stem in named]
    if not files:
        raise StudioError(
            f"no photo in {data / 'photos'} has a drawing in {data / 'drawings'}",
            "give both the same name",
        )
    return LinePairs(files, side)


OWN = "own pairs"
SUBJECTS: dict[str, Callable[[Path, int], Subject]] = {"cats": cats, "facades": Facades}
"""What there is beside `own_pairs`, by name."""


def find_subject(name: str, data: Path, side: int) -> Subject:
    """The subject of a name in `SUBJECTS`, or `OWN`."""
    return SUBJECTS.get(name, own_pairs)(data, side)


def _alike(photos: list[Image.Image]) -> NDArray[np.floating]:
    """Correlation of each two photos' thumbnails (N, N)."""
    small = [p.convert("L").resize((16, 16), Image.Resampling.BOX) for p in photos]
    rows = np.stack([np.asarray(each, np.float64).ravel() for each in small])
    rows -= rows.mean(1, keepdims=True)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
    return rows @ rows.T


def _read_pair(photo: Path, drawing: Path) -> tuple[Image.Image, Image.Image]:
    """The middle square of a photo, and of its drawing in grey at the same size."""
    with Image.open(photo) as file:
        square = _middle(file.convert("RGB"))
    square.thumbnail((_LARGEST, _LARGEST), Image.Resampling.LANCZOS)
    with Image.open(drawing) as file:
        drawn = file.convert("RGBA")
    paper = Image.new("RGBA", drawn.size, "white")
    lines = _middle(Image.alpha_composite(paper, drawn).convert("L"))
    return square, lines.resize(square.size, Image.Resampling.LANCZOS)


def _middle(picture: Image.Image) -> Image.Image:
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 2
    return picture.crop((left, top, left + side, top + side))


def _read_facade(path: Path) -> tuple[Image.Image, Image.Image]:
    """The photo, and the index of each pixel's label as a grey picture."""
    with Image.open(path) as file:
        both = file.convert("RGB")
    half = both.width // 2
    colours = np.array([label.rgb for label in FACADE_LABELS], np.float32)
    found = nearest(np.asarray(both, np.float32)[:, half:], colours)
    return both.crop((0, 0, half, both.height)), Image.fromarray(found.astype(np.uint8))


def _ink(edges: Image.Image) -> np.ndarray:
    return 1 - np.asarray(edges, np.float32) / 255


def _mirrored(pair: Pair) -> Pair:
    return Pair(pair.drawing.flip(2), pair.photo.flip(2))


def _scaled(photo: Image.Image, side: int) -> Tensor:
    return _to_tensor(photo.resize((side, side), Image.Resampling.BICUBIC))


def _to_tensor(photo: Image.Image) -> Tensor:
    return torch.from_numpy(np.array(photo, np.float32)).permute(2, 0, 1) / 255
