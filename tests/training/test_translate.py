"""The translate training on drawn pictures: crops, a run that goes on, what is exported."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw

from studio.core.catalogue import Catalogue
from studio.core.events import Finished
from studio.core.requests import Apply
from tests.conftest import draw_photo, same_state
from tests.engine.conftest import Front
from training import translate as script
from training.data.domains import Domain, animal_boxes, horses_and_zebras, photos_and_monets
from training.export import __main__ as export
from training.lib.average import averaged_state
from training.lib.pool import Pool


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A few drawn photos of each set; those with animals have a disc for one."""
    folder = tmp_path / "data"
    for name, count in (
        ("horse2zebra/trainA", 4), ("horse2zebra/trainB", 5), ("horse2zebra/testA", 3),
        ("horse2zebra/testB", 3), ("photos/landscapes", 6), ("monet", 6),
    ):  # fmt: skip
        (folder / name).mkdir(parents=True)
        masks = folder / f"{name}_masks"
        for number in range(count):
            Image.fromarray(draw_photo(96, 96, number)).save(folder / name / f"{number:05}.jpg")
            if "train" in name and number < 4:  # the fifth zebra has none
                masks.mkdir(exist_ok=True)
                mask = Image.new("L", (48, 48))
                ImageDraw.Draw(mask).ellipse((12, 12, 36, 36), fill=255)
                mask.save(masks / f"{number:05}.png")
    return folder


def config(data: Path, run: Path, steps: int, subject: str = "horse2zebra") -> script.Config:
    return script.Config(
        data, run, subject, filters=4, blocks=1, stages=((1, 32, 1), (9, 48, 2)), identities=1,
        projected_side=64, width_of_patch=8, steps=steps, decay_from=9,
    )  # fmt: skip


@pytest.mark.parametrize("subject", ["horse2zebra", "photo2monet"])
def test_that_a_run_goes_on_in_its_next_stage_and_shows_what_it_does(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], subject: str
) -> None:
    run = tmp_path / "run"
    script.train(config(data, run, 1, subject))
    assert list((run / "samples").glob("*.jpg"))
    first = torch.load(run / "state" / "custom_checkpoint_0.pkl", weights_only=True)
    script.train(config(data, run, 2, subject))
    assert "resumed at step 1" in capsys.readouterr().out
    second = torch.load(run / "state" / "custom_checkpoint_0.pkl", weights_only=True)
    assert int(second["n_averaged"]) == 2
    for direction in ("forth", "back"):
        name = f"module.{direction}.layers.0.conv.weight"
        assert not torch.equal(first[name], second[name])


def test_that_both_directions_are_exported_and_translate(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, weights = tmp_path / "run", tmp_path / "weights"
    script.train(config(data, run, 1))
    arguments = ["--folder", run, "--weights", weights, "--sheets", tmp_path / "s"]
    monkeypatch.setattr("sys.argv", ["export", "translate", *map(str, arguments)])
    export.main()
    catalogue = Catalogue([weights])
    assert {w.id for w in catalogue} == {"translate/horse2zebra", "translate/zebra2horse"}
    found = catalogue.find("translate/horse2zebra")
    assert {"kernel_distance", "kernel_distance_untouched", "zebras", "cycle_psnr"} <= set(
        found.metrics
    )
    assert found.hyperparameters == {"filters": 4, "blocks": 1}
    assert found.training["steps"] == 1
    assert found.training["hardware"]
    assert (tmp_path / "s" / "zebra2horse.png").exists()
    with Image.open(found.preview) as picture:
        assert picture.width >= 256

    again = tmp_path / "again"
    script.train(replace(config(data, again, 1), start=found.path))
    same_state(averaged_state(run), averaged_state(again))

    front = Front(catalogue)
    source = data / "horse2zebra" / "testA" / "00000.jpg"
    ending = front.run(Apply(found.id, str(source), str(tmp_path / "out.png")))[-1]
    front.engine.close()
    assert isinstance(ending, Finished)


def test_that_crops_are_made_around_the_animal(data: Path) -> None:
    folder = data / "horse2zebra"
    domain = Domain(sorted((folder / "trainA").iterdir()), folder / "trainA_masks")
    random = np.random.default_rng(0)
    crops = [domain.crop(32, random) for _ in range(40)]
    assert all(crop.photo.shape == (3, 32, 32) for crop in crops)
    covered = torch.stack([crop.mask.mean() for crop in crops])
    in_the_photo = np.pi / 16  # of its area; a plain crop's mean is no larger
    assert covered.mean() > 1.5 * in_the_photo


def test_that_a_zebra_without_a_mask_is_left_out_and_a_painting_is_changed_everywhere(
    data: Path,
) -> None:
    subject = horses_and_zebras(data)
    assert (subject.a.count, subject.b.count) == (4, 4)
    monet = photos_and_monets(data)
    assert monet.a.count + len(monet.aside_a) == 6
    assert len(monet.aside_a) == 2
    assert monet.b.crop(32, np.random.default_rng(0)).mask.min() == 1


def test_that_the_boxes_of_two_animals_lie_around_each() -> None:
    mask = np.zeros((100, 100), np.uint8)
    mask[10:50, 20:40] = mask[70:90, 60:90] = 255
    mask[0, 99] = 255  # a speck
    boxes = animal_boxes(mask)
    assert [(b.x, b.y, b.side) for b in boxes] == [(0.3, 0.3, 0.4), (0.75, 0.8, 0.3)]


def test_that_a_pool_shows_old_results_and_forgets_those_of_another_size() -> None:
    pool = Pool(2, 0)
    numbers = torch.arange(40.0).view(40, 1, 1, 1).expand(-1, 3, 2, 2)
    shown = torch.cat([pool.exchange(numbers[n : n + 1]) for n in range(40)])[:, 0, 0, 0]
    assert torch.equal(shown[:2], torch.tensor([0.0, 1.0]))
    later = torch.arange(40.0) - shown
    assert (later >= 0).all()
    assert 5 < int((later > 0).sum()) < 35
    larger = torch.full((1, 3, 4, 4), 99.0)
    assert torch.equal(pool.exchange(larger), larger)


def test_that_photos_without_masks_are_cropped_at_the_scale_they_are_worked_on(
    tmp_path: Path,
) -> None:
    lines = np.tile(np.repeat(np.array([0, 255], np.uint8), 3), 27)[:160]
    Image.fromarray(np.tile(lines, (160, 1))).convert("RGB").save(tmp_path / "lines.png")
    domain = Domain([tmp_path / "lines.png"])
    random = np.random.default_rng(0)
    for size in (64, 150):  # of px that are at most two of the photo's, so that the lines stay
        contrasts = [float(domain.crop(size, random).photo.std()) for _ in range(20)]
        assert min(contrasts) > 0.25
