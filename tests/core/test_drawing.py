"""Drawings of every kind, as the nets that draw after them see them."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from studio.core.drawings.drawing import as_ink, as_labels
from studio.core.drawings.labels import Label
from studio.core.picture import Picture

LABELS = (Label("wall", "#0030fe"), Label("window", "#057dff"), Label("shop", "#ad0002"))


def ring(size: tuple[int, int], width: int, ink: int = 0, paper: int = 255) -> Picture:
    """A ring in the middle, half as large as the drawing's shorter side."""
    image = Image.new("RGB", size, (paper,) * 3)
    x, y, r = size[0] / 2, size[1] / 2, min(size) / 4
    box = (x - r, y - r, x + r, y + r)
    ImageDraw.Draw(image).ellipse(box, outline=(ink,) * 3, width=width)
    return Picture(np.asarray(image, np.float32) / 255)


def darkness(drawing: Picture, side: int = 64, *, fit: bool = False) -> np.ndarray:
    result = as_ink(drawing, side, fit=fit).pixels
    assert result.shape == (side, side, 3)
    assert 0 <= result.min() <= result.max() <= 1
    return 1 - result[..., 0]


@pytest.mark.parametrize(("ink", "paper"), [(0, 255), (255, 0), (200, 40), (150, 210)])
def test_that_dark_on_light_and_light_on_dark_are_the_same_ink(ink: int, paper: int) -> None:
    usual = darkness(ring((256, 256), 12))
    assert np.abs(darkness(ring((256, 256), 12, ink, paper)) - usual).max() < 0.02
    assert usual[32, 16] > 0.9  # the ring's left edge
    assert usual[32, 32] < 0.05  # its middle
    assert usual[2, 2] < 0.05


@pytest.mark.parametrize("ink", [0, 255])
def test_that_a_drawing_on_nothing_has_ink_whatever_its_colour(ink: int) -> None:
    drawn = ring((256, 256), 12).pixels[..., 0] < 0.5
    pixels = np.full((256, 256, 3), ink / 255, np.float32)  # even where nothing is drawn
    result = darkness(Picture(pixels, drawn.astype(np.float32)))
    assert np.abs(result - darkness(ring((256, 256), 12))).max() < 0.02


def test_that_thin_lines_of_a_large_drawing_stay_dark() -> None:
    result = darkness(ring((2400, 2400), 4))
    assert result[30:34, 14:18].max() > 0.7
    assert result[32, 32] < 0.05


def test_that_a_drawing_of_another_shape_keeps_its_proportions() -> None:
    result = darkness(ring((400, 200), 12), 80)
    rows, columns = np.flatnonzero((result > 0.5).any(1)), np.flatnonzero((result > 0.5).any(0))
    assert abs(len(rows) - len(columns)) <= 1
    assert abs(rows.mean() - 39.5) < 1
    assert abs(columns.mean() - 39.5) < 1
    assert len(rows) == pytest.approx(80 / 400 * 100, abs=2)


def test_that_a_drawing_can_be_made_to_fill_the_picture() -> None:
    sheet = np.ones((900, 700, 3), np.float32)
    sheet[600:700, 500:600] = ring((200, 200), 6).pixels[50:150, 50:150]
    result = darkness(Picture(sheet), 100, fit=True)
    drawn = np.flatnonzero((result > 0.5).any(1))
    assert len(drawn) == pytest.approx(100 / 1.16, abs=3)
    assert abs(drawn.mean() - 49.5) < 2
    assert len(np.flatnonzero((darkness(Picture(sheet), 100) > 0.5).any(1))) < 20


@pytest.mark.parametrize("level", [0.0, 0.4, 1.0])
def test_that_an_empty_sheet_of_any_colour_has_no_ink(level: float) -> None:
    assert darkness(Picture(np.full((50, 70, 3), level, np.float32)), fit=True).max() == 0


def test_that_a_dot_is_seen_in_a_long_and_narrow_drawing() -> None:
    strip = np.ones((40, 6000, 3), np.float32)
    strip[10:30, 2990:3010] = 0
    result = darkness(Picture(strip))
    assert result[31:33, 31:33].max() > 0.9
    assert result[:24].max() == 0


def test_that_labels_are_pure_and_what_lies_beside_them_is_background() -> None:
    pixels = np.zeros((100, 200, 3), np.float32)
    pixels[:] = np.array(LABELS[1].rgb, np.float32) / 255 + 0.04  # as after JPEG
    pixels[:, :100] = np.array(LABELS[2].rgb, np.float32) / 255
    result = as_labels(Picture(pixels.clip(0, 1)), LABELS, 64, fit=False).pixels * 255
    assert np.allclose(result[0, 0], LABELS[0].rgb)
    assert np.allclose(result[32, 8], LABELS[2].rgb)
    assert np.allclose(result[32, 60], LABELS[1].rgb)
    assert len(np.unique(result.round().reshape(-1, 3), axis=0)) == 3


def test_that_nothing_in_a_label_map_is_background() -> None:
    pixels = np.zeros((64, 64, 3), np.float32)
    pixels[...] = np.array(LABELS[2].rgb, np.float32) / 255
    alpha = np.zeros((64, 64), np.float32)
    alpha[16:48, 16:48] = 1
    result = as_labels(Picture(pixels, alpha), LABELS, 64, fit=True).pixels * 255
    assert np.allclose(result[1, 1], LABELS[0].rgb)
    assert np.allclose(result[10, 10], LABELS[2].rgb)
