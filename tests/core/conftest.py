"""Fixtures of the tests of pictures."""

import pytest


@pytest.fixture
def notes() -> list[str]:
    return []


@pytest.fixture
def in_many_strips(monkeypatch: pytest.MonkeyPatch) -> None:
    """Strips of 1000 px, so that even small pictures are worked on in more than one."""
    monkeypatch.setattr("studio.core.formats.opened._STRIP_PIXELS", 1000)
