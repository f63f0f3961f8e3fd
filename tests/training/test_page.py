"""The page "Train your own", as a newcomer follows it: its very lines, with few steps."""

import importlib
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from studio.cli.app import run as studio
from studio.core.catalogue import Catalogue
from studio.core.controls import Choice
from studio.quality import subjects
from tests.conftest import draw_photo, few_digits
from training.data import paintings

_PAGE = Path(__file__).parents[2] / "docs" / "training.md"
_FEW = {
    "training.faces": "--set steps=2 --set width=8 --set sample_minutes=0",
    "training.export faces": "--count 40",
    "training.translate": "--set steps=1 --set filters=4 --set blocks=1 --set stages=[[9,32,1]]"
    " --set identities=1 --set projected_side=64 --set width_of_patch=8",
    "training.export style": "--photos 1",
    "training.style": "--set steps=1 --set side=64 --set window=32",
    "training.sketch": "--set steps=1 --set side=64 --set width=8 --set pairs=1 --set doodles=1",
}
Follow = Callable[[str], None]


@pytest.fixture
def follow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Follow:
    """Does the lines below a heading of the page, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ACCELERATE_USE_CPU", "true")
    monkeypatch.setenv("STUDIO_WEIGHTS", str(tmp_path / "own"))

    def lines_below(heading: str) -> None:
        below = _PAGE.read_text(encoding="utf-8").partition(f"# {heading}\n")[2]
        block = re.search(r"```\n(.*?)```", below, re.DOTALL)
        assert block
        for line in block[1].splitlines():
            program, *words = shlex.split(line)
            if program == "studio":
                assert studio(words) == 0, line
            elif program == "python":
                module = words[1]
                what = " ".join(words[1:3]) if module == "training.export" else module
                arguments = [*words[2:], *_FEW.get(what, "").split()]
                monkeypatch.setattr("sys.argv", [module, *arguments])
                door = ".__main__" if module == "training.export" else ""
                importlib.import_module(f"{module}{door}").main()

    return lines_below


def draw_photos(folder: Path, first: int, count: int = 14) -> None:
    folder.mkdir(parents=True)
    for number in range(1, count + 1):
        Image.fromarray(draw_photo(96, 96, first + number)).save(folder / f"{number:02}.jpg")


def test_that_the_first_four_lines_lead_from_nothing_to_generated_digits(
    follow: Follow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(subjects.SUBJECTS, "digits", few_digits)
    follow("Train your own")
    with Image.open(tmp_path / "digits.png") as sheet:
        assert sheet.width >= 5 * 8
    weights = Catalogue().find("faces/my-digits")
    assert weights.path.is_relative_to(tmp_path / "own")
    assert weights.training["steps"] == 2


def test_that_a_folder_of_pictures_becomes_weights_that_make_more_of_them(
    follow: Follow, tmp_path: Path
) -> None:
    draw_photos(tmp_path / "pictures", 0)
    follow("Pictures of one kind")
    with Image.open(tmp_path / "more.png") as sheet:
        assert sheet.width >= 5 * 64
    weights = Catalogue().find("faces/more")
    assert "parliament" not in weights.licence
    assert not weights.training["data"]
    assert "unlike_eyes" not in weights.metrics


def test_that_two_folders_of_photos_become_listed_weights(
    follow: Follow, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draw_photos(tmp_path / "photos", 0)
    draw_photos(tmp_path / "paintings", 50)
    follow("Two folders of photos")
    with Image.open(tmp_path / "changed.png") as picture:
        assert picture.size == (96, 96)
    capsys.readouterr()
    assert studio(["models"]) == 0
    listed = capsys.readouterr().out
    for name in ("translate/photo2mine", "translate/mine2photo"):
        assert name in listed
        weights = Catalogue().find(name)
        assert "Monet" not in weights.title + weights.licence
        assert not weights.training["data"]
        with Image.open(weights.preview) as preview:
            assert preview.size == (256, 256)


@pytest.mark.parametrize("count", [2, 1])
def test_that_paintings_of_any_names_become_styles_that_begin_as_the_gallery(
    follow: Follow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    monkeypatch.setattr(paintings, "PAINTING_SIDE", 128)
    (tmp_path / "weights").symlink_to(_PAGE.parents[1] / "weights")
    draw_photos(tmp_path / "photos", 0)
    draw_photos(tmp_path / "my-paintings", 50, count)
    first = tmp_path / "my-paintings" / "01.jpg"
    first.rename(first.with_name("My aunt, painting: 1.JPG"))
    follow("Paintings of yours")
    with (
        Image.open(tmp_path / "painted.png") as painted,
        Image.open(tmp_path / "photos" / "01.jpg") as photo,
    ):
        assert painted.size == photo.size
        assert painted.tobytes() != photo.tobytes()
    (choice,) = [c for c in Catalogue().find("style/my-gallery").controls if c.name == "style"]
    assert isinstance(choice, Choice)
    titles = {option.id: option.title for option in choice.options}
    assert len(titles) == count
    assert titles["my-aunt-painting-1"] == "My aunt, painting: 1"


def test_that_photos_alone_become_weights_that_draw(follow: Follow, tmp_path: Path) -> None:
    draw_photos(tmp_path / "my-photos", 0)
    first = tmp_path / "my-photos" / "01.jpg"
    first.rename(first.with_name("My dog, 1 (left).JPEG"))
    Image.fromarray(draw_photo(64, 64)).save(tmp_path / "doodle.png")
    follow("Photos alone")
    with Image.open(tmp_path / "dog.png") as picture:
        assert picture.size == (64, 64)
    weights = Catalogue().find("sketch/dogs")
    assert "cats" not in weights.title + weights.licence
    assert "cats" not in weights.metrics
    assert weights.metrics["lines"] >= 0


def test_that_drawings_of_any_names_and_their_photos_become_weights(
    follow: Follow, tmp_path: Path
) -> None:
    draw_photos(tmp_path / "my-pairs" / "photos", 0)
    drawings = tmp_path / "my-pairs" / "drawings"
    drawings.mkdir()
    for number, photo in enumerate(sorted((tmp_path / "my-pairs" / "photos").iterdir())):
        name = f"shoe, {number} (left)"
        with Image.open(photo) as picture:  # wider than high, on nothing, as a program saves it
            grey = picture.convert("L").resize((140, 90))
        ink = Image.new("RGBA", grey.size, (0, 0, 0, 0))
        ink.paste((0, 0, 0, 255), mask=grey.point(lambda level: 255 if level < 90 else 0))
        ink.save(drawings / f"{name}.png")
        photo.rename(photo.with_name(f"{name}.jpg"))
    Image.fromarray(draw_photo(64, 64)).save(tmp_path / "doodle.png")
    follow("Drawings and their photos")
    assert (tmp_path / "shoe.png").exists()
    assert "cats" not in Catalogue().find("sketch/shoes").metrics
