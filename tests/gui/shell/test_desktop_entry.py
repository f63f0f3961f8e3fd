"""What the desktop is told of the program."""

import configparser
import shlex
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication, QImage

from studio.__main__ import main
from studio.core import videos
from studio.core.formats import suffixes
from studio.core.formats.mime import SUFFIXES
from studio.gui import app as studio_app
from studio.gui.shell import desktop_entry
from tests.gui.conftest import Studio


def read(path: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(path, "utf-8")
    return parser["Desktop Entry"]


def test_that_the_desktop_learns_of_the_program_and_of_what_it_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = tmp_path / 'a "b" $c 50%' / "studio"
    odd.parent.mkdir()
    odd.touch()
    monkeypatch.setattr("sys.executable", str(odd.with_name("python")))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    seen = []
    for _ in range(2):
        assert main(["--install-desktop-entry"]) == 0
        data = tmp_path / "data"
        files = {path: path.read_bytes() for path in data.rglob("studio.*")}
        seen.append(files)
    assert seen[0] == seen[1]
    path = data / "applications" / "studio.desktop"
    assert capsys.readouterr().out.splitlines() == [str(path)] * 2
    entry = read(path)
    command = entry["Exec"].removesuffix(" %F").replace("%%", "%").replace("\\\\", "\\")
    assert shlex.split(command.replace("\\$", "$")) == [str(odd)]
    assert set(entry["MimeType"].strip(";").split(";")) == set(SUFFIXES)
    for field in ("Name", "GenericName", "Comment", "Keywords"):
        assert entry[field]
        assert {f"{field}[de]", f"{field}[es]"} <= set(entry)
    assert len({entry[f"Comment{each}"] for each in ("", "[de]", "[es]")}) == 3
    icons = {p.parts[-3]: p for p in files if p.parent.name == "apps"}
    assert "scalable" in icons
    for side in (16, 48, 256, 512):
        image = QImage(str(icons[f"{side}x{side}"]))
        assert (image.width(), image.height()) == (side, side)
        middle = image.pixelColor(side // 4, side // 2)
        assert middle.alpha() == 255
        assert image.pixelColor(0, 0).alpha() == 0


def test_that_the_desktop_knows_every_kind_of_file_that_is_read() -> None:
    known = frozenset[str]().union(*SUFFIXES.values())
    assert known == suffixes.READABLE | videos.READABLE


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_that_systems_without_such_entries_say_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], platform: str
) -> None:
    monkeypatch.setattr(desktop_entry.sys, "platform", platform)
    assert main(["--install-desktop-entry"]) == 2
    assert "'Open with', choose " in capsys.readouterr().err


def test_that_the_window_has_an_icon_of_its_own_in_every_size(studio: Studio) -> None:
    studio_app._show_icon()
    icon = QGuiApplication.windowIcon()
    assert {16, 32, 48, 256} <= {size.width() for size in icon.availableSizes()}
