"""The training for any painting on drawn pictures: begun, stopped, gone on with, exported, used."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from studio.core.catalogue import Catalogue
from studio.models import style
from studio.models._weights import load_net, save_weights
from studio.nets.any_style import AnyStyleNet
from studio.nets.style_loss import Objective
from studio.nets.vgg19 import VGG19
from tests.conftest import draw_photo
from training import style_any as script
from training.data import manners, paintings
from training.data.paintings import GALLERY
from training.export import __main__ as door
from training.lib.average import averaged_state
from training.losses.fringes import fringes
from training.style import held_out

Train = Callable[[str, int], dict[str, torch.Tensor]]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACCELERATE_USE_CPU", "true")
    monkeypatch.setattr(paintings, "PAINTING_SIDE", 128)
    monkeypatch.setattr("studio.quality.style.SIDES", (64, 48, 32))
    monkeypatch.setattr("training.lib.any_style._SURVEYED", 8)
    for name in ("SOURCES", "MANNERS"):
        sources = tuple(replace(each, shortest=(64, 64)) for each in getattr(script, name))
        monkeypatch.setattr(script, name, sources)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folders that the script reads, with drawn pictures."""
    folder = tmp_path / "data"
    pictures = [folder / source.folder / "00000.jpg" for source in script.MANNERS]
    pictures += [folder / source.folder / "90000.jpg" for source in script.SOURCES]
    pictures += [*held_out(folder), *(work.path(folder) for work in (*GALLERY, *script.ASIDE))]
    for number, path in enumerate(pictures):
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(draw_photo(72, 64, number)).save(path)
    return folder


@pytest.fixture
def gallery(tmp_path: Path) -> Path:
    """Weights of a gallery: a trunk, and as many styles as there are paintings."""
    styles = [{"id": work.id, "title": work.title} for work in GALLERY]
    hyper = {"styles": styles, "stem": 32, "width": 80, "blocks": 5, "tail": 16}
    torch.manual_seed(0)
    net = style.SPEC.build(hyper)
    for layer in net.net.layers[:-1]:
        layer.scale.data = 0.5 + torch.rand_like(layer.scale)
    return save_weights(
        tmp_path / "gallery.safetensors", net, style.SPEC, title="Gallery", licence="none",
        hyperparameters=hyper, training={"steps": 7, "hours": 1}, metrics={},
    ).path  # fmt: skip


@pytest.fixture
def train(data: Path, tmp_path: Path, gallery: Path) -> Train:
    """Trains a run until a step; returns the moving average."""

    def run(name: str, steps: int) -> dict[str, torch.Tensor]:
        config = script.Config(
            data, tmp_path / name, gallery, side=64, window=32, painting=64, pool=3,
            warm_up=1, steps=steps,
        )  # fmt: skip
        script.train(config)
        return averaged_state(tmp_path / name)

    return run


def test_that_a_run_that_is_stopped_goes_on(
    train: Train, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = train("run", 8)
    assert "the head knows the gallery's styles but for" in capsys.readouterr().out
    assert list((tmp_path / "run" / "samples").glob("*.jpg"))
    second = train("run", 9)
    said = capsys.readouterr().out
    assert "resumed at step 8" in said
    assert "the head knows" not in said
    learnt = [not torch.equal(value, second[name]) for name, value in first.items()]
    assert any(learnt)


def test_that_the_same_paintings_are_known_at_a_step_wherever_a_run_began(data: Path) -> None:
    config = script.Config(data, data / "run", side=64, window=32, painting=64, pool=3)
    batches = script.Batches(config, 0)
    pool = batches.known(7)
    for step in range(7, 16):
        batch = batches(step)
        if batch.painting is not None:
            pool[batch.place] = batch.painting
        known = batches.known(step + 1)
        assert all(torch.equal(one, other) for one, other in zip(pool, known, strict=True))


@pytest.mark.parametrize("seed", range(12))
def test_that_a_redrawn_picture_keeps_its_shape_and_is_told_by_its_seed(seed: int) -> None:
    photo = draw_photo(96, 72).astype(np.float32) / 255
    redrawn = manners.redraw(photo, np.random.default_rng(seed))
    again = manners.redraw(photo, np.random.default_rng(seed))
    assert redrawn.shape == photo.shape
    assert redrawn.dtype == np.float32
    assert 0 <= redrawn.min() < redrawn.max() <= 1
    assert np.abs(redrawn - photo).mean() > 0.02
    np.testing.assert_array_equal(redrawn, again)


def test_that_what_is_exported_paints_as_any_picture_and_can_be_begun_from(
    train: Train, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train("run", 8)
    own = ["--weights", str(tmp_path / "own"), "--name", "mine", "--photos", "1"]
    words = ["export", "style_any", "--folder", str(tmp_path / "run"), *own]
    monkeypatch.setattr("sys.argv", words)
    door.main()
    weights = Catalogue([tmp_path / "own"]).find("style/mine")
    assert "python -m training.style_any" in weights.training["command"]
    assert set(weights.metrics["styles"]) == {work.id for work in script.ASIDE}
    with Image.open(weights.preview) as preview:
        assert preview.width >= 256
    painter = load_net(weights, style.SPEC)
    settings = {"painting": str(script.ASIDE[0].path(data)), "second": "", "share": 0.0}
    assert painter.paint(torch.rand(1, 3, 32, 32), settings).shape == (1, 3, 32, 32)

    config = script.Config(data, tmp_path / "more", weights.path, painting=64)
    net = script.initial_net(config, script.Batches(config, 0))
    assert isinstance(net, AnyStyleNet)
    assert all(torch.equal(v, painter.net.state_dict()[n]) for n, v in net.state_dict().items())
    assert net.head[0].weight.requires_grad
    assert not any(parameter.requires_grad for parameter in net.eye.parameters())

    monkeypatch.setattr(script, "HIDDEN", script.HIDDEN + 50)
    wider, seen = script.initial_net(config, script.Batches(config, 0)), torch.rand(1, 3, 64, 64)
    assert len(wider.head[0].bias) == script.HIDDEN
    with torch.no_grad():
        assert torch.allclose(wider.look(seen).rows, net.look(seen).rows, atol=1e-4)


def test_that_colours_that_swing_within_a_few_px_are_told_from_pictures() -> None:
    photo = torch.from_numpy(draw_photo(96, 96)).permute(2, 0, 1)[None] / 255
    across = torch.arange(96.0) + torch.arange(96.0)[:, None]
    phases = torch.tensor([0.0, 2.1, 4.2])[:, None, None]
    swinging = photo.clone()
    swinging[:, :, 40:56, 40:56] = (0.5 + 0.3 * torch.sin(1.2 * across + phases))[:, 40:56, 40:56]
    assert fringes(swinging) > 1.5 * fringes(photo)
    assert fringes(photo.mean(1, keepdim=True).expand(-1, 3, -1, -1)) == 0


def test_that_strokes_in_an_empty_photo_are_no_great_error_once_photos_are_known() -> None:
    torch.manual_seed(0)
    lively = torch.from_numpy(draw_photo(64, 64)).permute(2, 0, 1)[None] / 255
    grey = torch.tensor([0.485, 0.456, 0.406])[:, None, None]  # where VGG-19 sees nothing
    empty = grey + 0.02 * (lively - 0.5)
    objective = Objective(
        VGG19(averages=True).requires_grad_(requires_grad=False), [lively.flip(3)]
    )
    strokes = 0.2 * torch.rand(1, 3, 64, 64)

    def errors() -> list[float]:
        style = torch.zeros(1, dtype=torch.long)
        found = [objective(x, x + strokes, style, (0, 0), 32)[3] for x in (empty, lively)]
        return [float(error) for error in found]

    before = errors()
    assert before[0] > 3 * before[1]
    objective.know([lively], 32)
    after = errors()
    assert after[0] < 0.7 * before[0]
    assert after[1] == pytest.approx(before[1], rel=0.01)
