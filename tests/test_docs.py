"""What the pages for people and for newcomers to the code name is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
_PLACE = re.compile(r"`((?:studio|training|tests|scripts|docs|weights)/[\w./-]*)`")


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/architecture.md"])
def test_that_every_file_that_a_page_names_is_there(page: str) -> None:
    named = set(_PLACE.findall((ROOT / page).read_text(encoding="utf-8")))
    assert named
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
