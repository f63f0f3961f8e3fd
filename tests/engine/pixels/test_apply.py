"""Requests in, events and files out, through the engine that every front uses."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.core.events import (
    TERMINAL,
    Event,
    Finished,
    Previewed,
    Progressed,
    Queued,
    Started,
)  # fmt: skip
from studio.core.picture_files import open_picture, read_request
from studio.core.requests import Apply, from_json
from tests.conftest import draw_photo
from tests.engine.conftest import Front


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def preview(events: list[Event]) -> Previewed:
    return next(event for event in events if isinstance(event, Previewed))


def test_that_a_photo_is_painted_into_a_file(front: Front, photo: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.png"
    events = front.run(Apply("style/tiny", str(photo), str(output)))
    assert [type(e) for e in events if not isinstance(e, Progressed)] == [Queued, Started, Finished]
    assert pixels(output).shape == (64, 96, 3)
    assert np.abs(pixels(output).astype(int) - pixels(photo)).mean() > 5
    fractions = [e.fraction for e in events if isinstance(e, Progressed)]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1


def test_that_the_same_request_gives_the_same_bytes(
    front: Front, photo: Path, tmp_path: Path
) -> None:
    for name in ("a.png", "b.png"):
        front.run(Apply("style/tiny", str(photo), str(tmp_path / name), seed=3))
    assert np.array_equal(pixels(tmp_path / "a.png"), pixels(tmp_path / "b.png"))


def test_that_strokes_twice_as_large_come_half_as_often_on_an_empty_wall_too(
    front: Front, tmp_path: Path
) -> None:
    wall = tmp_path / "wall.png"
    Image.new("RGB", (640, 600), (150, 140, 130)).save(wall)
    counts: list[float] = []
    for size in (1.0, 2.0, 4.0):
        output = tmp_path / f"{size}.png"
        front.run(Apply("style/tiny", str(wall), str(output), settings={"stroke": size}))
        grey = pixels(output).mean(2)
        counts.append(np.diff(np.sign(grey - grey.mean())).astype(bool).mean())
    assert counts[0] > 0.02
    assert counts[1] / counts[0] == pytest.approx(0.5, abs=0.15)
    assert counts[2] / counts[1] == pytest.approx(0.5, abs=0.15)


@pytest.mark.parametrize("size", [(1, 1), (3, 50), (37, 41), (200, 1), (130, 70)])
@pytest.mark.parametrize("tile", ["off", "16"])
def test_that_a_picture_of_any_size_keeps_its_size(
    front: Front, tmp_path: Path, size: tuple[int, int], tile: str
) -> None:
    source, output = tmp_path / "in.png", tmp_path / "out.png"
    Image.fromarray(draw_photo(*size)).save(source)
    events = front.run(Apply("style/tiny", str(source), str(output), tile=tile))
    assert isinstance(events[-1], Finished)
    assert pixels(output).shape == (size[1], size[0], 3)


def test_that_tiled_and_whole_pictures_agree(front: Front, tmp_path: Path) -> None:
    source = tmp_path / "in.png"
    Image.fromarray(draw_photo(300, 200)).save(source)
    results = []
    for tile in ("off", "32"):
        output = tmp_path / f"{tile}.png"
        front.run(Apply("style/tiny", str(source), str(output), tile=tile))
        results.append(pixels(output).astype(float))
    error = np.square(results[0] - results[1]).mean()
    assert 10 * np.log10(255**2 / max(error, 1e-9)) > 45


@pytest.mark.parametrize("drawn", [0, 1, 6])  # levels below white: none, hardly any, pale
def test_that_a_pale_picture_in_strips_is_that_of_the_whole(
    front: Front, tmp_path: Path, drawn: int
) -> None:
    source = tmp_path / "in.png"
    pale = 255 - np.random.default_rng(1).integers(0, drawn + 1, (240, 360, 3))
    Image.fromarray(pale.astype(np.uint8)).save(source)
    results = []
    for tile in ("off", "80"):
        output = tmp_path / f"{tile}.png"
        events = front.run(Apply("style/tiny", str(source), str(output), tile=tile))
        assert isinstance(events[-1], Finished), events[-1]
        results.append(pixels(output).astype(int))
    assert np.abs(results[0] - results[1]).max() <= 2


def test_that_a_preview_does_not_wait_for_a_save(front: Front, photo: Path, tmp_path: Path) -> None:
    source, alone, beside = (tmp_path / name for name in ("in.png", "alone.png", "beside.png"))
    Image.fromarray(draw_photo(900, 700)).save(source)
    save = Apply("style/tiny", str(source), str(alone), settings={"stroke": 0.1}, tile="16")
    front.run(save)
    previews: list[int] = []

    def look(event: Event) -> None:
        if isinstance(event, Progressed) and 0.2 < event.fraction < 0.8 and not previews:
            previews.append(front.submit(Apply("style/tiny", str(photo))).id)

    front.at = look
    saving = front.submit(replace(save, output=str(beside)))
    ends = [front.until(TERMINAL)[-1] for _ in range(2)]
    assert [end.job for end in ends] == [*previews, saving.id]
    assert all(isinstance(end, Finished) for end in ends)
    assert np.array_equal(pixels(alone), pixels(beside))


def test_that_strength_zero_changes_no_pixel(front: Front, tmp_path: Path) -> None:
    source, output = tmp_path / "in.png", tmp_path / "out.png"
    Image.fromarray(draw_photo(50, 40)).save(source)
    front.run(Apply("style/tiny", str(source), str(output), settings={"strength": 0.0}))
    assert np.array_equal(pixels(source), pixels(output))


def test_that_half_strength_lies_halfway(front: Front, photo: Path) -> None:
    full, half = (
        preview(front.run(Apply("style/tiny", str(photo), settings={"strength": strength})))
        for strength in (1.0, 0.5)
    )
    expected = (pixels(photo).astype(float) + full.pixels[..., :3]) / 2
    assert np.abs(half.pixels[..., :3] - expected).max() <= 1


def test_that_keep_colours_keeps_the_photos_hues(front: Front, tmp_path: Path) -> None:
    source = tmp_path / "green.png"
    Image.fromarray(np.full((64, 64, 3), (90, 160, 110), np.uint8)).save(source)
    seen = preview(front.run(Apply("style/tiny", str(source), settings={"keep-colours": True})))
    red, green, blue = (seen.pixels[..., c].astype(int) for c in range(3))
    inside = (seen.pixels[..., :3].min(-1) > 0) & (seen.pixels[..., :3].max(-1) < 255)
    assert np.abs((green - red)[inside] - 70).max() <= 1
    assert np.abs((green - blue)[inside] - 50).max() <= 1


def test_that_a_mask_says_where(front: Front, photo: Path, tmp_path: Path) -> None:
    mask = np.zeros((64, 96), np.uint8)
    mask[:, 48:] = 255
    Image.fromarray(mask).save(tmp_path / "mask.png")
    settings = {"mask": str(tmp_path / "mask.png")}
    seen = preview(front.run(Apply("style/tiny", str(photo), settings=settings))).pixels[..., :3]
    plain = preview(front.run(Apply("style/tiny", str(photo)))).pixels[..., :3]
    assert np.array_equal(seen[:, :47], pixels(photo)[:, :47])
    assert np.array_equal(seen[:, 49:], plain[:, 49:])


def test_that_after_net_controls_need_no_second_run(front: Front, photo: Path) -> None:
    runs = [
        preview(front.run(Apply("style/tiny", str(photo), settings=settings))).ran_net
        for settings in (
            {}, {"strength": 0.3}, {"keep-colours": True}, {"stroke": 2.0}, {"style": "dots"},
            {"style": "waves", "strength": 0.9},
        )
    ]  # fmt: skip
    assert runs == [True, False, False, True, True, False]


def test_that_a_preview_looks_like_the_saved_picture(front: Front, tmp_path: Path) -> None:
    source, output = tmp_path / "in.png", tmp_path / "out.png"
    Image.fromarray(draw_photo(1600, 1200)).save(source)
    settings = {"stroke": 4.0}  # painted at 256 px, which both have
    seen = preview(front.run(Apply("style/tiny", str(source), settings=settings, preview_side=800)))
    front.run(Apply("style/tiny", str(source), str(output), settings=settings))
    painted = Image.fromarray(pixels(output))
    small = np.asarray(painted.resize((800, 600), Image.Resampling.LANCZOS))
    assert seen.pixels.shape == (600, 800, 4)
    assert np.abs(seen.pixels[..., :3].astype(int) - small).mean() < 4


def test_that_a_blend_of_styles_is_between_them(front: Front, photo: Path) -> None:
    waves, blend, dots = (
        preview(front.run(Apply("style/tiny", str(photo), settings={"style": value}))).pixels
        for value in ("waves", "waves:0.5,dots:0.5", "dots")
    )
    apart = np.abs(waves.astype(int) - dots).mean()
    assert 0 < np.abs(waves.astype(int) - blend).mean() < apart


def test_that_the_result_says_how_it_was_made(front: Front, photo: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.jpg"
    front.run(Apply("style/tiny", str(photo), str(output), settings={"style": "dots"}, seed=5))
    recorded = from_json(read_request(output) or "")
    assert recorded.weights == "style/tiny"
    assert recorded.settings["style"] == "dots"
    assert recorded.seed == 5
    assert len(recorded.sha256) == 64
    assert recorded.source == "photo.png", "a person's folders are nobody else's business"


def test_that_sixteen_bits_stay_sixteen(front: Front, tmp_path: Path) -> None:
    import tifffile

    source, output = tmp_path / "in.tif", tmp_path / "out.tif"
    ramp = np.linspace(0, 65535, 64 * 64 * 3).astype(np.uint16).reshape(64, 64, 3)
    tifffile.imwrite(source, ramp, photometric="rgb")
    front.run(Apply("style/tiny", str(source), str(output), settings={"strength": 0.5}))
    written = tifffile.imread(output)
    assert written.dtype == np.uint16
    assert len(np.unique(written)) > 256
    assert open_picture(output).metadata.bits == 16
