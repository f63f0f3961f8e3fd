"""The recipes: what shipped, and how it is changed."""

import importlib
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from studio.core.catalogue import Catalogue, Weights
from training import faces
from training.lib.arguments import make_parser, read_configs
from training.lib.recipe import RECIPES, find_recipe

_SHIPPED = Path(__file__).parents[2] / "weights"
_NAMES = sorted(path.stem for path in RECIPES.glob("*.toml"))
Main = Callable[..., int]


@pytest.fixture
def main(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Main:
    """The script of faces as from the command line; returns the exit status."""

    def run(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["faces", "--folder", str(tmp_path / "run"), *arguments])
        try:
            faces.main()
        except SystemExit as end:
            return int(end.code or 0)
        return 0

    return run


@pytest.mark.parametrize("name", _NAMES)
def test_that_a_script_takes_its_recipes(name: str, tmp_path: Path) -> None:
    recipe = find_recipe(name)
    start = ["--start", str(_SHIPPED / "faces" / "digits.safetensors")] if recipe.start else []
    words = ["--folder", str(tmp_path / "run"), "--recipe", name, *start]
    args = make_parser("", data_required=False).parse_args(words)
    script = importlib.import_module(f"training.{recipe.script}")
    configs = read_configs(script.Config, args)
    assert configs
    steps = [config.steps for config in configs]
    assert steps == sorted(set(steps))
    assert {config.card.recipe for config in configs} == {name}


_LEARNED = [each for each in Catalogue([_SHIPPED]) if each.training["steps"]]


@pytest.mark.parametrize("weights", _LEARNED, ids=lambda each: each.id)
def test_that_what_ships_says_of_itself_what_its_recipe_says(weights: Weights) -> None:
    recipes = [find_recipe(name) for name in _NAMES]
    said = {
        (recipe.model, title): (recipe.card.licence, dict(recipe.card.data))
        for recipe in recipes
        for title in (recipe.card.title, recipe.card.title_back)
    }
    told = weights.licence, dict(weights.training["data"])
    assert said[weights.spec, weights.title] == told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('model = "faces"\n[settings]\nstepz = 3', "stepz: there is no such setting; did you mean"),
        ('model = "faces"\n[settings]\nwidth = "wide"', "width: expected `int`, got `str`"),
        ('model = "style"', "is for training/style.py"),
        ('model = "faces"\nsetting = 3', "is not as it should be"),
        ('model = "faces"\n[[segments]]\nside = 8\n[[segments]]\nsteps = 1', "has no steps"),
        ("model = ", "is no recipe"),
        ('model = "faces"\nstart = "faces/mine"', "begins from weights faces/mine; give them with"),
    ],
)
def test_that_a_recipe_that_cannot_be_is_one_line(
    main: Main, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    (tmp_path / "mine.toml").write_text(text)
    assert main("--recipe", str(tmp_path / "mine.toml")) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line
    assert not (tmp_path / "run").exists()


def test_that_an_unknown_recipe_is_told_those_that_are_known(
    main: Main, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main("--recipe", "portrait") == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "there is no recipe portrait; known: " in line
    assert "portraits" in line


def test_that_settings_lie_over_a_recipe_and_end_it_where_they_say(
    main: Main, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ACCELERATE_USE_CPU", "true")
    (tmp_path / "mine.toml").write_text(
        'model = "faces"\ntitle = "Mine"\n[settings]\nside = 8\nwidth = 32\nsubject = "digits"\n'
        "projected_weight = 0.0\nredraw_steps = 0\nredraw_weight = 0.0\nsample_minutes = 9.0\n"
        "[[segments]]\nsteps = 2\n[[segments]]\nsteps = 9\nrate = 0.01\n"
    )
    mine = ("--recipe", str(tmp_path / "mine.toml"), "--set", "width=8", "--set", "pictures=4")
    assert main(*mine, "--set", "steps=1") == 0
    assert "step 1 was the last one" in capsys.readouterr().out
    assert main(*mine, "--set", "steps=3") == 0
    told = capsys.readouterr().out
    assert "resumed at step 1" in told
    assert "step 2 was the last one" in told
    assert "step 3 was the last one" in told
    lines = (tmp_path / "run" / "history.jsonl").read_text().splitlines()
    assert ['"rate": 0.01' in line for line in lines] == [False, False, True]
    assert all('"width": 8' in line for line in lines)
