"""Paintings as values: whole, named by their file's hash, and small in a record."""

import hashlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.core.errors import StudioError
from studio.core.values.paintings import content_of, digest, is_content, open_painting, record
from tests.conftest import draw_photo


def test_that_a_painting_is_a_value_that_needs_its_file_no_more(tmp_path: Path) -> None:
    path = tmp_path / "painting.png"
    Image.fromarray(draw_photo(1800, 1200)).save(path)
    name = hashlib.sha256(path.read_bytes()).hexdigest()
    value = content_of(str(path))
    path.unlink()
    assert is_content(value)
    assert content_of(value) == value
    painting = open_painting(value)
    assert (painting.width, painting.height) == (1024, 683)
    drawn = Image.fromarray(draw_photo(1800, 1200)).resize((1024, 683), Image.Resampling.LANCZOS)
    assert np.abs(255 * painting.pixels - np.asarray(drawn)).mean() < 4
    kept = record(value)
    assert digest(value) == digest(kept) == name
    assert len(kept) < 180_000
    assert open_painting(kept).width >= 768


def test_that_a_painting_of_noise_has_room_in_a_record_too(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (700, 900, 3), np.uint8)
    Image.fromarray(noise).save(tmp_path / "noise.png")
    assert len(record(str(tmp_path / "noise.png"))) < 180_000


def test_that_a_transparent_painting_hangs_on_white(tmp_path: Path) -> None:
    Image.new("RGBA", (20, 30), (255, 0, 0, 0)).save(tmp_path / "glass.png")
    assert open_painting(content_of(str(tmp_path / "glass.png"))).pixels.min() > 0.98


def test_that_a_damaged_painting_is_called_so(tmp_path: Path) -> None:
    Image.new("RGB", (20, 30)).save(tmp_path / "a.png")
    value = content_of(str(tmp_path / "a.png"))
    with pytest.raises(StudioError, match="the painting is damaged"):
        open_painting(value[:-8])
    with pytest.raises(StudioError, match="there is no file"):
        content_of(str(tmp_path / "nothing.png"))
