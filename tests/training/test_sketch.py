"""The sketch training on drawn pictures: doodles, pairs, a run that goes on."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from studio.nets.pix2pix import UNetGenerator
from tests.conftest import draw_photo
from training import sketch as script
from training._augment import augment
from training._doodles import draw_cat, simplify
from training._pairs import Cats


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Twelve drawn heads and their edges."""
    folder = tmp_path / "data" / "cats"
    for name in ("heads_160", "heads_160_edges"):
        (folder / name).mkdir(parents=True)
    for number in range(12):
        photo = draw_photo(160, 160, number)
        Image.fromarray(photo).save(folder / "heads_160" / f"{number:05}.jpg")
        edges = np.abs(np.diff(photo.astype(int).mean(2), axis=1, append=0)).clip(0, 255)
        grey = Image.fromarray((255 - edges).astype(np.uint8))
        grey.save(folder / "heads_160_edges" / f"{number:05}.png")
    return folder.parent


@pytest.mark.parametrize("l1_only", [False, True])
def test_that_a_run_goes_on_and_shows_what_it_does(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, l1_only: bool
) -> None:
    run = tmp_path / "run"

    def config(steps: int) -> script.Config:
        return script.Config(
            data, run, side=64, width=8, pairs=1, doodles=1, steps=steps, l1_only=l1_only
        )

    script.train(config(1))
    assert list((run / "samples").glob("*.jpg"))
    script.train(config(2))
    assert "resumed at step 1" in capsys.readouterr().out
    state = torch.load(run / "state" / "custom_checkpoint_0.pkl", weights_only=True)
    assert int(state["updates"]) == 2


def test_that_pairs_aside_are_not_trained_on(data: Path) -> None:
    cats = Cats(data, 64)
    assert len(cats.held_out()) == 2
    assert cats.count == 10
    first, again = cats.held_out()[0], cats.held_out()[0]
    assert torch.equal(first.drawing, again.drawing)
    random = np.random.default_rng(0)
    pair = cats.pair(0, random)
    assert pair.drawing.shape == (1, 64, 64)
    assert pair.photo.shape == (3, 64, 64)
    assert 0 <= pair.drawing.min() <= pair.drawing.max() <= 1


def test_that_a_drawn_cat_has_ink_and_paper_and_is_never_the_same() -> None:
    random = np.random.default_rng(0)
    drawn = [draw_cat(96, random) for _ in range(8)]
    for ink in drawn:
        assert ink.shape == (96, 96)
        assert 0.01 < (ink > 0.5).mean() < 0.4
    assert not np.array_equal(drawn[0], drawn[1])
    assert np.array_equal(
        draw_cat(96, np.random.default_rng(5)), draw_cat(96, np.random.default_rng(5))
    )


def test_that_simplified_edges_have_less_ink_and_stay_in_range() -> None:
    edges = np.zeros((160, 160), np.float32)
    edges[40:48, 20:140] = edges[20:140, 80:86] = 1
    random = np.random.default_rng(1)
    results = [simplify(edges, 128, random) for _ in range(20)]
    assert all(r.shape == (128, 128) and 0 <= r.min() <= r.max() <= 1 for r in results)
    assert np.mean([(r > 0.5).mean() for r in results]) < (edges > 0.5).mean()
    assert max((r > 0.5).mean() for r in results) > 0.005


def test_that_augmentation_lets_the_gradient_through_and_spares_the_drawing_its_colours() -> None:
    torch.manual_seed(0)
    pictures = torch.rand(3, 4, 32, 32, requires_grad=True)
    changed = augment(pictures, shift=0, cut=0)
    assert torch.equal(changed[:, 3], pictures[:, 3])
    assert not torch.allclose(changed[:, :3], pictures[:, :3])
    augment(pictures).sum().backward()
    assert pictures.grad is not None
    assert pictures.grad.abs().sum() > 0


def test_that_a_seed_gives_one_picture_and_another_gives_another() -> None:
    torch.manual_seed(0)
    net = UNetGenerator(width=8).eval()
    drawing = torch.rand(1, 1, 64, 96)
    with torch.inference_mode():
        one, same, other = (net(drawing, torch.Generator().manual_seed(seed)) for seed in (1, 1, 2))
    assert one.shape == (1, 3, 64, 96)
    assert torch.equal(one, same)
    assert not torch.equal(one, other)
