"""Drawings and the photos that belong to them: cats and their edges, facades and their labels."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from studio.core.drawing import Label, nearest
from training._doodles import draw_cat, simplify
from training._fronts import FACADE_LABELS, draw_front
from training._photos import photos_of

_ASIDE = 90  # heads that are never trained on
_EVERY = 7  # among those that come only once
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


class Cats:
    """Heads of cats and their HED edges.

    The folder holds a quarter of its photos twice, cut or scaled a little otherwise: none of those
    held out is among those trained on in another cut.

    Args:
        data: the folder of all data.
        side: of drawings and photos in px.
    """

    labels: tuple[Label, ...] = ()

    def __init__(self, data: Path, side: int) -> None:
        self.side = side
        names = [path.stem for path in photos_of(data / "cats" / "heads_160")]
        heads = [_read_cat(data, name) for name in names if int(name) not in _NO_HEADS]
        same = _alike([photo for photo, _ in heads]) > _SAME
        once = [index for index, row in enumerate(same) if not row[:index].any()]
        aside = once[::_EVERY][:_ASIDE]
        self._aside = [heads[index] for index in aside]
        self._train = [h for h, row in zip(heads, same, strict=True) if not row[aside].any()]
        self.count = len(self._train)

    def pair(self, index: int, random: np.random.Generator) -> Pair:
        """A head, a little closer or not, mirrored half of the time; its edges made a doodle."""
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
        """A cat as a child draws it."""
        return torch.from_numpy(draw_cat(self.side, random))[None].float()

    def held_out(self) -> list[Pair]:
        """The same simplification of each head's edges every time."""
        pairs: list[Pair] = []
        for index, (photo, edges) in enumerate(self._aside):
            drawing = simplify(_ink(edges), self.side, np.random.default_rng(index))
            tensor = torch.from_numpy(drawing)[None].float()
            pairs.append(Pair(tensor, _scaled(photo, self.side)))
        return pairs

    def real(self) -> list[Tensor]:
        """All heads."""
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


SUBJECTS: dict[str, type[Cats] | type[Facades]] = {"cats": Cats, "facades": Facades}


def _alike(photos: list[Image.Image]) -> NDArray[np.floating]:
    """Correlation of each two photos' thumbnails (N, N)."""
    small = [p.convert("L").resize((16, 16), Image.Resampling.BOX) for p in photos]
    rows = np.stack([np.asarray(each, np.float64).ravel() for each in small])
    rows -= rows.mean(1, keepdims=True)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9
    return rows @ rows.T


def _read_cat(data: Path, name: str) -> tuple[Image.Image, Image.Image]:
    with Image.open(data / "cats" / "heads_160" / f"{name}.jpg") as file:
        photo = file.convert("RGB")
    with Image.open(data / "cats" / "heads_160_edges" / f"{name}.png") as file:
        return photo, file.convert("L")


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
