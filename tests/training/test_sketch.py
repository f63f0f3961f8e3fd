"""The sketch training on drawn pictures: doodles, pairs, a run that goes on."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from studio.core.catalogue import Catalogue
from studio.nets.pix2pix import UNetGenerator
from tests.conftest import draw_photo, same_state
from training import sketch as script
from training.data import appearance, people
from training.data.edges import edges_of, lines_held, lines_lost, load_edge_net
from training.data.fronts import FACADE_LABELS
from training.data.heads import doodle_of, read_heads
from training.data.people import PeoplesCats
from training.data.subjects import OWN_PHOTOS, Facades, cats, find_subject
from training.export import __main__ as export
from training.lib.average import averaged_state


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Learns little of where a drawing's parts are and of colours, and measures few drawings."""
    monkeypatch.setattr(appearance, "_DOODLES", 20)
    monkeypatch.setattr(appearance, "_STEPS", 3)
    monkeypatch.setattr(people, "_ASIDE", 30)
    monkeypatch.setattr(script, "_CODED", 20)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Twelve drawn heads and their edges; drawings by people."""
    folder = tmp_path / "data" / "cats"
    for name in ("heads_160", "heads_160_edges"):
        (folder / name).mkdir(parents=True)
    for number in range(12):
        photo = draw_photo(160, 160, number)
        Image.fromarray(photo).save(folder / "heads_160" / f"{number:05}.jpg")
        edges = np.abs(np.diff(photo.astype(int).mean(2), axis=1, append=0)).clip(0, 255)
        grey = Image.fromarray((255 - edges).astype(np.uint8))
        grey.save(folder / "heads_160_edges" / f"{number:05}.png")
    (folder.parent / "doodles").mkdir()
    np.savez(folder.parent / "doodles" / "cats_28.npz", doodles=draw_scrawls(300))
    return folder.parent


def draw_scrawls(count: int) -> np.ndarray:
    """Rings of several sizes, (count, 28, 28), 255 is ink; no two alike."""
    y, x = np.mgrid[:28, :28]
    away = np.hypot(y - 13.5, x - 13.5)
    radii = np.linspace(5, 12, count)[:, None, None]
    return (255 * np.clip(2 - abs(away - radii), 0, 1)).astype(np.uint8)


@pytest.fixture
def facades(tmp_path: Path) -> Path:
    """Three drawn fronts beside their maps: a wall with a row of windows."""
    for part in ("train", "val"):
        folder = tmp_path / "data" / "facades" / part
        folder.mkdir(parents=True)
        for number in range(3):
            both = np.zeros((64, 128, 3), np.uint8)
            both[:, :64] = draw_photo(64, 64, number)
            both[:, 64:] = FACADE_LABELS[1].rgb
            for left in range(72, 120, 16):
                both[20:40, left : left + 8] = FACADE_LABELS[2].rgb
            Image.fromarray(both).save(folder / f"{number}.jpg", quality=95)
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("subject", "l1_only"), [("cats", False), ("cats", True), ("facades", False)]
)
@pytest.mark.usefixtures("facades")
def test_that_a_run_goes_on_and_shows_what_it_does(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], subject: str, *, l1_only: bool
) -> None:
    run = tmp_path / "run"

    def config(steps: int) -> script.Config:
        return script.Config(
            data, run, subject, side=64, width=8, pairs=1, doodles=1, steps=steps, l1_only=l1_only
        )

    script.train(config(1))
    assert list((run / "samples").glob("*.jpg"))
    script.train(config(2))
    assert "resumed at step 1" in capsys.readouterr().out
    state = torch.load(run / "state" / "custom_checkpoint_0.pkl", weights_only=True)
    assert int(state["n_averaged"]) == 2


def test_that_pairs_aside_are_not_trained_on(data: Path) -> None:
    heads = cats(data, 64, data, None)
    assert len(heads.held_out()) == 2
    assert heads.count == 10
    first, again = (heads.held_out()[0] for _ in range(2))
    assert torch.equal(first.drawing, again.drawing)
    random = np.random.default_rng(0)
    pair = heads.pair(0, random)
    assert pair.drawing.shape == (4, 64, 64), "ink and the prototype beside it"
    assert pair.photo.shape == (3, 64, 64)
    assert 0 <= pair.drawing.min() <= pair.drawing.max() <= 1


def test_that_a_photo_is_given_unbent_beside_its_pair(data: Path) -> None:
    heads = cats(data, 64, data, None)
    random = np.random.default_rng(1)
    photos = torch.stack(heads.real())
    both = torch.cat([photos, photos.flip(3)])
    for index in range(6):
        pair = heads.pair(index, random)
        assert pair.plain is not None
        assert (both - pair.plain).abs().amax((1, 2, 3)).min() == 0


def test_that_no_other_cut_of_a_photo_kept_aside_is_trained_on(data: Path) -> None:
    for folder, suffix in (("heads_160", "jpg"), ("heads_160_edges", "png")):
        for number in range(12):  # a second time, a little closer
            with Image.open(data / "cats" / folder / f"{number:05}.{suffix}") as picture:
                cut = picture.resize((160, 160), box=(3, 3, 157, 157))
            cut.save(data / "cats" / folder / f"{100 + number:05}.{suffix}")
    heads = cats(data, 64, data, None)
    assert len(heads.held_out()) == 2
    assert 16 <= heads.count <= 20  # of 24, without the two and their other cuts at least


def test_that_some_drawings_by_people_are_kept_aside_and_the_others_trained_on(data: Path) -> None:
    heads = cats(data, 64, data, None)
    aside = heads.doodles_aside()
    assert len(aside) == 30
    assert all(torch.equal(*both) for both in zip(aside, heads.doodles_aside(), strict=True))
    drawn = PeoplesCats(data)
    assert not {d.tobytes() for d in drawn.learnt} & {d.tobytes() for d in drawn.aside}
    random = np.random.default_rng(0)
    for _ in range(10):
        doodle = heads.doodle(random)
        assert 0.005 < doodle[0].mean() < 0.5


def test_that_a_head_is_drawn_where_it_is_in_the_photo() -> None:
    head = read_heads()["00000"]
    drawn = [doodle_of(head, 160, np.random.default_rng(seed)) for seed in range(40)]
    ink = np.mean(drawn, 0)
    for sign in (-1, 1):
        x, y = np.rint(160 * (head.between + sign * head.axis)).astype(int)
        assert ink[y - 6 : y + 7, x - 6 : x + 7].max() > 0.3, "most have an eye there"
    x, y = np.rint(160 * head.between).astype(int)
    assert ink[y - 3 : y + 4, x - 3 : x + 4].max() < 0.2, "and few have ink between the eyes"
    assert not np.array_equal(drawn[0], drawn[1])


def test_that_what_is_learnt_of_heads_is_found_again_where_they_are_drawn(data: Path) -> None:
    heads = cats(data, 64, data, None)
    looks = heads.appearance
    turned = looks.points + torch.tensor([0.2, -0.1])
    pictures = looks.draw(looks.looks[:4], turned[None].expand(4, -1, -1), (64, 64))
    assert (looks.look(pictures, turned[None].expand(4, -1, -1)) - looks.looks[:4]).norm() < (
        0.5 * looks.looks[:4].norm()
    ), "moved, and moved back"
    again = cats(data, 64, data, None).appearance
    same_state(looks.state_dict(), again.state_dict())
    ink = heads.doodles_aside()[0][None, :1]
    generators = (torch.Generator().manual_seed(seed) for seed in (1, 1, 2))
    one, same, other = (
        looks.draw(looks.choose(1, g), looks.find(ink), (64, 64)) for g in generators
    )
    assert torch.equal(one, same)
    assert not torch.equal(one, other)


def test_that_photos_alone_of_any_names_get_their_lines_from_the_program(tmp_path: Path) -> None:
    folder = tmp_path / "my shoes"
    folder.mkdir()
    for number in range(12):
        photo = draw_photo(150, 200, number)
        photo[50:100, 60 : 110 + number] = 255 - photo[50:100, 60 : 110 + number]
        Image.fromarray(photo).save(folder / f"Shoe {number}, left (copy).PNG")
    shoes = find_subject(OWN_PHOTOS, folder, 64, tmp_path, None)
    assert shoes.count >= 8
    pairs = [shoes.pair(0, np.random.default_rng(seed)) for seed in range(8)]
    assert np.mean([(pair.drawing > 0.5).float().mean() for pair in pairs]) > 0.01
    assert len(shoes.doodles_aside()) == len(shoes.held_out()) >= 2


def test_that_edges_are_seen_where_there_are_some_and_hold_a_drawings_lines() -> None:
    drawing = torch.zeros(1, 1, 128, 128)
    drawing[..., 32:34, 32:96] = drawing[..., 94:96, 32:96] = 1
    drawing[..., 32:96, 32:34] = drawing[..., 32:96, 94:96] = 1
    square = torch.full((1, 3, 128, 128), 0.2)
    square[..., 33:95, 33:95] = 0.8
    net = load_edge_net()
    assert lines_held(net, drawing, square) > 0.7
    assert lines_held(net, drawing, square.roll(30, 3)) < 0.6
    near, far = (lines_lost(net, drawing, each) for each in (square, torch.zeros_like(square)))
    assert near < 0.5 * far
    grey = Image.fromarray((square[0] * 255).byte().permute(1, 2, 0).numpy())
    edges = np.asarray(edges_of(net, grey))
    assert edges[33, 40:90].mean() < 120, "dark"
    assert edges[60:70, 60:70].mean() > 220, "on white"


def test_that_a_map_has_one_label_at_each_place(facades: Path) -> None:
    subject = Facades(facades, 64)
    (first, *_), random = subject.held_out(), np.random.default_rng(0)
    assert first.drawing.shape == (12, 64, 64)
    assert torch.equal(first.drawing.sum(0), torch.ones(64, 64))
    assert first.drawing[2].mean() == pytest.approx(3 * 8 * 20 / 64**2, abs=0.02)
    assert subject.pair(0, random).drawing.sum(0).max() == 1


def test_that_what_is_exported_draws_and_says_how_well(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = tmp_path / "run"
    config = script.Config(data, run, side=64, width=8, pairs=1, doodles=1, steps=1)
    script.train(config)
    weights, sheet = tmp_path / "weights", tmp_path / "sheet.png"
    arguments = ["--folder", run, "--l1", run, "--weights", weights, "--name", "cats"]
    arguments += ["--aside", sheet]
    monkeypatch.setattr("sys.argv", ["export", "sketch", *map(str, arguments)])
    export.main()
    weights = Catalogue([weights]).find("sketch/cats")
    assert weights.metrics["kernel_distance"] == weights.metrics["kernel_distance, L1 alone"]
    assert weights.metrics["kernel_distance"] > 0
    assert {"sharpness", "contrast", "colours", "cat", "cat_in_real", "lines"} <= {*weights.metrics}
    assert weights.training["steps"] == 1
    assert weights.hyperparameters == {
        "width": 8, "side": 64, "code": 8, "drop": 0.5, "palette": [],
        "landmarks": 12, "components": 9, "looks": 10, "settled": False,
    }  # fmt: skip
    with Image.open(weights.preview) as picture:
        assert picture.width > 5 * 64
    with Image.open(sheet) as picture:
        assert picture.height == 3 * 2 * (64 + 4) + 4  # 24 drawings in rows of ten, and the results

    again = tmp_path / "again"
    script.train(replace(config, run=again, start=weights.path))
    same_state(averaged_state(run), averaged_state(again))
    assert json.loads((again / "state" / "progress.json").read_text())["step"] == 1

    settled = tmp_path / "settled"
    script.train(replace(config, run=settled, start=weights.path, settled=True, steps=2))
    variances = averaged_state(settled)["up.4.norm.running_var"]
    assert not torch.allclose(variances, torch.ones_like(variances), atol=0.01)


def test_that_standing_statistics_draw_what_a_pictures_own_did() -> None:
    torch.manual_seed(0)
    drawing = torch.rand(1, 1, 64, 64)
    own, settled = UNetGenerator(width=8, drop=0), UNetGenerator(width=8, drop=0, settled=True)
    settled.load_state_dict(own.state_dict(), strict=False)
    settled.settle([drawing, drawing])
    with torch.inference_mode():
        assert (settled(drawing) - own(drawing)).abs().mean() < 0.01
        other = torch.rand(1, 1, 64, 64) ** 4
        assert (settled(other) - own(other)).abs().mean() > 0.01  # whose own statistics are others


def test_that_a_code_changes_the_picture_and_a_seed_chooses_it() -> None:
    torch.manual_seed(0)
    net = UNetGenerator(width=8, code=4).eval()
    assert net.film is not None
    torch.nn.init.normal_(net.film.weight)
    drawing = torch.rand(1, 1, 64, 64)

    def draw(seed: int, codes: torch.Tensor | None = None) -> torch.Tensor:
        return net(drawing, torch.Generator().manual_seed(seed), codes)

    with torch.inference_mode():
        assert torch.equal(draw(1), draw(1))
        far = (draw(1, torch.ones(1, 4)) - draw(1, -torch.ones(1, 4))).abs().mean()
        near = (draw(1, torch.ones(1, 4)) - draw(2, torch.ones(1, 4))).abs().mean()
    assert far > near


def test_that_a_seed_gives_one_picture_and_another_gives_another() -> None:
    torch.manual_seed(0)
    net = UNetGenerator(width=8).eval()
    drawing = torch.rand(1, 1, 64, 96)
    with torch.inference_mode():
        one, same, other = (net(drawing, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert one.shape == (1, 3, 64, 96)
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
