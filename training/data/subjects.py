"""What there is to learn to draw: cats, the fronts of buildings, anybody's own pictures."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image
from torch import Tensor

from studio.core.drawings.drawing import nearest
from studio.core.errors import StudioError
from studio.nets.appearance import Appearance
from studio.quality.subjects import pictures_of
from training.data.appearance import (
    appearance_of,
    learn_appearance,
    load_appearance,
    save_appearance,
)
from training.data.cats import BentCats
from training.data.edges import edges_of, load_edge_net
from training.data.fronts import FACADE_LABELS, draw_front
from training.data.heads import read_heads
from training.data.pairs import (
    DrawnPhoto,
    LinePairs,
    Pair,
    Subject,
    middle_of,
    mirrored,
    read_pair,
    scaled,
)
from training.data.people import PeoplesCats
from training.data.photos import photos_of, to_tensor

# Noses and an eye from too near, a body without a head, and the dogs at the end.
_NO_HEADS = frozenset({42, 45, 48, 101, 186, 303, 309, 458, 492, *range(944, 956)})
_APPEARANCE = "appearance.safetensors"


class Facades:
    """Fronts of buildings and the maps of their parts.

    Args:
        data: the folder of all data.
        side: of maps and photos in px.
    """

    labels = FACADE_LABELS
    channels = len(FACADE_LABELS)
    appearance: Appearance | None = None

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
        return mirrored(pair) if random.random() < 0.5 else pair

    def doodle(self, random: np.random.Generator) -> Tensor:
        """A front as somebody paints it."""
        return self._planes(draw_front(self.side, random))

    shown = doodle

    def doodles_aside(self) -> list[Tensor]:
        """The maps of whole fronts."""
        return [pair.drawing for pair in self.held_out()]

    def held_out(self) -> list[Pair]:
        """Whole fronts."""
        return [self._pair(*each, (0, 0, *each[0].size)) for each in self._aside]

    def real(self) -> list[Tensor]:
        """All fronts."""
        return [scaled(photo, self.side) for photo, _ in self._train + self._aside]

    def _pair(
        self, photo: Image.Image, labels: Image.Image, box: tuple[float, float, float, float]
    ) -> Pair:
        size = (self.side, self.side)
        photo = photo.resize(size, Image.Resampling.BICUBIC, box=box)
        labels = labels.resize(size, Image.Resampling.NEAREST, box=box)
        return Pair(self._planes(np.asarray(labels)), to_tensor(photo))

    def _planes(self, indices: NDArray[np.uint8]) -> Tensor:
        """A plane for each label (L, S, S), of its pixels' indices (S, S)."""
        found = torch.from_numpy(indices.astype(np.int64))
        return torch.nn.functional.one_hot(found, len(self.labels)).permute(2, 0, 1).float()


def cats(data: Path, side: int, run: Path, start: Path | None) -> BentCats:
    """Heads of cats; what is known of their looks lies in the run's folder."""
    photos, edges = (data / "cats" / name for name in ("heads_160", "heads_160_edges"))
    heads = read_heads()
    drawn = [
        read_pair(path, edges / f"{path.stem}.png")
        for path in photos_of(photos)
        if path.stem in heads and int(path.stem) not in _NO_HEADS
    ]
    plain, people = LinePairs(drawn, side), PeoplesCats(data)
    path = run / _APPEARANCE
    if not path.exists():
        known = None if start is None else appearance_of(start)
        if known is None:
            learnt = torch.stack([to_tensor(each.photo) for each in plain.learnt])
            known = learn_appearance(learnt, [heads[each.name] for each in plain.learnt])
        save_appearance(known, path)
    return BentCats(plain, heads, people, load_appearance(path))


def facades(data: Path, side: int, run: Path, start: Path | None) -> Facades:
    """The fronts of buildings."""
    del run, start
    return Facades(data, side)


def own_pairs(data: Path, side: int, run: Path, start: Path | None) -> LinePairs:
    """Anybody's pairs: files of one name in the folders ``photos`` and ``drawings``.

    Raises:
        StudioError: a folder is missing, or no file has the name of another.
    """
    del run, start
    photos, drawings = (photos_of(data / name) for name in ("photos", "drawings"))
    named = {path.stem: path for path in drawings}
    files = [(path, named[path.stem]) for path in photos if path.stem in named]
    if not files:
        raise StudioError(
            f"no photo in {data / 'photos'} has a drawing in {data / 'drawings'}",
            "give both the same name",
        )
    return LinePairs([read_pair(*each) for each in files], side)


def own_photos(data: Path, side: int, run: Path, start: Path | None) -> LinePairs:
    """Anybody's photos alone, of any names: their lines are the edges that a net sees in them."""
    del run, start
    net = load_edge_net()

    def outlined(path: Path, photo: Image.Image) -> DrawnPhoto:
        square = middle_of(photo)
        return DrawnPhoto(square, edges_of(net, square), path.stem)

    return LinePairs([outlined(*each) for each in pictures_of(data)], side)


OWN_PAIRS, OWN_PHOTOS = "own pairs", "own photos"
Kind = Callable[[Path, int, Path, Path | None], Subject]
SUBJECTS: dict[str, Kind] = {"cats": cats, "facades": facades}
"""What there is beside anybody's own, by name."""
_OWN: dict[str, Kind] = {OWN_PAIRS: own_pairs, OWN_PHOTOS: own_photos}


def find_subject(name: str, data: Path, side: int, run: Path, start: Path | None) -> Subject:
    """A subject.

    Args:
        name: in `SUBJECTS`, or `OWN_PAIRS` or `OWN_PHOTOS`.
        data: the folder of all data, or of anybody's own.
        side: of drawings and photos in px.
        run: the folder of the run, in which is kept what was learnt beforehand.
        start: the weights that a new run begins from.
    """
    return (SUBJECTS | _OWN)[name](data, side, run, start)


def _read_facade(path: Path) -> tuple[Image.Image, Image.Image]:
    """The photo, and the index of each pixel's label as a grey picture."""
    with Image.open(path) as file:
        both = file.convert("RGB")
    half = both.width // 2
    colours = np.array([label.rgb for label in FACADE_LABELS], np.float32)
    found = nearest(np.asarray(both, np.float32)[:, half:], colours)
    return both.crop((0, 0, half, both.height)), Image.fromarray(found.astype(np.uint8))
