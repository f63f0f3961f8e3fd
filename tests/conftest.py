"""Tiny random-weight models and drawn photos: what most tests need."""

import os
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from studio.core.catalogue import Catalogue, Weights
from studio.models._spec import ModelSpec, all_specs
from studio.models._weights import save_weights
from studio.quality.subjects import Subject, digits

# Each core has a process of tests: threads of their own would only wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")
torch.set_num_threads(1)


def write_tiny(folder: Path, spec: ModelSpec, name: str = "tiny", **changes: Any) -> Weights:
    """A net of a few thousand random weights, `tiny_id`, or with other hyperparameters."""
    torch.manual_seed(0)
    hyper = {**spec.tiny, **changes}
    net = spec.build(hyper)
    for parameter in net.parameters():
        if parameter.ndim == 2:  # scales and shifts, so that styles differ
            parameter.data += 0.5 * torch.randn_like(parameter)
    for key, buffer in net.named_buffers():
        if key.endswith("running_var"):  # of a net without training, so that seeds differ
            buffer.fill_(0.05)
    return save_weights(
        folder / f"{tiny_id(spec.id, name)}.safetensors", net, spec, title="Tiny", licence="none",
        hyperparameters=hyper, training={}, metrics={},
    )  # fmt: skip


def tiny_id(model: str, name: str = "tiny") -> str:
    """``style/tiny`` of the model ``style``, ``style/tiny-optimise`` of ``style.optimise``."""
    tool, _, kind = model.partition(".")
    return f"{tool}/{name}-{kind}" if kind and name == "tiny" else f"{tool}/{name}"


@pytest.fixture(scope="session", autouse=True)
def _caches(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What the program keeps for itself does not come from elsewhere, nor does it stay.

    Nor do the weights of whoever tests count.
    """
    os.environ["XDG_CACHE_HOME"] = str(tmp_path_factory.mktemp("caches"))
    os.environ["XDG_DATA_HOME"] = str(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def _tiny_weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tiny weights of every model, to be copied."""
    folder = tmp_path_factory.mktemp("weights")
    for spec in all_specs().values():
        write_tiny(folder, spec)
    return folder


@pytest.fixture
def weights_folder(_tiny_weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of tiny weights that the program looks into, in this process and in others."""
    folder = tmp_path / "weights"
    shutil.copytree(_tiny_weights, folder)
    monkeypatch.setenv("STUDIO_WEIGHTS", str(folder))
    return folder


@pytest.fixture
def from_a_terminal() -> Iterator[None]:
    """Signals do what they do there, to this process and to what it starts.

    Under nohup and in the background some are ignored, and whatever is started inherits that.
    """
    usual = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
    if hasattr(signal, "SIGHUP"):
        usual[signal.SIGHUP] = signal.SIG_DFL
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def any_painting(weights_folder: Path) -> str:
    """Id of tiny weights among these that take any painting."""
    spec = all_specs()["style"]
    return write_tiny(weights_folder, spec, "any", styles=(), hidden=8).id


@pytest.fixture
def catalogue(weights_folder: Path) -> Catalogue:
    """The catalogue of `weights_folder` alone."""
    return Catalogue([weights_folder])


def same_state(first: dict[str, torch.Tensor], second: dict[str, torch.Tensor]) -> None:
    """Asserts that two nets' weights are the same but for a weights file's half precision."""
    assert first.keys() == second.keys()
    for name, tensor in first.items():
        if "running" not in name and "num_batches" not in name:  # of normalisations, not learnt
            assert torch.allclose(tensor, second[name], rtol=2e-3, atol=1e-4), name


def draw_photo(width: int, height: int, seed: int = 0) -> np.ndarray:
    """Smooth colours with a sharp disc: (height, width, 3) uint8."""
    random = np.random.default_rng(seed)
    small = Image.fromarray(random.integers(0, 256, (6, 8, 3), np.uint8))
    pixels = np.asarray(small.resize((width, height), Image.Resampling.BICUBIC)).copy()
    y, x = np.mgrid[:height, :width]
    disc = (x - width / 2) ** 2 + (y - height / 2) ** 2 < (min(width, height) / 4) ** 2
    pixels[disc] = 255 - pixels[disc]
    return pixels


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A PNG of 96 x 64 px."""
    path = tmp_path / "photo.png"
    Image.fromarray(draw_photo(96, 64)).save(path)
    return path


def few_digits(data: Path, side: int) -> Subject:
    """Digits to learn and to be measured with: enough to see that the figures come."""
    return replace(digits(data, side), real=digits(data, side).real[:40])
