"""Latents: the numbers that a generator makes a picture of; drawn, mixed, walked through, kept.

A face has a seed of its own, so that the same face can be had in any grid, mix or film.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

from studio.core.checked import fitted, parse, read_bytes
from studio.core.controls import Value
from studio.core.errors import StudioError
from studio.core.files import disk
from studio.core.requests import Generate, from_json
from studio.core.words.said import say

REQUEST, TABLE = "request.json", "latents.csv"
"""What lies beside pictures in a folder: how they were made, and which numbers they are made of."""

_Row = Annotated[
    tuple[Annotated[float, Meta(ge=-1e6, le=1e6)], ...], Meta(min_length=1, max_length=4096)
]
_Rows = Annotated[tuple[_Row, ...], Meta(min_length=1, max_length=1 << 14)]
Latents = NDArray[np.float32]
"""(N, Z), from a normal distribution around 0 where they are drawn."""


def draw(seeds: Sequence[int], size: int) -> Latents:
    """One latent for each seed: (N, size)."""
    rows = [np.random.default_rng(seed).standard_normal(size, dtype=np.float32) for seed in seeds]
    return np.stack(rows)


def mix(latents: Latents, shares: Sequence[float]) -> Latents:
    """One latent (Z,) between several; as long as they are, as a drawn one would be.

    Args:
        latents: (N, Z).
        shares: of each, at least 0; they need not sum to 1.
    """
    weights = np.asarray(shares, np.float32) / np.float32(max(float(np.sum(shares)), 1e-9))
    mean = weights @ latents
    length = float(weights @ np.linalg.norm(latents, axis=1))
    stretch = length / max(float(np.linalg.norm(mean)), 1e-9)
    return (mean * stretch).astype(np.float32)


def walk(latents: Latents, frames: int, *, loop: bool) -> Latents:
    """A way from each latent to the next, by spherical interpolation: (frames, Z).

    White, "Sampling Generative Networks" (2016), section 2.1: the straight way would lead through
    latents that are shorter than any that is drawn.

    Args:
        latents: (N, Z), at least two.
        frames: of the whole way, evenly spread over its parts.
        loop: the way leads back to the first latent, which does not come twice.
    """
    stops = np.concatenate([latents, latents[:1]]) if loop else latents
    parts = len(stops) - 1
    places = np.linspace(0, parts, frames, endpoint=not loop)
    found: list[Latents] = []
    for place in places:
        part = min(int(place), parts - 1)
        found.append(_between(stops[part], stops[part + 1], float(place - part)))
    return np.stack(found)


def _between(one: Latents, other: Latents, share: float) -> Latents:
    lengths = np.linalg.norm(one), np.linalg.norm(other)
    cosine = float(one @ other / max(float(lengths[0] * lengths[1]), 1e-9))
    angle = np.arccos(np.clip(cosine, -1, 1))
    if np.sin(angle) < 1e-4:  # the same direction, or no way that is better than another
        return (one * (1 - share) + other * share).astype(np.float32)
    way = np.sin((1 - share) * angle) * one + np.sin(share * angle) * other
    return (way / np.sin(angle)).astype(np.float32)


_LARGEST = 256 << 20  # bytes


class _Numbers(Struct):
    """What is read of a table."""

    latents: _Rows


class _Said(_Numbers):
    """The fields of a file of latents that are read."""

    weights: str
    settings: dict[str, Value]


@dataclass(frozen=True)
class LatentsFile:
    """Faces that were kept.

    Attributes:
        weights: id of the weights that they are faces of; empty: it is not said.
        latents: a row for each face.
        settings: values of the weights' controls.
    """

    weights: str
    latents: tuple[tuple[float, ...], ...]
    settings: Mapping[str, Value] = field(default_factory=dict)


def write_latents(path: Path, file: LatentsFile, *, overwrite: bool) -> None:
    """Writes a JSON file that `read_latents` reads.

    Raises:
        StudioError: it cannot be written.
    """
    fields = {
        "studio": "latents", "weights": file.weights, "settings": dict(file.settings),
        "latents": file.latents,
    }  # fmt: skip
    text = json.dumps(fields, ensure_ascii=False) + "\n"
    disk.write_whole(path, text.encode(), overwrite=overwrite)


def read_latents(path: Path) -> LatentsFile:
    """Opens a file of latents, or a folder's table of them.

    Raises:
        StudioError: there is none, or it is another file.
    """
    data = read_bytes(path, largest=_LARGEST)
    try:
        if path.suffix.lower() == ".csv":
            return _of_table(data, path.with_name(REQUEST))
        said = fitted(parse(data, "it"), _Said, "it")
    except StudioError as error:
        raise StudioError(
            say("{path} holds no latents: {why}", path=path, why=error.message),
            "`studio generate -o FILE.json` writes some",
        ) from None
    return LatentsFile(said.weights, said.latents, said.settings)


def _of_table(data: bytes, beside: Path) -> LatentsFile:
    """The numbers of a table; weights and settings are those of the request beside it, if any."""
    text = data.decode("utf-8-sig", "replace")
    rows = csv.DictReader(text.splitlines())
    names = [name for name in rows.fieldnames or () if name[:1] == "z" and name[1:].isdecimal()]
    numbers = [[_number(row[name]) for name in names] for row in rows]
    if not names or not numbers:
        raise StudioError("it has no columns z0, z1 ... with numbers")
    latents = fitted({"latents": numbers}, _Numbers, say("its table")).latents
    made = begun_with(beside)
    return LatentsFile(made.weights, latents, made.settings) if made else LatentsFile("", latents)


def _number(text: str | None) -> float:
    try:
        return float(text or "")
    except ValueError:
        raise StudioError(say("{text} is no number", text=repr(text))) from None


def begun_with(path: Path) -> Generate | None:
    """The request with which a folder of pictures was begun; None: there is none.

    Raises:
        StudioError: the file holds something else.
    """
    if not path.exists():
        return None
    found = from_json(read_bytes(path, largest=_LARGEST).decode("utf-8", "replace"), str(path))
    if not isinstance(found, Generate):
        raise StudioError(
            say("{path} is no request for pictures of latents", path=path), "give another folder"
        )
    return found
