"""What the window knows, apart from Qt's widgets."""

import builtins
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QColorSpace

from studio.core.controls import Control, Slider, Value
from studio.core.errors import StudioError
from studio.core.files.configuration import preferences_path
from studio.core.requests import Apply
from studio.core.settings import (
    Preferences,
    load_preferences,
    save_preferences,
)
from studio.gui import main
from studio.gui.state.latest_wins import LatestWins
from studio.gui.state.look import Look
from studio.gui.state.photo.document import Document
from studio.gui.state.photo.loading import to_image
from studio.gui.state.photo.previews import runs_net_anew
from studio.gui.state.stack import Stack
from studio.gui.widgets.picture.view import View

CONTROLS: Sequence[Control] = (
    Slider("strength", "Strength", "", 0, 1, 1, after_net=True),
    Slider("stroke", "Stroke", "", 0, 4, 1),
)
A, B, C = Path("a.jpg"), Path("b.jpg"), Path("c.jpg")


def request(**settings: Value) -> Apply:
    return Apply("style/gallery", "a.jpg", settings=settings)


class Previews:
    """Keeps what was begun, and counts what was stopped."""

    def __init__(self) -> None:
        self.begun: list[Mapping[str, Value]] = []
        self.stopped = 0
        self.wishes = LatestWins[Apply](
            self.begin, lambda old, new: runs_net_anew(old, new, CONTROLS)
        )

    def begin(self, wanted: Apply) -> Callable[[], None]:
        self.begun.append(wanted.settings)
        return self.stop

    def stop(self) -> None:
        self.stopped += 1


def test_that_of_many_wishes_the_first_and_the_last_run() -> None:
    previews = Previews()
    for strength in range(10):
        previews.wishes.wish(request(strength=strength / 10))
    previews.wishes.ended()
    previews.wishes.ended()
    assert previews.begun == [{"strength": 0.0}, {"strength": 0.9}]
    assert not previews.stopped
    assert not previews.wishes.busy


def test_that_a_wish_for_another_run_of_the_net_cancels_once() -> None:
    previews = Previews()
    for stroke in range(4):
        previews.wishes.wish(request(stroke=stroke))
    assert previews.stopped == 1
    assert previews.wishes.wanted is None
    previews.wishes.ended()
    assert previews.begun[-1] == {"stroke": 3}


def test_that_going_back_to_what_runs_drops_the_waiting_wish() -> None:
    previews = Previews()
    for strength in (1.0, 0.5, 1.0):
        previews.wishes.wish(request(strength=strength))
    previews.wishes.ended()
    assert len(previews.begun) == 1


def test_that_a_wish_given_up_is_followed_by_nothing() -> None:
    previews = Previews()
    previews.wishes.wish(request(strength=1.0))
    previews.wishes.wish(request(strength=0.5))
    previews.wishes.give_up()
    previews.wishes.ended()
    assert len(previews.begun) == 1
    assert previews.stopped == 1


def test_that_closing_a_photo_shows_its_neighbour() -> None:
    document = Document().opened([A, B, C, A], None).showing(B)
    assert document.closed(B).shown == C
    assert document.closed(B).closed(C).shown == A
    assert document.closed(A).shown == B
    assert Document().opened([A], None).closed(A).photo is None


def test_that_a_look_changes_one_photo_alone() -> None:
    look = Look("style/gallery", {"strength": 1.0})
    faint = Stack.of(look.with_setting("strength", 0.5))
    document = Document().opened([A, B], Stack.of(look)).going_through(A, faint)
    assert [p.look and p.look.settings["strength"] for p in document.photos] == [0.5, 1.0]


def test_that_zooming_keeps_the_point_under_the_cursor() -> None:
    view = View((4000, 3000), (800, 600)).zoomed(1.0, (200, 100))
    before = [(spot - o) / view.scale for spot, o in zip((600, 500), view.origin, strict=True)]
    closer = view.zoomed(2.0, (600, 500))
    after = [(spot - o) / closer.scale for spot, o in zip((600, 500), closer.origin, strict=True)]
    assert after == pytest.approx(before)


def test_that_a_picture_cannot_be_pushed_off_the_canvas() -> None:
    view = View((4000, 3000), (800, 600)).zoomed(1.0).panned(1e6, -1e6)
    assert view.origin == pytest.approx((0, 600 - 3000))
    small = View((400, 300), (800, 600)).zoomed(1.0).panned(50, 50)
    assert small.origin == pytest.approx((200, 150))


def test_that_preferences_come_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDIO_CONFIG", str(tmp_path / "new" / "folder"))
    kept = Preferences(quality=70, palette="light", folder="/photos", filmstrip=False)
    save_preferences(kept)
    assert load_preferences() == kept
    assert [path.name for path in preferences_path().parent.iterdir()] == ["window.json"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"quality": "high"}', '{"quality": 1000}', '{"palette": "x"}']
)
def test_that_damaged_preferences_give_the_defaults(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDIO_CONFIG", str(tmp_path))
    preferences_path().write_text(text)
    assert load_preferences() == Preferences()


def test_that_a_wide_gamut_picture_is_shown_in_srgb() -> None:
    p3 = QColorSpace(QColorSpace.NamedColorSpace.DisplayP3).iccProfile().data()
    pixels = np.full((2, 2, 4), 255, np.uint8)
    pixels[..., :3] = (200, 100, 100)
    red = to_image(pixels, bytes(p3)).pixelColor(0, 0).red()
    assert red > 205, "the same red needs a larger number in the smaller space"
    assert to_image(pixels, None).pixelColor(0, 0).red() == 200


def test_that_a_missing_library_of_the_system_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def fake(name: str, *rest: Any) -> Any:
        if name == "studio.gui.app":
            raise ImportError("libEGL.so.1: cannot open shared object file: No such file")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", fake)
    monkeypatch.delitem(sys.modules, "studio.gui.app", raising=False)
    with pytest.raises(StudioError) as caught:
        main([])
    assert "libEGL.so.1" in caught.value.message
    assert "libegl1" in caught.value.hint


def test_that_no_display_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    with pytest.raises(StudioError, match="no display"):
        main([])
