"""Makes the program known to the desktop: its menu, its icon, and *Open with* (freedesktop)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from studio.core.errors import StudioError
from studio.core.files.disk import write_error, write_whole
from studio.core.formats.mime import SUFFIXES
from studio.core.words.said import say
from studio.core.words.tongue import LANGUAGES, told_in
from studio.gui.theme.app_icon import SIZES, SVG, png

_NAME = "studio"  # as `QGuiApplication.setDesktopFileName` says, so that windows find their icon
_SPOKEN = {
    "Name": say("Studio"),
    "GenericName": say("Photo Studio"),
    "Comment": say("Make pictures with neural networks"),
    "Keywords": say("photo;picture;image;style;painting;sketch;enhance;repair;video;"),
}


def install() -> Path:
    """Writes the entry and the icons for this person; what was written before is replaced.

    Returns:
        The entry.

    Raises:
        StudioError: the system keeps no such entries, or they cannot be written.
    """
    if sys.platform in {"win32", "darwin"}:
        raise StudioError(
            "this system keeps no desktop entries",
            f"in a photo's menu 'Open with', choose {' '.join(_command())}",
        )
    home = os.environ.get("XDG_DATA_HOME", "")
    data = Path(home) if Path(home).is_absolute() else Path.home() / ".local" / "share"
    entry, icons = data / "applications" / f"{_NAME}.desktop", data / "icons" / "hicolor"
    _write(icons / "scalable" / "apps" / f"{_NAME}.svg", SVG.read_bytes())
    for side in SIZES:
        _write(icons / f"{side}x{side}" / "apps" / f"{_NAME}.png", png(side))
    _write(entry, _entry().encode())
    for refresh in (("update-desktop-database", str(entry.parent)),
                    ("gtk-update-icon-cache", "-qtf", str(icons))):  # fmt: skip
        if shutil.which(refresh[0]):  # where it is missing, the desktop looks by itself
            subprocess.run(refresh, check=False, capture_output=True)
    return entry


def _command() -> list[str]:
    """What starts this very program."""
    script = Path(sys.executable).with_name(_NAME)
    return [str(script)] if script.is_file() else [sys.executable, "-m", "studio"]


def _entry() -> str:
    command = " ".join(map(_quoted, _command()))
    fields = {
        "Type": "Application",
        "Version": "1.5",
        **_spoken(),
        "Exec": f"{command} %F",
        "Icon": _NAME,
        "Terminal": "false",
        "Categories": "Graphics;2DGraphics;Photography;",
        "StartupNotify": "true",
        "StartupWMClass": _NAME,
        "MimeType": "".join(f"{name};" for name in SUFFIXES),
    }
    lines = [f"{name}={value}" for name, value in fields.items()]
    return "\n".join(["[Desktop Entry]", *lines, ""])


def _spoken() -> dict[str, str]:
    """What people read, in each language: such as ``Comment`` and ``Comment[de]``."""
    return {
        name if language == "en" else f"{name}[{language}]": told_in(language, words)
        for name, words in _SPOKEN.items()
        for language in LANGUAGES
    }


def _quoted(argument: str) -> str:
    """An argument of ``Exec``: quoted as for a shell, and its backslashes as in every value."""
    for special in '\\"`$':
        argument = argument.replace(special, f"\\{special}")
    return '"' + argument.replace("\\", "\\\\").replace("%", "%%") + '"'


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise write_error(error, str(path)) from error
    write_whole(path, data, overwrite=True)
