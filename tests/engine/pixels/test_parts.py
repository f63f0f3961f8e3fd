"""A part of a picture in full size is as it will be saved, whatever it goes through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from studio.core.events import Failed, Previewed
from studio.core.requests import Apply
from studio.core.steps import Step

if TYPE_CHECKING:
    from pathlib import Path

    from tests.engine.conftest import Front

REGION = (301, 177, 220, 140)


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Waves of all lengths, 900 x 640 px."""
    path = tmp_path / "large.png"
    y, x = np.mgrid[:640, :900]
    pixels = np.stack([np.sin(x * x / 9e3), np.cos(y * x / 7e3), np.sin((x + 2 * y) / 40)], 2)
    Image.fromarray(((pixels + 1) * 127).astype(np.uint8)).save(path)
    return path


def differences(front: Front, request: Apply, tmp_path: Path) -> np.ndarray:
    """Of a region and of what is saved there, in levels of 255."""
    output = tmp_path / "whole.png"
    saving = Apply(
        request.weights, request.source, str(output), settings=request.settings, then=request.then
    )
    front.run(saving)
    with Image.open(output) as image:
        whole = np.asarray(image.convert("RGB")).astype(int)
    scale = whole.shape[1] // 900
    left, top, width, height = (scale * side for side in REGION)
    shown = next(e for e in front.run(request) if isinstance(e, Previewed))
    assert shown.pixels.shape == (height, width, 4)
    assert shown.full_size == (900 * scale, 640 * scale)
    return np.abs(shown.pixels[..., :3] - whole[top : top + height, left : left + width])


@pytest.mark.parametrize(
    ("weights", "settings"),
    [
        ("style/tiny", {}),
        ("style/tiny", {"stroke": 3.0, "strength": 0.6}),
        ("style/tiny", {"stroke": 0.2, "keep-colours": True}),
        ("translate/tiny", {}),
        ("translate/tiny", {"feather": 20.0, "show": "mask"}),
        ("enhance/tiny-tone", {}),
    ],
)
def test_that_a_part_of_what_looks_at_the_whole_is_as_it_is_saved(
    front: Front, large: Path, tmp_path: Path, weights: str, settings: dict[str, object]
) -> None:
    request = Apply(weights, str(large), settings=settings, region=REGION, preview_side=400)
    found = differences(front, request, tmp_path)
    assert found.mean() < 0.5
    assert found.max() <= 4


@pytest.mark.parametrize(
    "steps",
    [
        ("enhance/tiny", "style/tiny"),
        ("style/tiny", "enhance/tiny"),
        ("enhance/tiny", "enhance/tiny-tone"),
        ("enhance/tiny", "translate/tiny"),
        ("style/tiny", "translate/tiny"),
        ("enhance/tiny", "style/tiny", "translate/tiny"),
    ],
)
def test_that_a_part_that_goes_through_several_is_nearly_as_it_is_saved(
    front: Front, large: Path, tmp_path: Path, steps: tuple[str, ...]
) -> None:
    settings = {"noise": 10.0, "jpeg": 80.0, "sharpness": 0.5, "colour-noise": 5.0,
                "grain-size": 1.0}  # fmt: skip
    first, *then = (Step(id_, "", settings if id_ == "enhance/tiny" else {}) for id_ in steps)
    request = Apply(
        first.weights, str(large), settings=first.settings, then=tuple(then), region=REGION,
        preview_side=700,
    )  # fmt: skip
    assert differences(front, request, tmp_path).mean() < 2


def test_that_a_step_can_be_switched_off_and_on_again_while_a_part_is_seen(
    front: Front, large: Path
) -> None:
    settings = {"noise": 10.0, "jpeg": 80.0, "sharpness": 0.5, "colour-noise": 5.0,
                "grain-size": 1.0}  # fmt: skip
    clean, tone = Step("enhance/tiny", "", settings), Step("enhance/tiny-tone", "", {})
    seen: list[np.ndarray] = []
    for then in ((clean, tone), (tone,), (), (clean, tone)):
        events = front.run(Apply("enhance/tiny-repair", str(large), then=then, region=REGION))
        assert isinstance(events[-2], Previewed), events[-1]
        seen.append(events[-2].pixels)
    assert np.array_equal(seen[0], seen[-1])


def test_that_a_part_of_gradual_work_is_refused(front: Front, large: Path) -> None:
    ending = front.run(Apply("style/tiny-optimise", str(large), region=REGION))[-1]
    assert isinstance(ending, Failed)
    assert "whole picture" in ending.message
