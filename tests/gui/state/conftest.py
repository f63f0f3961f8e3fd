"""Windows that find what the last one has left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.gui.conftest import opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.gui.conftest import Studio

    Start = Callable[[], AbstractContextManager[Studio]]


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDIO_CONFIG", str(tmp_path / "config"))


@pytest.fixture
def start(own_folder: None, qtbot: QtBot, weights: Path) -> Start:
    """Opens a window."""
    return lambda: opened(qtbot, weights)
