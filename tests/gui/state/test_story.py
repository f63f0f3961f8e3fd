"""The state of the window works where there is nothing to show it with."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import skimage.data
from PIL import Image

from tests.gui.paper_weights import FACES_CONTROLS, write_header

if TYPE_CHECKING:
    from pathlib import Path

_WITHOUT_WIDGETS = """
import sys
class NoWidgets:
    def find_spec(self, name, path=None, target=None):
        if name.startswith("PySide6.QtWidgets"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, NoWidgets())
import importlib, pkgutil
import studio.gui.state
for module in pkgutil.walk_packages(studio.gui.state.__path__, "studio.gui.state."):
    importlib.import_module(module.name)
from tests.gui.story import main
main()
"""


def test_that_photos_folders_and_faces_are_worked_with_and_kept_without_a_widget(
    weights: Path, tmp_path: Path
) -> None:
    write_header(weights / "faces" / "any.safetensors", "Any", FACES_CONTROLS, latent=4)
    Image.fromarray(skimage.data.chelsea()).save(tmp_path / "a.png")
    Image.fromarray(skimage.data.coffee()).save(tmp_path / "b.png")
    told = subprocess.run(
        [sys.executable, "-c", _WITHOUT_WIDGETS, str(weights.parent)],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert (told.returncode, told.stdout) == (0, "[]\n"), told.stderr
