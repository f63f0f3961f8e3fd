"""The translate tool's mask: shown, feathered, laid over, without running the net again."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.core.events import Failed, Previewed
from studio.core.requests import Apply
from studio.models._spec import find_spec
from tests.conftest import write_tiny
from tests.engine.conftest import Front


def shown(front: Front, photo: Path, **settings: object) -> Previewed:
    wanted = {name.replace("_", "-"): value for name, value in settings.items()}
    events = front.run(Apply("translate/tiny", str(photo), settings=wanted))
    return next(event for event in events if isinstance(event, Previewed))


def grey(preview: Previewed) -> np.ndarray:
    assert np.array_equal(preview.pixels[..., 0], preview.pixels[..., 2])
    return preview.pixels[..., 0].astype(float)


def test_that_the_mask_acts_without_running_the_net_again(front: Front, photo: Path) -> None:
    result = shown(front, photo)
    assert result.ran_net
    mask = shown(front, photo, show="mask")
    soft = shown(front, photo, show="mask", feather=6.0)
    everywhere = shown(front, photo, show="mask", found_mask=False)
    overlay = shown(front, photo, show="overlay")
    assert not any(each.ran_net for each in (mask, soft, everywhere, overlay))
    assert grey(mask).std() > 1
    assert np.abs(np.diff(grey(soft), axis=1)).mean() < 0.5 * np.abs(np.diff(grey(mask))).mean()
    assert grey(everywhere).min() == 255
    assert overlay.pixels[..., 0].mean() > overlay.pixels[..., 2].mean()
    assert np.array_equal(shown(front, photo, show="mask").pixels, mask.pixels)


def test_that_the_result_is_the_photo_changed_where_the_mask_is(front: Front, photo: Path) -> None:
    with Image.open(photo) as image:
        original = np.asarray(image).astype(float)
    all_of_it = shown(front, photo, found_mask=False).pixels[..., :3]
    share = grey(shown(front, photo, show="mask"))[..., None] / 255
    expected = original + (all_of_it - original) * share
    assert np.abs(shown(front, photo).pixels[..., :3] - expected).max() < 2
    half = original + (expected - original) / 2
    assert np.abs(shown(front, photo, strength=0.5).pixels[..., :3] - half).max() < 2


@pytest.mark.parametrize(("level", "wanted"), [(255, 255), (0, 0), (128, None)])
def test_that_a_mask_is_laid_over_the_one_that_was_found(
    front: Front, photo: Path, tmp_path: Path, level: int, wanted: int | None
) -> None:
    over = tmp_path / "over.png"
    Image.new("L", (96, 64), level).save(over)
    found = grey(shown(front, photo, show="mask"))
    mixed = grey(shown(front, photo, show="mask", mask=str(over)))
    assert np.abs(mixed - (found if wanted is None else wanted)).max() <= 1


def test_that_feathering_a_saved_picture_agrees_with_its_preview(
    front: Front, tmp_path: Path
) -> None:
    source, output = tmp_path / "large.png", tmp_path / "mask.png"
    y, x = np.mgrid[:400, :600]
    pixels = np.stack([x / 600, y / 400, (x + y) % 80 / 80], 2)
    Image.fromarray((pixels * 255).astype(np.uint8)).save(source)
    settings = {"show": "mask", "feather": 30.0}
    front.run(Apply("translate/tiny", str(source), str(output), settings=settings))
    events = front.run(Apply("translate/tiny", str(source), settings=settings, preview_side=300))
    preview = next(event for event in events if isinstance(event, Previewed))
    with Image.open(output) as image:
        saved = np.asarray(image.convert("L").resize((300, 200), Image.Resampling.BOX)).astype(
            float
        )
    assert np.abs(saved - grey(preview)).mean() < 3


def test_that_a_net_that_changes_whole_pictures_offers_no_mask_of_its_own(
    weights_folder: Path, front: Front, photo: Path
) -> None:
    spec = find_spec("translate")
    write_tiny(weights_folder, spec, "all", everywhere=True)
    names = [control.name for control in spec.controls({"everywhere": True})]
    assert names == ["size", "strength", "mask"]
    over = photo.with_name("over.png")
    Image.new("L", (96, 64), 0).save(over)

    def preview(**settings: object) -> np.ndarray:
        events = front.run(Apply("translate/all", str(photo), settings=settings))
        return next(event for event in events if isinstance(event, Previewed)).pixels

    assert np.array_equal(preview(), shown(front, photo, found_mask=False).pixels)
    with Image.open(photo) as image:
        assert np.array_equal(preview(mask=str(over))[..., :3], np.asarray(image.convert("RGB")))
    events = front.run(Apply("translate/all", str(photo), settings={"show": "mask"}))
    assert isinstance(events[-1], Failed)
