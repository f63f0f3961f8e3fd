"""The training of faces on drawn portraits and on digits: it learns, goes on, films, exports."""

import json
import re
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from PIL import Image

from studio.core.catalogue import Catalogue, Weights
from studio.core.controls import complete
from studio.core.errors import StudioError
from studio.core.latents import draw
from studio.core.progress import Progress
from studio.models import faces
from studio.models._weights import load_net
from studio.nets.dcgan import DCGANGenerator, PictureDiscriminator
from studio.quality import subjects
from studio.quality.faces import RealFaces, frechet_distance
from tests.conftest import draw_photo, few_digits, same_state
from training import details
from training import faces as script
from training.export import __main__ as export
from training.export import faces as export_faces
from training.lib.average import averaged_state
from training.lib.film import contact_sheet
from training.lib.redrawing import codes_of


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


def draw_portraits(folder: Path, count: int = 8) -> None:
    folder.mkdir(parents=True)
    random = np.random.default_rng(0)
    for number in range(count):
        x, y = 64 + random.uniform(-4, 4, 2)
        draw_portrait(128, 128, x, y).save(folder / f"{number}.png")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Eight portraits, each a little off its place."""
    draw_portraits(tmp_path / "data" / "faces" / "aligned_128")
    return tmp_path / "data"


def config(data: Path, run: Path, **changes) -> script.Config:
    small = {"side": 16, "width": 4, "latent": 20, "pictures": 4, "projected_side": 32}
    return script.Config(data, run, **{**small, "sample_minutes": 0.0, **changes})


def generated(weights: Weights, count: int, settings: dict[str, float]) -> torch.Tensor:
    """Pictures of the first seeds."""
    latents = torch.from_numpy(draw(range(count), weights.latent))
    known = complete(weights.controls, settings)
    net = load_net(weights, faces.SPEC)
    return faces.SPEC.run(net, latents, known, torch.Generator(), Progress())


def logged(told: str, term: str) -> list[float]:
    """What the lines of a run's steps say of a term."""
    return [float(found) for found in re.findall(rf"  {term} (\S+)", told)]


@pytest.mark.parametrize("baseline", [False, True])
def test_that_a_run_goes_on_and_its_judges_join_later(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, baseline: bool
) -> None:
    run = tmp_path / "run"
    start = {"redraw_steps": 2, "log_steps": 1, "baseline": baseline}
    script.train(config(data, run, steps=2, **start))
    script.train(config(data, run, steps=4, **start))
    told = capsys.readouterr().out
    assert "resumed at step 2" in told
    for judge, joins in (("picture", True), ("projected", not baseline)):
        scores = logged(told, judge)
        assert (scores[0] == 0) is not baseline
        assert (scores[-1] not in (0, 2)) is joins
    assert len(list((run / "samples").glob("*.jpg"))) == 4
    state = torch.load(run / "state" / "custom_checkpoint_0.pkl", weights_only=True)
    assert int(state["n_averaged"]) == 4


def test_that_a_generator_alone_learns_to_redraw_any_folder_of_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures, run = tmp_path / "pictures", tmp_path / "mine"
    draw_portraits(pictures, 5)
    Image.open(pictures / "0.png").resize((90, 60)).convert("L").save(pictures / "wide.jpg")
    (pictures / "notes.txt").write_text("no picture")
    (pictures / "broken.png").write_bytes((pictures / "0.png").read_bytes()[:60])
    small = {
        "side": 16, "width": 8, "latent": 20, "pictures": 8, "projected_side": 32, "steps": 40,
        "redraw_steps": 40, "redraw_rate": 0.02, "log_steps": 10, "sample_minutes": 9,
    }  # fmt: skip
    told = [f"--set={name}={value}" for name, value in small.items()]
    monkeypatch.setattr(
        "sys.argv", ["faces", "--folder", str(run), "--subject", str(pictures), *told]
    )
    script.main()
    said = capsys.readouterr()
    first, *_, last = logged(said.out, "redrawn")
    assert last < 0.8 * first
    assert [line for line in said.err.splitlines() if "broken.png" in line]


def test_that_details_are_learnt_for_a_generators_pictures_and_both_go_into_one_file(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small, run, folder = tmp_path / "small", tmp_path / "details", tmp_path / "weights"
    script.train(config(data, small, steps=2, redraw_steps=2))
    export_to = f"export faces --folder {small} --weights {folder} --count 16 --name"
    monkeypatch.setattr("sys.argv", [*export_to.split(), "small"])
    export.main()
    start = str(folder / "faces" / "small.safetensors")

    settings = {"steps": 30, "alone": 28, "pairs": 4, "width": 8, "patch_width": 4}
    settings |= {"projected_side": 32, "log_steps": 1, "sharpest": 1.0, "rate": 2e-3}
    told = [f"--set={name}={value}" for name, value in settings.items()]
    words = ["details", "--data", str(data), "--folder", str(run), "--start", start]
    monkeypatch.setattr("sys.argv", [*words, *told])
    details.main()
    said = capsys.readouterr().out
    pairs = logged(said, "pairs")
    assert sum(pairs[-8:-2]) < 0.9 * sum(pairs[:6])
    for judge in ("patch", "projected"):
        assert logged(said, judge)[27] == 2  # could not tell yet
        assert logged(said, judge)[28] != 2

    monkeypatch.setattr("sys.argv", [*export_to.split(), "large", "--details", str(run)])
    export.main()
    found = Catalogue([folder])
    few, many = (
        generated(found.find(f"faces/{name}"), 3, {"truncation": 0.8})
        for name in ("small", "large")
    )
    assert many.shape == (3, 3, 32, 32)
    assert [found.find(f"faces/{name}").side for name in ("small", "large")] == [16, 32]
    plain = generated(found.find("faces/large"), 3, {"truncation": 0.8, "details": False})
    enlarged = torch.nn.functional.interpolate(few, scale_factor=2.0, mode="bilinear")
    assert (plain - enlarged).abs().max() < 1e-2  # halves, in the file
    assert (torch.nn.functional.avg_pool2d(many, 2) - few).abs().mean() < 0.05
    assert found.find("faces/large").training["details"][0]["steps"] == [0, 30]

    start = str(folder / "faces" / "large.safetensors")
    words = ["details", "--data", str(data), "--folder", str(tmp_path / "more"), "--start", start]
    monkeypatch.setattr("sys.argv", [*words, *told, "--set=steps=6"])
    details.main()
    assert sum(logged(capsys.readouterr().out, "pairs")) < 0.9 * sum(pairs[:6])

    again = f"{export_to} again --details {start} --directions {start}"
    monkeypatch.setattr("sys.argv", again.split())
    export.main()
    pair = [found.find(f"faces/{name}") for name in ("large", "again")]
    first, second = (generated(each, 3, {"direction-1": 2.0}) for each in pair)
    assert torch.equal(first, second)
    assert not torch.equal(first, many)


def test_that_a_picture_and_its_mirror_image_have_latents_of_their_own() -> None:
    random = torch.Generator().manual_seed(0)
    pictures = torch.randint(0, 256, (40, 3, 8, 8), dtype=torch.uint8, generator=random)
    pictures[7] = pictures[3].flip(2)
    codes = codes_of(pictures, 12)
    assert codes.shape == (2, 40, 12)
    assert abs(float(codes.std()) - 1) < 0.05
    assert torch.allclose(codes[0, 7], codes[1, 3], atol=0.5)  # ranks differ by one
    assert torch.cdist(codes[0], codes[1]).median() > 3


def test_that_digits_are_learnt_without_any_data_filmed_and_generated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(subjects.SUBJECTS, "digits", few_digits)
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
    assert labels[:4] == ["Variety", "Slant", "Direction 2", "Thick strokes"]
    assert [c.name for c in weights.controls][3] == "thick-strokes"
    made = generated(weights, 3, {})
    assert made.shape == (3, 3, 8, 8)
    with Image.open(folder / "faces" / "digits.webp") as film:
        assert film.n_frames == 1 + 3  # the last one stays for a while
        assert film.size == (8 * (4 * 12 + 4), 8 * (4 * 12 + 4))
    trained = export_faces.make(export_faces.averaged_net(run, 1), weights.latent, 3)
    assert torch.allclose(made, trained, atol=0.01)  # float16 in the file
    assert json.loads((run / "config.json").read_text())["projected_weight"] == 0

    again = tmp_path / "again"
    arguments = [*arguments[:2], str(again), *arguments[3:], "--set", "width=8"]
    monkeypatch.setattr("sys.argv", [*arguments, "--start", str(weights.path)])
    script.main()
    same_state(averaged_state(run), averaged_state(again))


def test_that_a_folder_without_portraits_is_said(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match=r"no folder .*aligned_128"):
        subjects.portraits(tmp_path, 32)


def test_that_copies_are_found_and_sameness_and_noise_are_measured() -> None:
    real = torch.stack(
        [torch.from_numpy(draw_photo(32, 32, n)).permute(2, 0, 1) for n in range(24)]
    )
    eyes = subjects.Band(0.25, 0.5, 0.25)
    known = RealFaces(subjects.Subject(real, mirrored=True, eyes=eyes))
    pictures = real / 255
    copies = pictures[[3, 11]].flip(3) * 0.98
    assert torch.allclose(known.nearest(copies), pictures[[3, 11]].flip(3))
    like, same = known.measure(pictures * 0.95), known.measure(pictures[:1].repeat(24, 1, 1, 1))
    noise = known.measure(torch.rand(24, 3, 32, 32))
    assert like.kernel_distance < noise.kernel_distance
    assert like.frechet_distance < noise.frechet_distance
    assert same.diversity < 0.1
    assert like.diversity > 0.7
    assert like.kernel_distance_of_blurred > 0
    assert like.unlike_eyes == pytest.approx(0.95, abs=0.01)
    symmetric = torch.cat([pictures[..., :16], pictures[..., :16].flip(3)], 3)
    assert known.measure(symmetric).unlike_eyes == 0
    large = pictures.repeat_interleave(4, 2).repeat_interleave(4, 3)
    assert RealFaces(subjects.Subject((255 * large).byte(), mirrored=True)).measure(large)


def test_that_a_frechet_distance_is_that_of_normal_distributions() -> None:
    random = torch.Generator().manual_seed(0)
    features = torch.randn(4000, 3, generator=random)
    features = (features - features.mean(0)) / features.std(0)
    assert frechet_distance(features, features) == pytest.approx(0, abs=1e-6)
    moved = 3 * features + torch.tensor([1.0, 0.0, 2.0])
    assert frechet_distance(moved, features) == pytest.approx(5 + 3 * (3 - 1) ** 2, rel=1e-3)


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
    among_its_like = critic(pictures[:1].repeat(8, 1, 1, 1))[0]
    assert not torch.allclose(critic(pictures)[0], among_its_like, atol=1e-6)
    assert critic(pictures[:3]).shape == (3, 1)


def test_that_a_side_that_is_no_power_of_two_is_refused() -> None:
    with pytest.raises(ValueError, match="not 48"):
        DCGANGenerator(48)
