"""The enhance training on drawn pictures: it learns, resumes, and shares its work."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from PIL import Image
from torch.nn import functional as F

from studio.core.catalogue import Weights, read_weights
from studio.core.progress import Progress
from studio.models import enhance
from studio.models._weights import load_net
from studio.nets.muon import Muon
from tests.conftest import draw_photo, write_tiny
from training import enhance as script
from training import lively
from training.data.crops import SOURCES, VALIDATION
from training.data.damage import Damage
from training.export import __main__ as export
from training.lib.average import averaged_state

_TINY = {"widths": [8, 8, 8], "blocks": [1, 1, 1], "levels": 5, "estimator": 8, "coarser": 0}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The folders that the script reads, with drawn pictures."""
    folder = tmp_path / "data"
    for number, name in enumerate([*(s.folder for s in SOURCES), VALIDATION]):
        (folder / name).mkdir(parents=True)
        Image.fromarray(draw_photo(100, 90, number)).save(folder / name / "photo.png")
    return folder


def config(data: Path, run: Path, **changes: object) -> script.Config:
    tiny = {"batch": 2, "side": 64, "log_steps": 1, "hyperparameters": _TINY}
    return script.Config(data, run, **{**tiny, **changes})


@pytest.mark.parametrize(("scale", "name"), [(1, "photo"), (2, "upscale2x"), (4, "upscale4x")])
def test_that_a_run_goes_on_and_its_export_can_be_used(
    data: Path, tmp_path: Path, scale: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    side = 32 * max(2, scale)
    script.train(config(data, run, scale=scale, side=side, steps=2))
    assert list((run / "samples").glob("*.jpg"))
    script.train(config(data, run, scale=scale, side=side, steps=3))
    state = torch.load(run / "state" / "custom_checkpoint_0.pkl", weights_only=True)
    assert int(state["n_averaged"]) == 3

    weights = tmp_path / "weights"
    monkeypatch.setattr(
        sys, "argv",
        ["export", "enhance", "--folder", str(run), "--weights", str(weights), "--name", name],
    )  # fmt: skip
    export.main()
    written = read_weights(weights / "enhance" / f"{name}.safetensors")
    assert written.scale == scale
    assert written.local
    assert written.training["steps"] == 3
    assert any("told" in task for task in written.metrics)
    net = load_net(written, enhance.SPEC)
    photo = torch.rand(1, 3, 32, 40)
    settings = enhance.SPEC.measure(net, photo)
    assert settings.keys() <= {control.name for control in written.controls}
    result = enhance.run(net, photo, settings, torch.Generator(), Progress())
    assert result.shape == (1, 3, 32 * scale, 40 * scale)


def test_that_what_learned_beside_a_run_is_exported_with_it(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copying = {**_TINY, "coarser": 1, "copies": 1}
    for seed, (run, hyper) in enumerate((("one", _TINY), ("other", copying))):
        changes = {"hyperparameters": hyper, "seed": seed, "steps": 1}
        script.train(config(data, tmp_path / run, **changes))
    drawn = write_tiny(tmp_path, enhance.SPEC, "drawn", levels=3, coarser=0, copies=0)
    monkeypatch.setattr(
        sys, "argv",
        [
            "export", "enhance", f"--data={data}", f"--folder={tmp_path / 'one'}",
            f"--weights={tmp_path}",
            f"--estimator={tmp_path / 'other'}", f"--drawn={drawn.path}", "--name=both",
        ],
    )  # fmt: skip
    export.main()
    states = {
        name: {k: v.half() for k, v in averaged_state(tmp_path / name).items()}
        for name in ("one", "other")
    }
    both = load_net(read_weights(tmp_path / "enhance" / "both.safetensors"), enhance.SPEC)
    known = load_net(drawn, enhance.SPEC).state_dict()
    for name, value in both.state_dict().items():
        part, _, rest = name.partition(".")
        source = {"restorer": states["one"], "estimator": states["other"]}.get(part)
        assert torch.equal(value, (known[rest] if source is None else source[name]).float()), name


def test_that_an_estimator_begins_to_look_at_a_copy_as_it_looked_at_photos(
    data: Path, tmp_path: Path
) -> None:
    start = write_tiny(tmp_path, enhance.SPEC, "start", coarser=0, copies=0)
    hyper = {**_TINY, "copies": 1}
    begun = script.initial_net(
        config(data, tmp_path / "run", start=start.path, hyperparameters=hyper)
    )
    known = load_net(start, enhance.SPEC)
    photo = torch.rand(1, 3, 64, 96)
    whole, _ = known.estimator.ballots(photo)
    copy, _ = known.estimator.ballots(F.avg_pool2d(photo, 2))
    votes, _ = begun.estimator.ballots(photo)
    seen_whole, seen_copy = votes.split([whole.shape[2], copy.shape[2]], 2)
    assert torch.allclose(seen_whole, whole, atol=1e-5)
    noise = [0, 3]
    assert torch.allclose(seen_copy[:, noise], copy[:, noise], atol=1e-5)
    assert torch.allclose(1 + 4 * seen_copy[:, 4], 2 * (1 + 4 * copy[:, 4]), atol=1e-5)


def test_that_detail_leads_from_the_true_net_to_the_lively_one(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script.train(config(data, tmp_path / "true", scale=2, steps=1))
    words = ["export", "enhance", f"--folder={tmp_path / 'true'}", f"--weights={tmp_path}"]
    monkeypatch.setattr(sys, "argv", [*words, "--name=true"])
    export.main()
    start = tmp_path / "enhance" / "true.safetensors"
    small = {"batch": 1, "side": 64, "alone": 1, "log_steps": 1}
    lively.train(lively.Config(data, tmp_path / "lively", start, steps=3, rate=0.1, **small))
    assert list((tmp_path / "lively" / "samples").glob("*.jpg"))
    monkeypatch.setattr(sys, "argv", [*words, f"--lively={tmp_path / 'lively'}", "--name=both"])
    export.main()

    true, both = (read_weights(start.with_stem(name)) for name in ("true", "both"))
    assert {c.name for c in both.controls} - {c.name for c in true.controls} == {"detail"}
    photo, told = torch.rand(1, 3, 32, 40), {"noise": 0.0, "jpeg": 100.0, "sharpness": 0.0}

    def enlarged(weights: Weights, detail: float) -> torch.Tensor:
        net = load_net(weights, enhance.SPEC)
        settings = {**told, "detail": detail}
        return enhance.run(net, photo, settings, torch.Generator(), Progress())

    assert torch.equal(enlarged(both, 0.0), enlarged(true, 0.0))
    changes = [(enlarged(both, d) - enlarged(true, 0.0)).abs().mean() for d in (0.2, 0.6, 1.0)]
    assert 0 < changes[0] < changes[1] < changes[2]


def test_that_a_net_of_another_scale_begins_with_what_this_one_learned(
    data: Path, tmp_path: Path
) -> None:
    write_tiny(tmp_path, enhance.SPEC, "one", coarser=0, copies=0)
    start = tmp_path / "enhance" / "one.safetensors"
    learned = load_net(read_weights(start), enhance.SPEC).state_dict()
    begun = script.initial_net(config(data, data, scale=2, start=start)).state_dict()
    other = {name for name, value in learned.items() if begun[name].shape != value.shape}
    assert other == {"restorer.head.weight"}
    assert all(torch.equal(begun[name], learned[name]) for name in learned.keys() - other)


def test_that_a_net_that_is_told_more_begins_as_good_as_it_was(data: Path, tmp_path: Path) -> None:
    write_tiny(tmp_path, enhance.SPEC, "three", levels=3, coarser=0, copies=0)
    start = tmp_path / "enhance" / "three.safetensors"
    learned = load_net(read_weights(start), enhance.SPEC)
    begun = script.initial_net(config(data, data, start=start))
    photo, levels = torch.rand(1, 3, 32, 40), torch.rand(1, 5)
    with torch.no_grad():
        was = learned.restorer(photo, levels[:, :3])
        assert torch.allclose(begun.restorer(photo, levels), was, atol=1e-5)


@pytest.mark.parametrize(
    ("learns", "other", "through"),
    [
        ("restorer", "estimator", False), ("estimator", "restorer", False),
        ("estimator", "restorer", True),
    ],
)  # fmt: skip
def test_that_one_net_can_learn_alone(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str],
    learns: str, other: str, through: bool,
) -> None:  # fmt: skip
    script.train(config(data, tmp_path / "run", learns=learns, through=through, steps=2))
    cleaned = [
        float(psnr) != 0 for psnr in re.findall(r"psnr (-?\d\S*)  levels", capsys.readouterr().out)
    ]
    assert cleaned == [through or learns == "restorer"] * 2
    begun = script.initial_net(config(data, data)).state_dict()
    state = torch.load(tmp_path / "run" / "state" / "custom_checkpoint_0.pkl", weights_only=True)
    torch.manual_seed(0)
    begun = script.initial_net(config(data, data)).state_dict()
    same = {k for k, v in begun.items() if torch.equal(v, state[f"module.{k}"])}
    assert {k for k in begun if k.startswith(other)} <= same
    assert not {k for k in begun if k.startswith(learns)} <= same


def test_that_it_learns_to_clean_and_to_find_the_noise(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One kind of damage: of all kinds, a few steps teach too little to tell it from chance.
    drawn = lambda random, *_: Damage(noise=random.uniform(5, 60))  # noqa: E731
    monkeypatch.setattr(script, "draw_damage", drawn)
    torch.manual_seed(0)
    settings = config(data, data, side=32)
    net, batches = script.initial_net(settings), script.Batches(settings, range(4))
    objective = script.Objective(net, settings.floor)
    optimizer = Muon(net, 0.01, holds_norms=False)
    fixed = script.Batches(settings, range(16))(1000)

    def error_and_levels() -> tuple[float, float]:
        with torch.no_grad():
            error, levels = objective(fixed)
        return error.mean().item(), levels.mean().item()

    before = error_and_levels()
    for step in range(80):
        error, levels = objective(batches(step))
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
