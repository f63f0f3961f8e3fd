"""The shipped weights that make faces, cats, zebras and Monets, through the engine."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from skimage import data, feature
from torch.nn.functional import avg_pool2d, interpolate

from studio.core.catalogue import Catalogue
from studio.core.events import Finished
from studio.core.requests import Apply, Generate
from studio.quality.classes import probability_of_classes, share_of_classes
from studio.quality.sketch import CATS
from studio.quality.translate import ZEBRA
from tests.engine.conftest import Front
from training.data.doodles import draw_cat
from training.data.meadow import draw_animal


@pytest.fixture
def front() -> Iterator[Front]:
    front = Front(Catalogue([Path(__file__).parents[2] / "weights"]))
    yield front
    front.engine.close()


def test_that_most_faces_are_found_as_such_and_no_two_are_the_same(
    front: Front, tmp_path: Path
) -> None:
    output = tmp_path / "grid.png"
    request = Generate("faces/portraits", str(output), seed=0, count=64, columns=8, padding=0)
    assert isinstance(front.run(request)[-1], Finished)
    sheet = np.asarray(Image.open(output))
    side = len(sheet) // 8
    faces = [each for row in np.vsplit(sheet, 8) for each in np.hsplit(row, 8)]
    detector = feature.Cascade(data.lbp_frontal_face_cascade_filename())
    assert sum(finds_a_face(detector, face) for face in faces) >= 48
    flat = np.stack(faces).reshape(64, -1).astype(float)
    apart = np.abs(flat[:, None] - flat).mean(2) + 255 * np.eye(64)
    assert side == 128
    assert apart.min() > 8


def finds_a_face(detector: feature.Cascade, face: NDArray[np.uint8]) -> bool:
    large = Image.fromarray(face).resize((128, 128), Image.Resampling.BICUBIC)
    framed = np.pad(np.asarray(large), ((24, 24), (24, 24), (0, 0)), mode="edge")
    found = detector.detect_multi_scale(
        framed, scale_factor=1.1, step_ratio=1, min_size=(50, 50), max_size=(170, 170)
    )
    return len(found) > 0


def test_that_most_doodles_of_cats_become_cats_in_several_colours(
    front: Front, tmp_path: Path
) -> None:
    cats: list[torch.Tensor] = []
    for seed in range(12):
        ink = draw_cat(256, np.random.default_rng(seed))
        doodle, output = tmp_path / f"{seed}.png", tmp_path / f"cat{seed}.png"
        Image.fromarray(np.rint(255 * (1 - ink)).astype(np.uint8)).save(doodle)
        request = Apply("sketch/cats", str(doodle), str(output), seed=seed)
        assert isinstance(front.run(request)[-1], Finished)
        cats.append(read(output))
    assert share_of_classes(cats, CATS) >= 0.75
    assert torch.stack([cat.mean((1, 2)) for cat in cats]).std(0).max() > 0.05


def test_that_a_small_doodle_becomes_a_small_cat_where_it_is_drawn(
    front: Front, tmp_path: Path
) -> None:
    small: list[torch.Tensor] = []
    beside: list[float] = []
    for seed in range(8):
        paper = np.ones((512, 512), np.float32)
        left, top = ((0, 0), (296, 20), (150, 150), (30, 290))[seed % 4]
        paper[top : top + 200, left : left + 200] -= draw_cat(200, np.random.default_rng(seed))
        doodle, output = tmp_path / f"{seed}.png", tmp_path / f"cat{seed}.png"
        Image.fromarray(np.rint(255 * paper).astype(np.uint8)).save(doodle)
        request = Apply("sketch/cats", str(doodle), str(output), seed=seed)
        assert isinstance(front.run(request)[-1], Finished)
        result = read(output)
        scale = result.shape[2] / 512
        x, y, side = (round(scale * each) for each in (left, top, 200))
        small.append(interpolate(result[None, :, y : y + side, x : x + side], (128, 128))[0])
        corner = result[:, -16:, -16:] if seed % 4 == 0 else result[:, :16, :16]
        beside.append(float(corner.std((1, 2)).mean()))
    assert share_of_classes(small, CATS) >= 0.6
    assert np.mean(beside) < 0.05, "what lies around is out of focus"


def test_that_of_a_whole_cat_the_head_is_drawn(front: Front, tmp_path: Path) -> None:
    drawn: list[torch.Tensor] = []
    for seed in range(4):
        paper = Image.new("L", (512, 512))
        pen, left = ImageDraw.Draw(paper), 170 + 20 * (seed % 3)
        body = [(240, 190), (200, 260), (190, 420), (230, 490), (330, 490), (360, 420), (280, 190)]
        for line in (body, [(350, 470), (440, 460), (470, 380), (440, 330)]):
            pen.line(line, fill=255, width=9, joint="curve")
        ink = np.asarray(paper, np.float32) / 255
        part = np.s_[10:200, left : left + 190]
        ink[part] = np.maximum(ink[part], draw_cat(190, np.random.default_rng(seed)))
        doodle, output = tmp_path / f"{seed}.png", tmp_path / f"cat{seed}.png"
        Image.fromarray(np.rint(255 * (1 - ink)).astype(np.uint8)).save(doodle)
        request = Apply("sketch/cats", str(doodle), str(output), seed=seed)
        assert isinstance(front.run(request)[-1], Finished)
        drawn.append(read(output))
    assert probability_of_classes(drawn, CATS) >= 0.4


@pytest.mark.parametrize(("direction", "striped"), [("horse2zebra", False), ("zebra2horse", True)])
def test_that_animals_change_their_coats_and_the_sky_stays(
    front: Front, tmp_path: Path, direction: str, *, striped: bool
) -> None:
    before: list[torch.Tensor] = []
    after: list[torch.Tensor] = []
    for seed in range(8):
        source, output = tmp_path / f"{seed}.png", tmp_path / f"{seed}-translated.png"
        draw_animal(320, np.random.default_rng(seed), striped=striped).save(source)
        request = Apply(f"translate/{direction}", str(source), str(output))
        assert isinstance(front.run(request)[-1], Finished)
        before.append(read(source))
        after.append(read(output))
    sky = [(b - a)[:, :48].abs().mean() for b, a in zip(before, after, strict=True)]
    assert torch.stack(sky).mean() < 0.02
    zebras = share_of_classes(before, [ZEBRA]), share_of_classes(after, [ZEBRA])
    assert zebras[1] <= zebras[0] - 0.5 if striped else zebras[1] >= zebras[0] + 0.5


@pytest.mark.parametrize("name", ["rocket", "coffee", "astronaut"])
def test_that_a_photo_is_painted_without_blots_and_comes_back(
    front: Front, tmp_path: Path, name: str
) -> None:
    files = [tmp_path / f"{stage}.png" for stage in ("photo", "painting", "again")]
    Image.fromarray(getattr(data, name)()).resize((384, 384)).save(files[0])
    for direction, source, output in zip(
        ("photo2monet", "monet2photo"), files[:2], files[1:], strict=True
    ):
        request = Apply(f"translate/{direction}", str(source), str(output))
        assert isinstance(front.run(request)[-1], Finished)
    photo, painting, again = map(read, files)
    assert (painting - photo).abs().mean() > 0.02, "it is another picture"
    assert avg_pool2d(painting - photo, 32).abs().max() < 0.2, "no area has another colour"
    assert -10 * (again - photo).square().mean().log10() > 22


def read(path: Path) -> torch.Tensor:
    """A picture (3, H, W) in [0, 1]."""
    pixels = np.asarray(Image.open(path).convert("RGB"), np.float32) / 255
    return torch.from_numpy(pixels).permute(2, 0, 1)
