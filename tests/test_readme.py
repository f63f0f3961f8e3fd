"""The commands of the README, as a newcomer types them: in order, in one folder, on small files."""

import re
import shlex
from contextlib import ExitStack
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image

from studio.cli.app import run as studio
from tests.clips import write_clip
from tests.conftest import draw_photo

_README = Path(__file__).parents[1] / "README.md"
_MEASURING = "## Measure"  # takes minutes, and is no step on a newcomer's way
_PHOTOS = (
    "photo.jpg", "photo.heic", "other.jpg", "old.jpg", "small.png", "doodle.png", "parts.png",
    "horse.jpg", "photos/1.jpg", "photos/sub/2.png", "scan.jpg", "date.png", "scans/1.jpg",
)  # fmt: skip
_CLIPS = ("clip.mp4", "old.mov")


def commands() -> list[str]:
    """Those of the program, without what the page says of them to the right."""
    text = _README.read_text(encoding="utf-8").partition(_MEASURING)[0]
    blocks = re.findall(r"^```\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    lines = [line.partition("    ")[0] for block in blocks for line in block.splitlines()]
    typed = [part.strip() for line in lines for part in line.split("&&")]
    return [command for command in typed if command.startswith("studio")]


def draw_files(folder: Path) -> None:
    """The files of one's own that the page takes for granted."""
    for number, name in enumerate(_PHOTOS):
        image = Image.fromarray(draw_photo(80, 60, number))
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".heic"):
            pillow_heif.from_pillow(image).save(folder / name)
        else:
            image.save(folder / name)
    for name in _CLIPS:
        write_clip(folder / name, times=(0, 3000, 6000), sound=True)


def type_in(command: str, monkeypatch: pytest.MonkeyPatch) -> int:
    """Does what a shell does with a command: names by patterns, ``<`` and ``>``."""
    _, *words = shlex.split(command.replace("--count 10000", "--count 100"))  # which takes minutes
    with ExitStack() as closing, monkeypatch.context() as patch:
        for sign, stream, mode in (("<", "sys.stdin", "r"), (">", "sys.stdout", "w")):
            if sign in words:
                place = words.index(sign)
                file = closing.enter_context(Path(words[place + 1]).open(mode))
                patch.setattr(stream, file)
                del words[place : place + 2]
        found = [sorted(map(str, Path().glob(word))) if "*" in word else [word] for word in words]
        return studio([word for several in found for word in several])


def test_that_every_command_of_the_readme_does_what_it_says_in_the_order_of_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STUDIO_WEIGHTS", str(tmp_path / "own"))
    draw_files(tmp_path)
    typed = commands()
    assert len(typed) > 20
    for command in typed:
        status = type_in(command, monkeypatch)
        assert (status, capsys.readouterr().err) == (0, ""), command
    named = {word for command in typed for word in re.findall(r"-o (\S+)|> (\S+)", command)}
    for output in {name for pair in named for name in pair} - {"-", ""}:
        assert (tmp_path / output).exists(), output
