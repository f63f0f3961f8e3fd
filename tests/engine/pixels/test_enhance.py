"""Enhance through the engine: tiles that are exact, parts as they will be saved, twice the size."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.core.catalogue import Catalogue
from studio.core.events import Failed, Finished, Measured, Previewed
from studio.core.requests import Apply
from studio.engine.pixels import paint
from studio.models import enhance
from tests.conftest import draw_photo, write_tiny
from tests.engine.conftest import Front


def preview(front: Front, request: Apply) -> Previewed:
    return next(e for e in front.run(request) if isinstance(e, Previewed))


@pytest.fixture
def front(weights_folder: Path) -> Iterator[Front]:
    write_tiny(weights_folder, enhance.SPEC, "double", scale=2)
    front = Front(Catalogue([weights_folder]))
    yield front
    front.engine.close()


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A noisy PNG of 421 x 333 px, partly transparent."""
    pixels = draw_photo(421, 333).astype(float)
    pixels += np.random.default_rng(0).normal(0, 20, pixels.shape)
    alpha = np.tile(np.linspace(0, 255, 421).astype(np.uint8), (333, 1))
    rgba = np.dstack([pixels.clip(0, 255).astype(np.uint8), alpha])
    path = tmp_path / "large.png"
    Image.fromarray(rgba).save(path)
    return path


def saved(front: Front, request: Apply, output: Path) -> np.ndarray:
    events = front.run(replace(request, output=str(output)))
    assert isinstance(events[-1], Finished), events[-1]
    with Image.open(output) as image:
        return np.asarray(image)


def request_for(path: Path, weights: str = "enhance/tiny", **changes: object) -> Apply:
    return replace(Apply(weights, str(path)), **changes)


@pytest.mark.parametrize("weights", ["enhance/tiny", "enhance/double"])
@pytest.mark.parametrize("together", [1, 3])
def test_that_tiles_are_exact(
    front: Front,
    large: Path,
    tmp_path: Path,
    weights: str,
    together: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(paint, "_TOGETHER", {"cpu": together})  # as on a GPU
    monkeypatch.setattr(paint, "_SMALL_TILE", 16)
    whole = saved(front, request_for(large, weights, tile="off"), tmp_path / "whole.png")
    tiled = saved(front, request_for(large, weights, tile="64"), tmp_path / "tiled.png")
    assert np.abs(whole.astype(int) - tiled).max() <= 1  # of 255, where rounding is on the edge
    assert not np.array_equal(whole[..., :3], Image.open(large).convert("RGB").resize(
        (whole.shape[1], whole.shape[0])))  # fmt: skip


@pytest.mark.parametrize(("weights", "scale"), [("enhance/tiny", 1), ("enhance/double", 2)])
@pytest.mark.parametrize("region", [(0, 0, 50, 40), (101, 77, 120, 90), (371, 293, 50, 40)])
def test_that_a_region_shows_what_will_be_saved(
    front: Front, large: Path, tmp_path: Path, region: tuple[int, ...], weights: str, scale: int
) -> None:
    whole = saved(front, request_for(large, weights), tmp_path / "whole.png")
    shown = preview(front, request_for(large, weights, region=region))
    left, top, width, height = (scale * side for side in region)
    wanted = whole[top : top + height, left : left + width]
    assert shown.pixels.shape == (height, width, 4)
    assert np.abs(shown.pixels.astype(int) - wanted).max() <= 1
    assert shown.full_size == (421 * scale, 333 * scale)


def test_that_a_region_outside_the_picture_is_refused(front: Front, large: Path) -> None:
    ending = front.run(request_for(large, region=(400, 0, 50, 40)))[-1]
    assert isinstance(ending, Failed)
    assert "region" in ending.message


def test_that_what_was_found_is_told_and_can_be_overridden(front: Front, large: Path) -> None:
    found = next(e for e in front.run(request_for(large)) if isinstance(e, Measured))
    levels = {"noise", "colour-noise", "grain-size", "jpeg", "sharpness"}
    assert set(found.levels) == levels
    settings = {"noise": 12.0, "colour-noise": 9.0, "grain-size": 1.5, "jpeg": 50.0}
    found = next(
        e for e in front.run(request_for(large, settings=settings)) if isinstance(e, Measured)
    )
    assert set(found.levels) == {"sharpness"}
    settings = {**settings, "sharpness": 0.0}
    events = front.run(request_for(large, settings=settings))
    assert not any(isinstance(e, Measured) for e in events)


@pytest.mark.parametrize(("name", "value"), [("colour-noise", 40.0), ("grain-size", 4.0)])
def test_that_more_can_be_told_of_the_noise(
    front: Front, large: Path, name: str, value: float
) -> None:
    told = {
        "noise": 10.0, "colour-noise": 0.0, "grain-size": 1.0, "jpeg": 90.0, "sharpness": 0.0,
    }  # fmt: skip
    one = preview(front, request_for(large, settings=told)).pixels
    other = preview(front, request_for(large, settings={**told, name: value})).pixels
    assert np.abs(one.astype(int) - other).max() > 1


def test_that_drawn_noise_is_left_to_the_net_that_knows_it(
    weights_folder: Path, large: Path
) -> None:
    write_tiny(weights_folder, enhance.SPEC, "both", drawn=True)
    write_tiny(weights_folder, enhance.SPEC, "alone")
    told = {"noise": 20.0, "jpeg": 100.0, "sharpness": 0.0, "grain-size": 1.0}
    front = Front(Catalogue([weights_folder]))

    def cleaned(weights: str, **changes: float) -> np.ndarray:
        settings = {**told, **changes}
        return preview(front, request_for(large, f"enhance/{weights}", settings=settings)).pixels

    by_kind = {
        kind: [cleaned(weights, **changes) for weights in ("both", "alone")]
        for kind, changes in {
            "drawn": {"colour-noise": 20.0},
            "grey": {"colour-noise": 2.0},
            "large": {"colour-noise": 20.0, "grain-size": 2.0},
        }.items()
    }
    front.engine.close()
    assert not np.array_equal(*by_kind["drawn"])
    assert np.array_equal(*by_kind["grey"])
    assert np.array_equal(*by_kind["large"])


def test_that_weights_that_know_three_levels_go_on_working(
    weights_folder: Path, large: Path, tmp_path: Path
) -> None:
    write_tiny(weights_folder, enhance.SPEC, "old", levels=3, coarser=0)
    front = Front(Catalogue([weights_folder]))
    events = front.run(request_for(large, "enhance/old", output=str(tmp_path / "out.png")))
    front.engine.close()
    assert isinstance(events[-1], Finished), events[-1]
    found = next(e for e in events if isinstance(e, Measured))
    assert set(found.levels) == {"noise", "jpeg", "sharpness"}


def test_that_what_was_found_is_told_again_when_the_net_need_not_run(
    front: Front, large: Path
) -> None:
    front.run(request_for(large))
    events = front.run(request_for(large, settings={"grain": 0.5}))
    assert any(isinstance(e, Measured) for e in events)
    assert not next(e for e in events if isinstance(e, Previewed)).ran_net


def test_that_grain_keeps_the_photo(front: Front, large: Path) -> None:
    kept = preview(front, request_for(large, settings={"grain": 1.0})).pixels
    with Image.open(large) as image:
        assert np.abs(kept.astype(int) - np.asarray(image)).max() <= 1


def test_that_a_mask_says_where(front: Front, large: Path, tmp_path: Path) -> None:
    mask = np.zeros((333, 421), np.uint8)
    mask[:, 200:] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    settings = {"mask": str(tmp_path / "mask.png")}
    region = (150, 100, 100, 60)
    shown = preview(front, request_for(large, region=region, settings=settings)).pixels
    plain = preview(front, request_for(large, region=region)).pixels
    with Image.open(large) as image:
        photo = np.asarray(image)[100:160, 150:250]
    assert np.abs(shown[:, :48].astype(int) - photo[:, :48]).max() <= 1
    assert np.abs(shown[:, 52:].astype(int) - plain[:, 52:]).max() <= 1
    assert np.abs(shown[:, 52:, :3].astype(int) - photo[:, 52:, :3]).mean() > 1


def test_that_twice_the_size_keeps_transparency(front: Front, large: Path, tmp_path: Path) -> None:
    result = saved(front, request_for(large, "enhance/double"), tmp_path / "double.png")
    assert result.shape == (666, 842, 4)
    assert result[:, :20, 3].max() < 20
    assert result[:, -20:, 3].min() > 235


@pytest.mark.parametrize("weights", ["enhance/tiny", "enhance/double"])
def test_that_a_grey_photo_stays_grey_and_others_do_not(
    front: Front, large: Path, tmp_path: Path, weights: str
) -> None:
    Image.open(large).convert("L").save(tmp_path / "grey.png")
    for name, coloured in (("grey.png", False), ("large.png", True)):
        result = preview(front, request_for(tmp_path / name, weights)).pixels[..., :3]
        assert (np.ptp(result, 2).max() > 0) == coloured
