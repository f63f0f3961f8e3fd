"""The shipped enhance weights, on photos that scikit-image ships, through the engine."""

import queue
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from scipy.ndimage import gaussian_filter
from skimage import data

from studio.core.catalogue import Catalogue
from studio.core.controls import Settings
from studio.core.events import TERMINAL, Finished, Measured, Previewed
from studio.core.picture import Metadata, Picture
from studio.core.picture_files import open_picture, save_picture
from studio.core.requests import Apply
from studio.engine.jobs.engine import Engine
from studio.models._grey import is_toned
from studio.quality.missing import KINDS, draw_missing
from studio.quality.photo_noise import camera_noise, film_grain, measure_noise
from studio.quality.repair import f_score

PHOTOS = (data.astronaut, data.chelsea, data.rocket)
TOLD = {"noise": 0.0, "jpeg": 100.0, "sharpness": 0.0}


class Enhancing:
    """Runs the shipped weights on pixels (H, W, 3) in [0, 1], saved in a file of 16 bits."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._events: queue.Queue[object] = queue.Queue()
        shipped = Catalogue([Path(__file__).parents[2] / "weights"])
        self.engine = Engine(shipped)
        self.levels: dict[str, float] = {}

    def __call__(self, pixels: np.ndarray, settings: Settings, name: str = "photo") -> np.ndarray:
        source, output = self._folder / "in.tif", self._folder / "out.tif"
        output.unlink(missing_ok=True)
        source.unlink(missing_ok=True)
        deep = Metadata(bits=16, format="TIFF")
        save_picture(Picture(pixels.astype(np.float32).clip(0, 1), None, deep), source)
        self._run(Apply(f"enhance/{name}", str(source), str(output), settings=settings))
        return open_picture(output).pixels

    def preview(self, settings: Settings, name: str) -> np.ndarray:
        """What the screen shows of the last pixels, (H, W, 3) in [0, 255]."""
        source = str(self._folder / "in.tif")
        events = self._run(Apply(f"enhance/{name}", source, settings=settings))
        return next(e for e in events if isinstance(e, Previewed)).pixels[..., :3]

    def _run(self, request: Apply) -> list[object]:
        self.engine.submit(request, self._events.put)
        events: list[object] = []
        while not isinstance(event := self._events.get(timeout=120), TERMINAL):
            events.append(event)
            if isinstance(event, Measured):
                self.levels = dict(event.levels)
        assert isinstance(event, Finished), event
        return events


@pytest.fixture(scope="module")
def enhanced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enhancing]:
    enhancing = Enhancing(tmp_path_factory.mktemp("enhance"))
    yield enhancing
    enhancing.engine.close()


@pytest.fixture(scope="module", params=PHOTOS, ids=lambda photo: photo.__name__)
def photo(request: pytest.FixtureRequest) -> np.ndarray:
    """A part of a photo, reduced by two, so that its own JPEG blocks are gone."""
    image = Image.fromarray(request.param()).crop((0, 0, 448, 296)).reduce(2)
    return np.asarray(image, np.float32) / 255


def psnr(one: np.ndarray, other: np.ndarray) -> float:
    return float(-10 * np.log10(np.square(one - other).mean()))


def noisy(photo: np.ndarray, sigma: float) -> np.ndarray:
    return photo + np.random.default_rng(0).normal(0, sigma / 255, photo.shape)


def compressed(photo: np.ndarray, quality: int) -> np.ndarray:
    file = BytesIO()
    Image.fromarray(np.rint(photo * 255).astype(np.uint8)).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file), np.float32) / 255


@pytest.mark.parametrize(("sigma", "gain"), [(15, 6.0), (25, 7.5), (50, 9.0)])
def test_that_noise_goes_and_is_found(enhanced, photo, sigma: float, gain: float) -> None:
    damaged = noisy(photo, sigma)
    told = psnr(enhanced(damaged, {**TOLD, "noise": sigma}), photo)
    assert told > psnr(damaged.clip(0, 1), photo) + gain
    assert psnr(enhanced(damaged, {}), photo) > told - (0.4 if sigma < 50 else 1.0)  # it is clipped
    assert enhanced.levels["noise"] == pytest.approx(sigma, rel=0.2, abs=1.5)


@pytest.mark.parametrize(("kind", "gain"), [(camera_noise, 2.0), (film_grain, 2.0)])
def test_that_real_noise_goes_and_is_found(enhanced, photo, kind, gain: float) -> None:
    noise = kind(photo, 20.0, np.random.default_rng(3))
    damaged = np.rint((photo + noise).clip(0, 1) * 255) / 255
    assert psnr(enhanced(damaged, {}), photo) > psnr(damaged, photo) + gain
    wanted = measure_noise(damaged - photo)
    assert 0.4 * wanted.luma < enhanced.levels["noise"] < 1.5 * wanted.luma
    assert enhanced.levels["colour-noise"] < 1.5 * wanted.colour + 3


@pytest.mark.parametrize("blur", [3, 6])
def test_that_wide_blotches_of_colour_go_and_are_found(enhanced, blur: int) -> None:
    for picture in (data.astronaut, data.coffee, data.chelsea):
        photo = np.asarray(picture()[:296, :448], np.float32) / 255
        spots = np.random.default_rng(0).normal(0, 1, photo.shape)
        spots = gaussian_filter(spots - spots.mean(2, keepdims=True), (blur, blur, 0))
        damaged = np.rint((photo + spots * 12 / 255 / spots.std()).clip(0, 1) * 255) / 255
        result = enhanced(damaged, {})
        wanted = measure_noise(damaged - photo)
        assert 0.5 * wanted.colour < enhanced.levels["colour-noise"] < 1.3 * wanted.colour
        assert measure_noise(result - photo).colour < 0.75 * wanted.colour


@pytest.mark.parametrize("picture", [data.astronaut, data.coffee])
def test_that_most_of_weak_large_grain_is_found_and_much_of_it_goes(enhanced, picture) -> None:
    photo = np.asarray(picture()[:296, :448], np.float32) / 255
    grain = gaussian_filter(np.random.default_rng(0).normal(0, 1, photo.shape[:2]), 3.5)[..., None]
    damaged = np.rint((photo + grain * 12 / 255 / grain.std()).clip(0, 1) * 255) / 255
    result = enhanced(damaged, {})
    wanted = measure_noise(damaged - photo)
    assert 0.6 * wanted.luma < enhanced.levels["noise"] < 1.4 * wanted.luma
    assert psnr(result, photo) > psnr(damaged, photo) + 2.2


def test_that_a_grey_photo_stays_grey(enhanced, photo) -> None:
    grey = np.repeat(photo.mean(2, keepdims=True), 3, 2)
    grain = film_grain(grey, 20.0, np.random.default_rng(0)).mean(2, keepdims=True)
    result = enhanced((grey + grain).clip(0, 1), {})
    assert np.ptp(result, axis=2).mean() < 0.01
    assert psnr(result, grey) > psnr((grey + grain).clip(0, 1), grey) + 1


def test_that_a_print_in_sepia_is_cleaned_as_one_in_grey(enhanced) -> None:
    luma = np.asarray(Image.fromarray(data.astronaut()).convert("L"), np.float32)
    grain = gaussian_filter(np.random.default_rng(0).normal(0, 20, luma.shape), 0.9)
    levels, left = [], []
    for tone in ((1.0, 1.0, 1.0), (1.08, 0.96, 0.74)):
        toned = (luma / 255)[..., None] ** 0.9 * np.array(tone, np.float32)
        damaged = compressed((toned + grain[..., None] / 255).clip(0, 1), 92)
        result = enhanced(damaged, {})
        levels.append(enhanced.levels["noise"])
        fine = (result - gaussian_filter(result, (3, 3, 0))).mean(2)
        left.append(fine[20:90, 20:70].std())
    assert levels[0] > 3
    assert levels[1] == pytest.approx(levels[0], rel=0.25)
    assert left[1] == pytest.approx(left[0], rel=0.25)


@pytest.mark.parametrize("toned", [False, True])
def test_that_toned_prints_are_told_from_photos_in_colour(photo, toned: bool) -> None:
    if toned:
        photo = photo.mean(2, keepdims=True) ** np.array([0.8, 0.95, 1.2], np.float32)
    grain = np.random.default_rng(0).normal(0, 12 / 255, (*photo.shape[:2], 1))
    damaged = compressed((photo + grain).clip(0, 1), 80)
    assert is_toned(torch.from_numpy(damaged).permute(2, 0, 1)[None]) == toned


@pytest.mark.parametrize("quality", [10, 20])
def test_that_jpeg_blocks_go(enhanced, photo, quality: int) -> None:
    damaged = compressed(photo, quality)
    assert psnr(enhanced(damaged, {}), photo) > psnr(damaged, photo) + 0.5


def test_that_a_clean_photo_stays_as_it_is(enhanced, photo) -> None:
    assert psnr(enhanced(photo, {}), photo) > 42


def test_that_grain_keeps_what_was_taken_out(enhanced, photo) -> None:
    damaged = noisy(photo, 25).clip(0, 1)
    clean = enhanced(damaged, {})
    assert psnr(enhanced(damaged, {"grain": 1.0}), damaged) > 60
    half = enhanced(damaged, {"grain": 0.5})
    assert np.allclose(half, (clean + damaged) / 2, atol=2e-3)


@pytest.mark.parametrize(("scale", "better"), [(2, 0.8), (4, 0.4)])
def test_that_an_enlarged_photo_is_sharper_than_bicubic(enhanced, photo, scale, better) -> None:
    image = Image.fromarray(np.rint(photo * 255).astype(np.uint8))
    image = image.crop((0, 0, image.width // scale * scale, image.height // scale * scale))
    wanted = np.asarray(image, np.float32) / 255
    small = image.resize((image.width // scale, image.height // scale), Image.Resampling.BICUBIC)
    bicubic = small.resize(image.size, Image.Resampling.BICUBIC)
    result = enhanced(np.asarray(small, np.float32) / 255, TOLD, f"upscale{scale}x")
    assert result.shape == wanted.shape
    assert psnr(result, wanted) > psnr(np.asarray(bicubic, np.float32) / 255, wanted) + better


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reduced", [1, 2])
def test_that_damage_is_found_in_photos_of_any_size(enhanced, kind: str, reduced: int) -> None:
    scores: list[float] = []
    for seed, picture in enumerate((data.astronaut, data.chelsea)):
        image = Image.fromarray(picture()).crop((0, 0, 448, 296)).reduce(reduced)
        damaged = draw_missing(
            np.asarray(image, np.float32) / 255, kind, np.random.default_rng(seed)
        )
        found = enhanced(damaged.given, {"show": "mask"}, "repair")[..., 0] > 0.5
        scores.append(f_score(found, damaged.holes))
    assert np.mean(scores) > 0.75


def test_that_next_to_nothing_of_a_small_whole_photo_is_taken_for_damage(enhanced) -> None:
    shares: list[float] = []
    for picture in (data.astronaut, data.chelsea):
        for side in (100, 160, 240):
            image = Image.fromarray(picture())
            image.thumbnail((side, side))
            pixels = np.asarray(image, np.float32) / 255
            shares.append(float(enhanced(pixels, {"show": "mask"}, "repair").mean()))
    assert np.mean(shares) < 0.005


def test_that_what_is_found_for_the_screen_is_what_is_found_for_the_file(enhanced) -> None:
    photo = np.asarray(data.astronaut(), np.float32)[:400, :448] / 255
    damaged = draw_missing(photo, "scratches", np.random.default_rng(3)).given
    saved = enhanced(damaged, {"show": "mask"}, "repair")
    shown = enhanced.preview({"show": "mask"}, "repair")
    assert 0.01 < saved.mean() < 0.2
    assert np.array_equal(np.rint(saved * 255), shown)
