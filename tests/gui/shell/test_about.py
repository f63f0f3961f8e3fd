"""What a person learns about a model."""

from __future__ import annotations

import io
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtWidgets import QLabel

from studio.gui.models.about import AboutModel
from studio.gui.models.card import Preview, read_preview

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio


def about(studio: Studio) -> AboutModel:
    studio.window.actions_.about.trigger()
    dialog = studio.window.findChild(AboutModel)
    assert dialog is not None
    return dialog


def film() -> bytes:
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "green", "blue")]
    data = io.BytesIO()
    frames[0].save(data, "WEBP", save_all=True, append_images=frames[1:], duration=50, loop=0)
    return data.getvalue()


def test_that_a_model_says_how_it_was_trained(studio: Studio, weights: Path) -> None:
    Image.new("RGB", (90, 60), "red").save(weights / "style" / "gallery.webp")
    dialog = about(studio)
    studio.bot.waitUntil(lambda: not dialog.card.picture.pixmap().isNull(), timeout=20_000)
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert "style/gallery, 2 kB" in words
    assert "4,800 steps, 3.7 hours, 2 cores" in words
    assert "photos (C), paintings (A)" in words
    assert "style: 0.08\ncontent: 0.53" in words
    dialog.accept()


def test_that_a_model_says_in_words_what_it_learned_from_and_what_may_be_done(
    studio: Studio, weights: Path
) -> None:
    found = studio.workspace.toolbox.find("style/gallery").weights
    licence = "grade C: trained on research photos (ABC); check before commercial use"
    dialog = AboutModel(replace(found, licence=licence), studio.window)
    dialog.show()
    seen = [label.text() for label in dialog.findChildren(QLabel) if label.isVisibleTo(dialog)]
    assert "A photo in the manner of a painting" in seen
    assert "Research photos (ABC)" in seen
    assert any("check before commercial use" in words and "grade" not in words for words in seen)
    assert str(weights / "style") in seen
    assert licence not in seen
    dialog.card.details.button.click()
    seen = [label.text() for label in dialog.findChildren(QLabel) if label.isVisibleTo(dialog)]
    assert licence in seen
    dialog.accept()


@pytest.mark.usefixtures("faces")
def test_that_a_film_plays(studio: Studio, weights: Path) -> None:
    (weights / "faces" / "portraits.webp").write_bytes(film())
    studio.window.rail.button("faces").click()
    dialog = about(studio)
    assert dialog.windowTitle() == "About Portraits"
    seen: set[str] = set()

    def all_seen() -> bool:
        movie = dialog.card.picture.movie()
        if movie is not None:
            seen.add(movie.currentImage().pixelColor(9, 9).name())
        return len(seen) == 3

    studio.bot.waitUntil(all_seen, timeout=20_000)
    dialog.accept()


@pytest.mark.parametrize("data", [b"", b"no picture"])
def test_that_a_model_without_a_picture_has_words(
    studio: Studio, weights: Path, data: bytes
) -> None:
    (weights / "style" / "gallery.webp").write_bytes(data)
    dialog = about(studio)
    studio.bot.wait(50)
    assert dialog.card.picture.isHidden()
    dialog.accept()


def test_that_a_card_may_be_closed_before_its_picture_is_read(
    studio: Studio, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("RGB", (90, 60), "red").save(weights / "style" / "gallery.webp")
    gate, read = threading.Event(), threading.Event()

    def read_late(path: Path) -> Preview:
        gate.wait()
        read.set()
        return read_preview(path)

    monkeypatch.setattr("studio.gui.models.commands.read_preview", read_late)
    about(studio).accept()
    studio.bot.waitUntil(lambda: studio.window.findChild(AboutModel) is None, timeout=20_000)
    with studio.bot.captureExceptions() as found:
        gate.set()
        studio.bot.waitUntil(read.is_set, timeout=20_000)
        studio.bot.wait(50)
    assert not found
