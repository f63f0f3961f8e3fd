"""How much memory is taken."""

import subprocess
import sys

import pytest

_BOUNDED = """
from studio.core.errors import StudioError
from studio.core.memory import available, refuse_beyond_memory, take_at_most
take_at_most(2 << 30)
print(0 < available() < 2 << 30)
try:
    bytearray(2 << 30)
except MemoryError:
    print("refused")
try:
    refuse_beyond_memory(2 << 30, "cat.png")
except StudioError as error:
    print(error)
take_at_most(0)
print(len(bytearray(2 << 30)))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds a process so")
def test_that_a_process_is_refused_more_memory_than_it_may_take() -> None:
    told = subprocess.run(
        [sys.executable, "-c", _BOUNDED], check=True, capture_output=True, text=True
    ).stdout.splitlines()
    assert told[:2] == ["True", "refused"]
    assert "cat.png needs about 2.1 GB" in told[2]
    assert "allow the studio more, or make it smaller" in told[2]
    assert told[3] == str(2 << 30)
