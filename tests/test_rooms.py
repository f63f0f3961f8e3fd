"""The floor plan's measures: files that one reads in one go, rooms that one overlooks."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST, MOST = 300, 25  # lines of a file, files of a room
FILES = sorted(p for room in ("studio", "training", "tests") for p in (ROOT / room).rglob("*.py"))


def test_that_no_file_is_too_long() -> None:
    lengths = {str(f.relative_to(ROOT)): len(f.read_text("utf-8").splitlines()) for f in FILES}
    assert not {name: length for name, length in lengths.items() if length > LONGEST}


@pytest.mark.parametrize("room", sorted({path.parent for path in FILES}), ids=lambda r: r.name)
def test_that_no_room_has_too_many_files(room: Path) -> None:
    assert len(list(room.glob("*.py"))) <= MOST
