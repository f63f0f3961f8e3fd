"""The style training on drawn pictures: it learns, it resumes, and what it exports can be used."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

from tests.conftest import draw_photo
from training import style as script
from training._muon import Muon


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folders that the script reads, with drawn pictures."""
    folder = tmp_path / "data"
    for source in script.SOURCES:
        (folder / source.folder).mkdir(parents=True)
    for path in script.held_out(folder):
        Image.fromarray(draw_photo(64, 64)).save(path)
    for number, source in enumerate(script.SOURCES):
        Image.fromarray(draw_photo(80, 64, number)).save(folder / source.folder / "photo.png")
    (folder / "paintings").mkdir()
    for number, (name, _) in enumerate(script.GALLERY):
        Image.fromarray(draw_photo(64, 64, 50 + number)).save(folder / "paintings" / f"{name}.jpg")
    return folder


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(script, "PAINTING_SIDE", 64)
    sources = [replace(source, shortest=(32, 64)) for source in script.SOURCES]
    monkeypatch.setattr(script, "SOURCES", sources)
    monkeypatch.setattr(script, "PROBE_SIDE", 32)


def config(data: Path, run: Path, steps: int) -> script.Config:
    return script.Config(
        data, run, photos_a_step=1, stages=((100, 32),), steps=steps, decay_from=99
    )


def test_that_a_run_leaves_a_checkpoint_a_grid_and_goes_on_from_it(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    script.train(config(data, run, 2))
    first = torch.load(run / "state" / "custom_checkpoint_0.pkl", weights_only=True)
    assert int(first["updates"]) == 2
    assert list((run / "samples").glob("*.jpg"))
    assert json.loads((run / "config.json").read_text())["steps"] == 2

    script.train(config(data, run, 4))
    assert "resumed at step 2" in capsys.readouterr().out
    second = torch.load(run / "state" / "custom_checkpoint_0.pkl", weights_only=True)
    assert int(second["updates"]) == 4
    assert not torch.equal(first["net.layers.0.conv.weight"], second["net.layers.0.conv.weight"])


def test_that_muon_learns_and_keeps_the_norm_of_kernels() -> None:
    torch.manual_seed(0)
    net = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.InstanceNorm2d(8, affine=True),
        torch.nn.ReLU(), torch.nn.Conv2d(8, 3, 1),
    )  # fmt: skip
    photos = torch.rand(4, 3, 16, 16)
    target = photos.roll(1, dims=3)
    optimizer = Muon(net, 0.02)
    norm = net[0].weight.norm().item()
    losses = []
    for _ in range(60):
        loss = (net(photos) - target).square().mean()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    assert losses[-1] < 0.3 * losses[0]
    assert net[0].weight.norm().item() == pytest.approx(norm, rel=1e-4)
