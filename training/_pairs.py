"""Drawings and the photos that belong to them: cats and their edges, facades and their labels."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from training._doodles import draw_cat, simplify

_EVERY = 10  # each tenth cat is kept aside, up to 90


@dataclass(frozen=True)
class Pair:
    """A drawing (C, S, S) in [0, 1], 1 where there is a line or the label; a photo (3, S, S)."""

    drawing: Tensor
    photo: Tensor


class Subject(Protocol):
    """What the generator learns to draw.

    Attributes:
        channels: of a drawing.
        count: of pairs to train on.
    """

    channels: int
    count: int

    def pair(self, index: int, random: np.random.Generator) -> Pair:
        """A pair to train on, changed at random."""
        ...

    def doodle(self, random: np.random.Generator) -> Tensor | None:
        """A drawing that no photo belongs to; None: there are none of this subject."""
        ...

    def held_out(self) -> list[Pair]:
        """Pairs that are never trained on, unchanged but for their size."""
        ...


class Cats:
    """Heads of cats and their HED edges.

    Args:
        data: the folder of all data.
        side: of drawings and photos in px.
    """

    channels = 1

    def __init__(self, data: Path, side: int) -> None:
        self.side = side
        names = sorted(p.stem for p in (data / "cats" / "heads_160").glob("*.jpg"))
        aside = names[::_EVERY][:90]
        kept = [name for name in names if name not in set(aside)]
        self._train, self._aside = ([_read_cat(data, n) for n in each] for each in (kept, aside))
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
        if random.random() < 0.5:
            return Pair(pair.drawing.flip(2), pair.photo.flip(2))
        return pair

    def doodle(self, random: np.random.Generator) -> Tensor | None:
        """A cat as a child draws it."""
        return torch.from_numpy(draw_cat(self.side, random))[None].float()

    def held_out(self) -> list[Pair]:
        """The same simplification of each head's edges every time."""
        pairs: list[Pair] = []
        for index, (photo, edges) in enumerate(self._aside):
            small = photo.resize((self.side, self.side), Image.Resampling.BICUBIC)
            drawing = simplify(_ink(edges), self.side, np.random.default_rng(index))
            pairs.append(Pair(torch.from_numpy(drawing)[None].float(), _to_tensor(small)))
        return pairs


def _read_cat(data: Path, name: str) -> tuple[Image.Image, Image.Image]:
    with Image.open(data / "cats" / "heads_160" / f"{name}.jpg") as file:
        photo = file.convert("RGB")
    with Image.open(data / "cats" / "heads_160_edges" / f"{name}.png") as file:
        return photo, file.convert("L")


def _ink(edges: Image.Image) -> np.ndarray:
    return 1 - np.asarray(edges, np.float32) / 255


def _to_tensor(photo: Image.Image) -> Tensor:
    return torch.from_numpy(np.array(photo, np.float32)).permute(2, 0, 1) / 255
