"""The training of faces on drawn portraits and on digits: it learns, goes on, films, exports."""

import json
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from PIL import Image

from studio.core.catalogue import Catalogue
from studio.core.controls import complete
from studio.core.latents import draw
from studio.core.progress import Progress
from studio.models import _portraits as portraits
from studio.models import faces
from studio.models._weights import load_net
from studio.nets.dcgan import DCGANGenerator, PictureDiscriminator
from studio.quality.faces import RealFaces
from tests.conftest import draw_photo, same_state
from training import faces as script
from training.export import __main__ as export
from training.export import faces as export_faces
from training.lib.average import averaged_state
from training.lib.film import contact_sheet


def draw_portrait(width: int, height: int, x: float, y: float) -> Image.Image:
    """A pale oval with eyes and mouth around a place, on blue."""
    rows, columns = np.mgrid[:height, :width]
    unit = 0.25 * width
    pixels = np.full((height, width, 3), (90, 110, 140), np.uint8)
    pixels[((columns - x) / unit) ** 2 + ((rows - y) / (1.3 * unit)) ** 2 < 1] = (220, 180, 160)
    for dx, dy, a, b in ((-0.4, -0.3, 0.15, 0.1), (0.4, -0.3, 0.15, 0.1), (0, 0.6, 0.4, 0.12)):
        inside = ((columns - x) / unit - dx) ** 2 / a**2 + ((rows - y) / unit - dy) ** 2 / b**2 < 1
        pixels[inside] = (60, 30, 30)
    return Image.fromarray(pixels)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Eight portraits in each folder, each a little off its place."""
    random = np.random.default_rng(0)
    for source, size in zip(portraits.SOURCES, ((120, 160), (160, 196)), strict=True):
        folder = tmp_path / "data" / "faces" / source.folder
        folder.mkdir(parents=True)
        for number in range(8):
            x, y = (np.array([source.x, source.y]) + random.uniform(-0.06, 0.06, 2)) * size
            draw_portrait(*size, x, y).save(folder / f"{number}.jpg", quality=95)
        draw_portrait(60, 90, 30, 40).save(folder / "narrow.jpg")
    return tmp_path / "data"


def config(data: Path, run: Path, **changes) -> script.Config:
    small = {"side": 16, "width": 4, "latent": 20, "pictures": 4, "projected_side": 32}
    return script.Config(data, run, **{**small, "sample_minutes": 0.0, **changes})


@pytest.mark.parametrize("baseline", [False, True])
def test_that_a_run_goes_on_and_its_second_judge_joins_later(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, baseline: bool
) -> None:
    run = tmp_path / "run"
    start = {"projected_from": 1, "projected_ramp": 2, "log_steps": 1, "baseline": baseline}
    script.train(config(data, run, steps=2, **start))
    script.train(config(data, run, steps=4, **start))
    told = capsys.readouterr().out
    assert "resumed at step 2" in told
    first, *_, last = (line for line in told.splitlines() if "projected" in line)
    assert "projected 2 " in first
    assert ("projected 2 " in last) is baseline
    assert len(list((run / "samples").glob("*.jpg"))) == 4
    state = torch.load(run / "state" / "custom_checkpoint_0.pkl", weights_only=True)
    assert int(state["n_averaged"]) == 4


class FewDigits(portraits.Digits):
    """Enough to see that the figures come."""

    def __init__(self, data: Path, side: int) -> None:
        super().__init__(data, side)
        self.real = self.real[:40]


def test_that_digits_are_learnt_without_any_data_filmed_and_generated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(portraits.SUBJECTS, "digits", FewDigits)
    run = tmp_path / "digits"
    arguments = ["faces", "--folder", str(run), "--recipe", "digits", "--set", "steps=3"]
    monkeypatch.setattr(
        "sys.argv",
        [*arguments, "--set", "width=8", "--set", "sample_minutes=0", "--set", "warm_up=1"],
    )
    script.main()
    monkeypatch.setattr("sys.argv", ["faces", "--folder", str(run), "--film"])
    script.main()
    film, sheet = (Path(line) for line in capsys.readouterr().out.splitlines()[-2:])
    with av.open(str(film)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 3 + 16
    with Image.open(sheet) as picture:
        assert picture.height == 8 * (3 * 12 + 4)
    assert contact_sheet(run).width >= 256

    folder = tmp_path / "weights"
    exported = f"export faces --folder {run} --baseline {run} --weights {folder} --name digits"
    exported += " --count 40 --names"
    sheets = ("--grid", str(tmp_path / "grid.png"), "--sheet", str(tmp_path / "sheet.png"))
    monkeypatch.setattr("sys.argv", [*exported.split(), "Slant,,Thick strokes", *sheets])
    export.main()
    weights = Catalogue([folder]).find("faces/digits")
    assert weights.metrics["kernel_distance"] == weights.metrics["kernel_distance, plain DCGAN"]
    assert weights.training["subject"] == "digits"
    labels = [control.label for control in weights.controls]
    assert labels[:4] == ["Truncation", "Slant", "Direction 2", "Thick strokes"]
    assert [c.name for c in weights.controls][3] == "thick-strokes"
    net = load_net(weights, faces.SPEC)
    latents = torch.from_numpy(draw(range(3), weights.latent))
    settings = complete(weights.controls, {})
    made = faces.SPEC.run(net, latents, settings, torch.Generator(), Progress())
    assert made.shape == (3, 3, 8, 8)
    with Image.open(folder / "faces" / "digits.webp") as film:
        assert film.n_frames == 1 + 3  # the last one stays for a while
        assert film.size == (8 * (4 * 12 + 4), 8 * (4 * 12 + 4))
    trained = export_faces.make(export_faces.averaged_net(run, 1), 3)
    assert torch.allclose(made, trained, atol=0.01)  # float16 in the file
    assert json.loads((run / "config.json").read_text())["projected_weight"] == 0

    again = tmp_path / "again"
    arguments = [*arguments[:2], str(again), *arguments[3:], "--set", "width=8"]
    monkeypatch.setattr("sys.argv", [*arguments, "--start", str(weights.path)])
    script.main()
    same_state(averaged_state(run), averaged_state(again))


def test_that_faces_are_found_where_they_are(data: Path) -> None:
    found = portraits.Portraits(data, 32).real.float()
    assert found.shape == (16, 3, 32, 32)  # without the narrow ones
    middle = found[:, :, 6:26, 8:24]
    apart = (middle - middle.mean(0)).square().mean().sqrt()
    assert apart < 0.5 * middle.std((2, 3)).mean()


def test_that_a_folder_without_portraits_is_said(tmp_path: Path) -> None:
    with pytest.raises(portraits.StudioError, match="no folder"):
        portraits.Portraits(tmp_path, 32)


def test_that_copies_are_found_and_sameness_and_noise_are_measured() -> None:
    real = torch.stack(
        [torch.from_numpy(draw_photo(32, 32, n)).permute(2, 0, 1) / 255 for n in range(24)]
    )
    copies = real[[3, 11]].flip(3) * 0.98
    known = RealFaces(real)
    assert torch.allclose(known.nearest(copies), real[[3, 11]].flip(3))
    like, same = known.measure(real * 0.95), known.measure(real[:1].repeat(24, 1, 1, 1))
    noise = known.measure(torch.rand(24, 3, 32, 32))
    assert like.kernel_distance < noise.kernel_distance
    assert same.diversity < 0.1
    assert like.diversity > 0.7
    assert like.kernel_distance_of_blurred > 0


@pytest.mark.parametrize("side", [8, 32])
def test_that_directions_are_those_that_change_the_first_layer_most(side: int) -> None:
    torch.manual_seed(0)
    net = DCGANGenerator(side, 4, latent=12)
    net.first.weight.data[:, 5] *= 9
    net.settle(torch.randn(64, 12))
    found = net.directions(3)
    assert torch.allclose(found @ found.T, torch.eye(3), atol=1e-4)
    assert found[0, 5] > 0.9
    assert net(torch.randn(2, 12)).shape == (2, 3, side, side)


def test_that_a_settled_net_makes_of_a_latent_the_same_in_any_company() -> None:
    torch.manual_seed(0)
    net = DCGANGenerator(16, 4, latent=12)
    latents = torch.randn(300, 12)
    net.settle(latents)
    assert torch.allclose(net(latents[:1]), net(latents)[:1], atol=1e-5)


def test_that_the_discriminator_sees_whether_pictures_are_all_alike() -> None:
    torch.manual_seed(0)
    critic = PictureDiscriminator(16, 4).eval()
    pictures = torch.rand(8, 3, 16, 16)
    among_others = critic(pictures)[0]
    among_its_like = critic(pictures[:1].repeat(8, 1, 1, 1))[0]
    assert not torch.allclose(among_others, among_its_like, atol=1e-6)
    assert critic(pictures[:3]).shape == (3, 1)


def test_that_a_side_that_is_no_power_of_two_is_refused() -> None:
    with pytest.raises(ValueError, match="not 48"):
        DCGANGenerator(48)
