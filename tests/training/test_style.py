"""The style training on drawn pictures: it learns, it resumes, and what it exports can be used."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from studio.core.catalogue import Catalogue, Weights
from studio.models import style
from studio.models._weights import save_weights
from studio.nets.muon import Muon
from studio.nets.style_net import StyleNets
from tests.conftest import draw_photo
from training import style as script
from training.data import paintings
from training.data.paintings import GALLERY
from training.export import __main__ as door
from training.lib.average import averaged_state

WORKS = GALLERY[:3]


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
    for folder_of_paintings in ("paintings", "monet"):
        (folder / folder_of_paintings).mkdir()
    for number, work in enumerate(WORKS):
        Image.fromarray(draw_photo(64, 64, 50 + number)).save(work.path(folder))
    return folder


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paintings, "PAINTING_SIDE", 128)
    monkeypatch.setattr(paintings, "GALLERY", WORKS)
    sources = [replace(source, shortest=(64, 64)) for source in script.SOURCES]
    monkeypatch.setattr(script, "SOURCES", sources)


def config(data: Path, run: Path, steps: int) -> script.Config:
    return script.Config(data, run, side=64, window=32, steps=steps, turn=3, first_turn=4)


def test_that_a_run_leaves_a_checkpoint_a_grid_and_goes_on_from_it(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / "run"
    script.train(config(data, run, 2))
    first = torch.load(run / "state" / "custom_checkpoint_0.pkl", weights_only=True)
    assert list((run / "samples").glob("*.jpg"))
    assert json.loads((run / "config.json").read_text())["steps"] == 2

    script.train(config(data, run, 6))
    assert "resumed at step 2" in capsys.readouterr().out
    second = torch.load(run / "state" / "custom_checkpoint_0.pkl", weights_only=True)
    kernels = [f"nets.{number}.layers.0.conv.weight" for number in range(3)]
    assert not torch.equal(first[kernels[0]], second[kernels[0]])
    assert torch.equal(first[kernels[2]], second[kernels[2]]), "its turn has not come"
    # From nothing, the second painting begins as the first one, which had a longer turn.
    angles = [
        torch.cosine_similarity(second[kernels[0]].flatten(), second[other].flatten(), 0)
        for other in kernels[1:]
    ]
    assert angles[0] > 0.9
    assert angles[1] < 0.5


@pytest.mark.parametrize("apart", [True, False])
def test_that_new_paintings_begin_as_known_ones_and_known_ones_as_they_were(
    data: Path, tmp_path: Path, *, apart: bool
) -> None:
    hyper = {
        **style.SPEC.tiny, "stem": 32, "width": 80, "blocks": 5, "tail": 16, "apart": apart,
        "dilations": script.DILATIONS,
        "styles": [{"id": work.id, "title": work.title} for work in WORKS[:2]],
    }  # fmt: skip
    torch.manual_seed(0)
    begun = style.SPEC.build(hyper).eval()
    for net in begun.net.nets if apart else [begun.net]:
        for layer in net.layers[:-1]:
            layer.scale.data = 0.5 + torch.rand_like(layer.scale)
    start = save_weights(
        tmp_path / "two.safetensors", begun, style.SPEC, title="Two", licence="none",
        hyperparameters=hyper, training={"steps": 7, "hours": 1}, metrics={},
    )  # fmt: skip

    script.train(replace(config(data, tmp_path / "run", 8), start=start.path, rate=0.0))

    net = StyleNets(len(WORKS), grain=script.GRAIN, dilations=script.DILATIONS).eval()
    net.load_state_dict(averaged_state(tmp_path / "run"))
    photo = torch.rand(1, 3, 32, 32)
    with torch.inference_mode():
        known = [begun.net(photo, row[None]) for row in torch.eye(2)]
        painted = [net(photo, row[None]) for row in torch.eye(len(WORKS))]
    near = [[float((one - two).abs().max()) < 0.02 for two in known] for one in painted]
    assert near[:2] == [[True, False], [False, True]]
    assert all(sum(row) == 1 for row in near)


def test_that_the_mean_with_what_a_run_began_from_can_be_exported(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("studio.quality.style.SIDES", (64, 48, 32))
    monkeypatch.setattr(door.style, "photos_kept_aside", lambda *_: [torch.rand(1, 3, 64, 64)])

    def export(run: Path, *more: str) -> Weights:
        words = ["export", "style", "--folder", str(run), "--weights", str(tmp_path / "own")]
        monkeypatch.setattr("sys.argv", [*words, "--name", run.name, *more])
        door.main()
        return Catalogue([tmp_path / "own"]).find(f"style/{run.name}")

    script.train(config(data, tmp_path / "first", 1))
    first = export(tmp_path / "first")
    begun = replace(config(data, tmp_path / "second", 3), start=first.path)
    script.train(begun)
    second = export(tmp_path / "second", "--mean-with", str(first.path))
    assert second.training["mean_with"] == first.sha256
    one, mean = load_file(first.path), load_file(second.path)
    for name, value in averaged_state(tmp_path / "second").items():
        wanted = (value + one[f"net.{name}"].float()) / 2
        assert torch.allclose(mean[f"net.{name}"].float(), wanted, atol=1e-3)

    monkeypatch.setattr(paintings, "GALLERY", WORKS[:2])
    script.train(config(data, tmp_path / "other", 1))
    with pytest.raises(SystemExit):
        export(tmp_path / "other", "--mean-with", str(first.path))
    assert "has other networks than the run" in capsys.readouterr().err


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
