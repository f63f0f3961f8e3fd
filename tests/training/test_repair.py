"""The repair training on drawn pictures: it learns, resumes, and its export repairs."""

import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from studio.core.catalogue import read_weights
from studio.models import enhance, repair
from studio.models._weights import load_net
from studio.nets.muon import Muon
from tests.conftest import draw_photo, write_tiny
from training import repair as script
from training.data.crops import SOURCES, VALIDATION
from training.data.old_prints import draw_print
from training.data.scenes import draw_scene
from training.export import __main__ as export
from training.losses import repair as losses

_TINY = dict(repair.SPEC.tiny)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folders that the script reads, with drawn pictures."""
    folder = tmp_path / "data"
    folders = {source.folder for source in (*SOURCES, *script.FINDER_SOURCES)} | {VALIDATION}
    for number, name in enumerate(sorted(folders)):
        (folder / name).mkdir(parents=True)
        Image.fromarray(draw_photo(100, 90, number)).save(folder / name / "photo.png")
    return folder


def config(data: Path, run: Path, **changes: object) -> script.Config:
    tiny = {"batch": 2, "side": 64, "log_steps": 1, "hyperparameters": _TINY}
    return script.Config(data, run, **{**tiny, **changes})


def test_that_a_run_goes_on_and_its_export_can_be_used(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(losses, "load_vgg19", _Features)
    monkeypatch.setattr("training.export.repair.load_vgg19", _Features)
    run, weights = tmp_path / "run", tmp_path / "weights"
    script.train(config(data, run, steps=1, perceptual=0.1, grid=1.0))
    assert list((run / "samples").glob("*.jpg"))
    script.train(config(data, run, steps=2))
    words = ["export", "repair", "--folder", str(run), "--weights", str(weights), "--name", "r"]
    monkeypatch.setattr(sys, "argv", words)
    export.main()
    written = read_weights(weights / "enhance" / "r.safetensors")
    assert (written.id, written.spec) == ("enhance/r", "enhance.repair")
    assert written.training["steps"] == 2
    assert {"scratches, dB", "blots, found", "none, marked"} <= set(written.metrics)
    with Image.open(written.preview) as picture:
        assert picture.width >= 256
    again = script.initial_net(config(data, run, start=written.path)).state_dict()
    known = load_net(written, repair.SPEC).state_dict()
    assert all(torch.equal(value, known[name]) for name, value in again.items())


class _Features(torch.nn.Module):
    """Stands for VGG-19, whose weights are not needed to see that the script runs."""

    def forward(self, pictures: torch.Tensor, layers: tuple[str, ...]) -> dict[str, torch.Tensor]:
        return dict.fromkeys(layers, torch.nn.functional.avg_pool2d(pictures, 4))


def test_that_an_inpainter_begins_as_the_restorer_that_cleans_photos(
    data: Path, tmp_path: Path
) -> None:
    start = write_tiny(tmp_path, enhance.SPEC, "photo", levels=3, coarser=0)
    cleaner = load_net(start, enhance.SPEC).restorer
    begun = script.initial_net(config(data, data, start=start.path)).inpainter
    photo, hole = torch.rand(1, 3, 32, 40), torch.zeros(1, 1, 32, 40)
    with torch.no_grad():
        told = cleaner(photo, torch.tensor([[1 / 3, 0, 0]]))
        assert torch.allclose(begun.refine(photo, hole + 1), told, atol=1e-5)
        assert torch.equal(begun.refine(photo, hole), photo)


def test_that_prints_are_damaged_where_they_say_and_some_are_whole() -> None:
    photo = draw_photo(64, 64).astype(np.float32) / 255
    prints = [draw_print(photo, np.random.default_rng(seed)) for seed in range(40)]
    whole = [each for each in prints if not each.damaged.any()]
    assert 2 < len(whole) < 24
    assert all(0.08 <= each.holes.mean() < 1 for each in prints)
    for each in prints:
        off = np.abs(each.scratched - each.given).max(2)
        if each.damaged.any():
            assert off[each.damaged].mean() > 2 * off[~each.damaged].mean()
        assert each.scratched.min() >= 0
        assert each.scratched.max() <= 1


def test_that_a_finder_is_shown_whole_scenes_beside_photos() -> None:
    photo = draw_photo(64, 64).astype(np.float32) / 255
    prints = [draw_print(photo, np.random.default_rng(seed), "finder") for seed in range(80)]
    unlike = [p for p in prints if abs(np.corrcoef(p.clean.ravel(), photo.ravel())[0, 1]) < 0.5]
    assert 8 < len(unlike) < 32
    assert 1 < sum(not each.damaged.any() for each in unlike) < len(unlike)
    assert all(p.scratched.min() >= 0 and p.scratched.max() <= 1 for p in unlike)


@pytest.mark.parametrize("side", [32, 96])
def test_that_scenes_are_drawn_at_small_sides_too_and_told_by_their_seeds(side: int) -> None:
    photo = draw_photo(side, side).astype(np.float32) / 255
    unlike = 0
    for seed in range(60):
        scene, again = (draw_scene(photo, np.random.default_rng(seed)) for _ in range(2))
        np.testing.assert_array_equal(scene, again)
        assert scene.shape == photo.shape
        assert 0 <= scene.min() <= scene.max() <= 1
        unlike += np.abs(scene - photo).mean() > 0.02
    assert unlike > 54  # now and then a lattice stands outside


def test_that_it_learns_to_fill_and_to_find(data: Path) -> None:
    y, x = np.mgrid[:90, :100]
    stripes = np.where((x + y) // 6 % 2, 200, 60).astype(np.uint8)  # means fill them badly
    for folder in (data / source.folder for source in SOURCES):
        Image.fromarray(stripes).save(folder / "photo.png")
    torch.manual_seed(0)
    settings = config(data, data)
    net, batches = script.initial_net(settings), script.Batches(settings, range(4))
    objective = losses.Objective(net, settings.floor, "both", (0.0, 0.0))
    optimizer = Muon(net, 0.02, holds_norms=False)
    fixed = script.Batches(settings, range(12))(1000)

    def now() -> list[float]:
        with torch.no_grad():
            return objective(fixed).tolist()

    before = now()
    for step in range(40):
        objective(batches(step)).sum().backward()
        optimizer.step()
        optimizer.zero_grad()
    after = now()
    assert after[0] < before[0] - 0.5  # 2 dB
    assert after[2] < before[2] - 0.03


def test_that_a_grid_counts_in_wide_holes_and_a_slope_does_not() -> None:
    slope = torch.linspace(0.2, 0.8, 64).expand(1, 3, 64, 64)
    dots = torch.zeros(64, 64)
    dots[::4, ::4] = 0.05
    wide, thin = torch.zeros(1, 1, 64, 64), torch.zeros(1, 1, 64, 64)
    wide[..., 16:, 16:] = 1
    thin[..., ::12, :] = 1
    seen = [
        float(losses.grid_within(filled, holes))
        for filled, holes in ((slope + dots, wide), (slope, wide), (slope + dots, thin))
    ]
    assert seen[0] > 1e-5
    assert seen[0] > 100 * max(seen[1:])
