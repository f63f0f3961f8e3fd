"""The command line within the tests' own process."""

from collections.abc import Callable
from pathlib import Path

import pytest

from studio.cli.app import run


class Done:
    """What a command left: exit status and streams."""

    def __init__(self, status: int, streams: tuple[str, str]) -> None:
        self.returncode = status
        self.stdout, self.stderr = streams


@pytest.fixture
def studio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Done]:
    """Runs a command in `tmp_path`; in this process, for a new one takes seconds to start."""
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: Done(run([str(each) for each in arguments]), capsys.readouterr())
