"""Where the settings lie."""

import os
from pathlib import Path

from platformdirs import user_config_path


def preferences_path() -> Path:
    """The file; in the folder ``$STUDIO_CONFIG`` if that is set."""
    folder = os.environ.get("STUDIO_CONFIG")
    return (Path(folder) if folder else user_config_path("studio")) / "window.json"
