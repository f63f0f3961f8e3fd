"""The tone model: tones are spread where there are any to spread."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.core.events import Previewed
from studio.core.requests import Apply
from tests.conftest import draw_photo
from tests.engine.conftest import Front

_RANDOM = np.random.default_rng(0)


def toned(front: Front, folder: Path, levels: np.ndarray) -> np.ndarray:
    """What becomes of (H, W) or (H, W, 3) in [0, 255]."""
    Image.fromarray(levels.round().astype(np.uint8)).convert("RGB").save(folder / "faded.png")
    events = front.run(Apply("enhance/tiny-tone", str(folder / "faded.png")))
    return next(event for event in events if isinstance(event, Previewed)).pixels[..., :3]


def test_that_faded_tones_reach_from_black_to_white(front: Front, tmp_path: Path) -> None:
    result = toned(front, tmp_path, 60 + draw_photo(96, 64) * 0.45)
    assert np.percentile(result, 1) < 20
    assert np.percentile(result, 99) > 235


@pytest.mark.parametrize("colour", [(0, 0, 0), (128, 128, 128), (255, 255, 255), (200, 100, 50)])
def test_that_a_blank_stays_as_it_is(
    front: Front, tmp_path: Path, colour: tuple[int, int, int]
) -> None:
    blank = np.full((64, 96, 3), colour, float)
    assert np.abs(toned(front, tmp_path, blank).astype(int) - colour).max() <= 1


def test_that_a_pale_page_stays_pale_and_a_small_moon_in_the_sky(
    front: Front, tmp_path: Path
) -> None:
    page = 245 + _RANDOM.normal(0, 1, (200, 200))
    page[100, 50:150] = 30
    assert toned(front, tmp_path, page).mean() > 225
    sky = np.zeros((200, 200))
    sky[50:60, 50:60] = 180
    assert toned(front, tmp_path, sky)[55, 55].min() >= 180


def test_that_fog_is_not_turned_into_night(front: Front, tmp_path: Path) -> None:
    fog = toned(front, tmp_path, 190 + draw_photo(96, 64) * 0.2)
    assert fog.mean() > 128
    assert fog.std() > 2 * draw_photo(96, 64).std() * 0.2
