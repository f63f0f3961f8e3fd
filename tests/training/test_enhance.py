"""The enhance training on drawn pictures: it learns, resumes, and shares its work."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from studio.core.catalogue import read_weights
from studio.core.progress import Progress
from studio.models import enhance
from studio.models._weights import load_net
from tests.conftest import draw_photo, write_tiny
from training import enhance as script
from training import export_enhance
from training._damage import Damage, compress, damage, draw_damage
from training._muon import Muon

_TINY = {"widths": [8, 8, 8], "blocks": [1, 1, 1], "estimator": 8}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folders that the script reads, with drawn pictures."""
    folder = tmp_path / "data"
    for number, name in enumerate([*(s.folder for s in script.SOURCES), script.VALIDATION]):
        (folder / name).mkdir(parents=True)
        Image.fromarray(draw_photo(100, 90, number)).save(folder / name / "photo.png")
    return folder


def config(data: Path, run: Path, **changes: object) -> script.Config:
    tiny = {"batch": 2, "side": 64, "log_steps": 1, "hyperparameters": _TINY}
    return script.Config(data, run, **{**tiny, **changes})


@pytest.mark.parametrize(("scale", "name"), [(1, "photo"), (2, "upscale2x")])
def test_that_a_run_goes_on_and_its_export_can_be_used(
    data: Path, tmp_path: Path, scale: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    script.train(config(data, run, scale=scale, steps=2))
    assert list((run / "samples").glob("*.jpg"))
    script.train(config(data, run, scale=scale, steps=3))
    state = torch.load(run / "state" / "custom_checkpoint_0.pkl", weights_only=True)
    assert int(state["updates"]) == 3

    weights = tmp_path / "weights"
    monkeypatch.setattr(
        sys, "argv",
        ["export", "--folder", str(run), "--weights", str(weights), "--name", name],
    )  # fmt: skip
    export_enhance.main()
    written = read_weights(weights / "enhance" / f"{name}.safetensors")
    assert written.scale == scale
    assert written.local
    assert written.training["steps"] == 3
    assert any("told" in task for task in written.metrics)
    net = load_net(written, enhance.SPEC)
    photo = torch.rand(1, 3, 32, 40)
    settings = enhance.SPEC.measure(net, photo)
    result = enhance.run(net, photo, settings, torch.Generator(), Progress())
    assert result.shape == (1, 3, 32 * scale, 40 * scale)


def test_that_a_net_of_another_scale_begins_with_what_this_one_learned(
    data: Path, tmp_path: Path
) -> None:
    write_tiny(tmp_path, enhance.SPEC, "one")
    start = tmp_path / "enhance" / "one.safetensors"
    learned = load_net(read_weights(start), enhance.SPEC).state_dict()
    begun = script.initial_net(config(data, data, scale=2, start=start)).state_dict()
    other = {name for name, value in learned.items() if begun[name].shape != value.shape}
    assert other == {"restorer.head.weight"}
    assert all(torch.equal(begun[name], learned[name]) for name in learned.keys() - other)


def test_that_it_learns_to_clean_and_to_find_the_noise(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One kind of damage: of all kinds, a few steps teach too little to tell it from chance.
    monkeypatch.setattr(script, "draw_damage", lambda random: Damage(random.uniform(5, 60)))
    torch.manual_seed(0)
    settings = config(data, data, side=32)
    crops, net = script.Crops(settings), script.initial_net(settings)
    objective = script.Objective(net, settings.floor)
    optimizer = Muon(net, 0.01, holds_norms=False)
    fixed = crops.batch(1000, range(16))

    def error_and_levels() -> tuple[float, float]:
        with torch.no_grad():
            error, levels = objective(fixed)
        return error.mean().item(), levels.mean().item()

    before = error_and_levels()
    for step in range(80):
        error, levels = objective(crops.batch(step, range(4)))
        (error.mean() + levels.mean()).backward()
        optimizer.step()
        optimizer.zero_grad()
    after = error_and_levels()
    assert after[0] < before[0] - 0.3  # more than 1 dB
    assert after[1] < 0.7 * before[1]


def losses(processes: int, arguments: list[str]) -> list[float]:
    """What the script logs, run as people run it."""
    launch = ["-m", "torch.distributed.run", f"--nproc_per_node={processes}", "--standalone"]
    done = subprocess.run(
        [sys.executable, *launch, "-m", "training.enhance", *arguments],
        capture_output=True, text=True, check=False, timeout=300,
        env={**os.environ, "ACCELERATE_USE_CPU": "true", "OMP_NUM_THREADS": "1"},
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return [float(number) for number in re.findall(r"psnr (\d\S+)", done.stdout)]


def test_that_two_processes_give_the_same_loss_as_one(data: Path, tmp_path: Path) -> None:
    changes = {"steps": 3, "batch": 4, "side": 32, "log_steps": 1, "hyperparameters": _TINY}
    common = [f"--set={name}={json.dumps(value)}" for name, value in changes.items()]
    one, two = (
        losses(count, ["--data", str(data), "--folder", str(tmp_path / str(count)), *common])
        for count in (1, 2)
    )
    assert len(one) == 3
    assert two == pytest.approx(one, abs=2e-3)


def test_that_the_told_noise_is_the_noise() -> None:
    photo = draw_photo(200, 200).astype(np.float32) / 255
    random = np.random.default_rng(0)
    for camera in (False, True):
        noisy = damage(photo, Damage(20, camera=camera, rounded=False), random)
        assert np.std(noisy - photo) * 255 == pytest.approx(20, rel=0.05)


def test_that_jpeg_keeps_the_size_and_does_harm() -> None:
    photo = draw_photo(61, 47).astype(np.float32) / 255
    for random in (None, np.random.default_rng(3)):
        compressed = compress(photo, 10, random)
        assert compressed.shape == photo.shape
        assert 0.01 < np.abs(compressed - photo).mean() < 0.2


def test_that_drawn_damage_stays_in_its_ranges() -> None:
    random = np.random.default_rng(0)
    drawn = [draw_damage(random) for _ in range(500)]
    assert all(0 <= d.noise <= 75 and 1 <= d.jpeg <= 100 and 0 <= d.blur <= 2 for d in drawn)
    assert sum(d.noise > 0 and d.jpeg == 100 and not d.camera for d in drawn) > 200
