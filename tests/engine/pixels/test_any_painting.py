"""A painting that no net has seen: given as a file, painted with, mixed, recorded, done again."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.core.events import Event, Failed, Finished, Previewed
from studio.core.picture_files import read_request
from studio.core.requests import Apply, from_json
from studio.core.values.paintings import digest, is_content
from tests.conftest import draw_photo
from tests.engine.conftest import Front

Paint = Callable[..., np.ndarray]


@pytest.fixture
def paintings(tmp_path: Path) -> tuple[str, str]:
    """One in reds, dark, and one in pale greens."""
    colours = ((0.7, 0.2, 0.1), (0.6, 1.0, 0.7))
    for name, seed, colour in zip("ab", (1, 2), colours, strict=True):
        pixels = draw_photo(120, 80, seed) * np.float32(colour)
        Image.fromarray(pixels.astype(np.uint8)).save(tmp_path / f"{name}.png")
    return str(tmp_path / "a.png"), str(tmp_path / "b.png")


@pytest.fixture
def paint(front: Front, photo: Path, any_painting: str) -> Paint:
    """The photo's preview with some settings, (H, W, 3) in [0, 1]."""

    def run(tile: str = "auto", **settings: str | float) -> np.ndarray:
        side = 1280 if tile == "auto" else 1000 + len(tile)  # nothing kept of another is shown
        request = Apply(any_painting, str(photo), tile=tile, preview_side=side, settings=settings)
        return shown(front.run(request))

    return run


def shown(events: list[Event]) -> np.ndarray:
    assert isinstance(events[-1], Finished), events[-1]
    return next(e for e in events if isinstance(e, Previewed)).pixels[..., :3] / 255


def test_that_a_photo_is_painted_in_a_paintings_colours(paint: Paint, paintings) -> None:
    results = [paint(painting=name).mean((0, 1)) for name in paintings]
    colours = [np.asarray(Image.open(name)).mean((0, 1)) / 255 for name in paintings]
    near = [[np.abs(result - colour).max() for colour in colours] for result in results]
    assert near[0][0] < 0.5 * near[0][1]
    assert near[1][1] < 0.5 * near[1][0]


def test_that_two_paintings_mix_by_share(paint: Paint, paintings) -> None:
    first, second = paintings
    alone = [paint(painting=name) for name in paintings]
    mixed = [paint(painting=first, second=second, share=share) for share in (0.0, 0.5, 1.0)]
    assert np.abs(mixed[0] - alone[0]).max() < 0.01
    assert np.abs(mixed[2] - alone[1]).max() < 0.01
    means = [picture.mean((0, 1)) for picture in (alone[0], mixed[1], alone[1])]
    assert np.abs(means[1] - (means[0] + means[2]) / 2).max() < 0.05


def test_that_strips_agree_with_the_whole(paint: Paint, paintings, photo: Path) -> None:
    Image.fromarray(draw_photo(150, 110)).save(photo)
    whole, strips = (paint(tile, painting=paintings[0]) for tile in ("off", "16"))
    assert 10 * np.log10(1 / max(np.square(whole - strips).mean(), 1e-9)) > 40


@pytest.mark.parametrize("runtime", ["torch", "auto"])
def test_that_a_black_painting_makes_all_black(
    paint: Paint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, runtime: str
) -> None:
    monkeypatch.setenv("STUDIO_RUNTIME", runtime)
    Image.new("RGB", (300, 300)).save(tmp_path / "black.png")
    assert paint(painting=str(tmp_path / "black.png")).max() < 0.02


def test_that_a_grey_photo_and_a_painting_of_one_colour_are_painted_too(
    paint: Paint, paintings, photo: Path, tmp_path: Path
) -> None:
    Image.new("RGB", (90, 60), (90, 90, 90)).save(photo)
    Image.new("RGB", (8, 300), (200, 30, 30)).save(tmp_path / "red.png")
    assert np.isfinite(paint(painting=paintings[0])).all()
    assert (
        np.abs(paint(painting=str(tmp_path / "red.png")) - np.array((200, 30, 30)) / 255).max()
        < 0.2
    )


def test_that_without_a_painting_one_is_asked_for_and_at_no_strength_none_is_needed(
    front: Front, paint: Paint, photo: Path, any_painting: str
) -> None:
    failed = front.run(Apply(any_painting, str(photo)))[-1]
    assert isinstance(failed, Failed)
    assert "--set painting=FILE" in failed.hint
    assert np.abs(255 * paint(strength=0.0) - np.asarray(Image.open(photo))).max() < 1


def test_that_a_painting_is_an_original(
    front: Front, photo: Path, any_painting: str, paintings
) -> None:
    request = Apply(any_painting, str(photo), paintings[0], settings={"painting": paintings[0]})
    request = replace(request, save=replace(request.save, overwrite=True))
    failed = front.run(request)[-1]
    assert isinstance(failed, Failed)
    assert "is an original" in failed.message


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_that_a_result_is_done_again_from_its_own_record_when_the_painting_is_gone(
    front: Front, photo: Path, any_painting: str, paintings, tmp_path: Path, suffix: str
) -> None:
    output, name = tmp_path / f"out.{suffix}", hashlib.sha256(Path(paintings[0]).read_bytes())
    settings = {"painting": paintings[0], "second": paintings[1]}
    request = Apply(any_painting, str(photo), str(output), settings=settings)
    assert isinstance(front.run(request)[-1], Finished)
    for path in paintings:
        Path(path).unlink()
    record = from_json(read_request(output) or "")
    assert isinstance(record, Apply)
    value = str(record.settings["painting"])
    assert is_content(value)
    assert digest(value) == name.hexdigest()
    again = shown(front.run(replace(record, source=str(photo), output="")))
    assert np.abs(again - np.asarray(Image.open(output)) / 255).mean() < 0.03


def test_that_a_painting_that_changes_on_disk_is_seen(paint: Paint, paintings) -> None:
    first = paint(painting=paintings[0])
    Path(paintings[0]).write_bytes(Path(paintings[1]).read_bytes() + b" ")
    assert np.abs(paint(painting=paintings[0]) - first).mean() > 0.1
