"""Files that a person got from somewhere: records, weights, latents; odd ones are one line."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from studio.core.picture import Picture
from studio.core.picture_files import save_picture
from studio.core.requests import Apply, to_json
from studio.models._spec import all_specs
from tests.conftest import tiny_id

DEEP = "[" * 100_000
TINY = {tiny_id(model) for model in all_specs()}


@pytest.fixture(autouse=True)
def _weights(weights_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The tiny weights, and no others."""
    monkeypatch.setattr("studio.core.catalogue.weights_folders", lambda: [weights_folder])


def is_one_line(done: Any) -> str:
    """Asserts that a command was refused in words; returns them."""
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert done.stderr.startswith("studio: error: ")
    assert len(done.stderr.splitlines()) == 1
    assert "the studio failed" not in done.stderr
    return done.stderr


def changed(source: Path, target: Path, **header: str) -> Path:
    """A copy of weights with other values in its header."""
    with safe_open(source, "np") as file:
        metadata = file.metadata()
    target.parent.mkdir(exist_ok=True)
    new = {f"studio.{key}": value for key, value in header.items()}
    save_file(load_file(source), target, metadata | new)
    return target


@pytest.mark.parametrize(
    "change",
    [
        {"settings": 5}, {"settings": {"strength": [1]}}, {"seed": -1}, {"seed": "one"},
        {"save": 5}, {"save": {"quality": 500}}, {"region": [1, 2]}, {"preview_side": 0},
        {"request": "Dream"}, {"request": None}, {"weights": None}, {"pages": "some"},
        {"mood": "all"}, {"save": {"sparkle": True}}, {"source": {"a": 1}}, {"seconds": "now"},
    ],
)  # fmt: skip
def test_that_a_record_with_a_value_out_of_place_is_refused_in_words(
    studio, photo: Path, tmp_path: Path, change: dict[str, object]
) -> None:
    record = json.loads(to_json(Apply("style/tiny", "a.png"))) | change
    picture = Picture(np.zeros((8, 8, 3), np.float32))
    save_picture(picture, tmp_path / "made.png", request_json=json.dumps(record))
    said = is_one_line(studio("replay", "made.png", photo, "-o", "out.png"))
    assert "made.png" in said or "weights" in said
    assert not (tmp_path / "out.png").exists()


@pytest.mark.parametrize("name", ["made.png", "made.jpg"])
@pytest.mark.parametrize("text", [DEEP, '{"request": "Apply", "settings": ' + DEEP, "{", "5"])
def test_that_a_record_that_is_no_request_is_refused_in_words(
    studio, photo: Path, tmp_path: Path, name: str, text: str
) -> None:
    picture = Picture(np.zeros((8, 8, 3), np.float32))
    text = text if name == "made.png" else text[:50_000]  # a JPEG's block holds no more
    save_picture(picture, tmp_path / name, request_json=text)
    assert "damaged or cut short" not in is_one_line(studio("replay", name, photo, "-o", "o.png"))


HEADERS = [
    {"controls": '["a"]'}, {"controls": DEEP}, {"controls": "5"}, {"controls": '[{"kind": "x"}]'},
    {"controls": '[{"kind": "slider", "name": "a", "label": "", "help": "", "minimum": 1,'
                 ' "maximum": 0, "default": 0}]'},
    {"controls": '[{"kind": "choice", "name": "style", "label": "", "help": "", "options": [],'
                 ' "default": ""}]'},
    {"hyperparameters": DEEP}, {"hyperparameters": "[]"}, {"training": "7"}, {"metrics": DEEP},
    {"training": '{"steps": "many"}'}, {"training": '{"history": ["old"]}'},
    {"scale": "null"}, {"scale": "0"}, {"scale": '"2"'},
    {"latent": "-1"}, {"latent": "1e9"}, {"local": '"yes"'}, {"model": "../style"},
    {"title": "\x1b[2J"},
    {"hyperparameters": '{"palette": [{"name": "a", "colour": "red"}]}'},
    {"hyperparameters": '{"side": -4}'},
]  # fmt: skip


@pytest.mark.parametrize("header", HEADERS)
def test_that_a_damaged_header_hides_itself_only_and_is_named(
    studio, photo: Path, tmp_path: Path, weights_folder: Path, header: dict[str, str]
) -> None:
    source = weights_folder / "style" / "tiny.safetensors"
    path = changed(source, weights_folder / "style" / "odd.safetensors", **header)
    done = studio("models")
    assert done.returncode == 0, done.stderr
    assert all(id_ in done.stdout for id_ in TINY)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("not usable: ")]
    assert str(path) in line
    listed = studio("models", "--json")
    assert {each["id"] for each in json.loads(listed.stdout)} == TINY
    assert str(path) in listed.stderr
    for wanted in ("style/odd", path):
        said = is_one_line(studio("apply", wanted, photo, "-o", "out.png"))
        assert "does not fit" in said
    assert studio("apply", "style/tiny", photo, "-o", "out.png").returncode == 0


def _pipe(path: Path) -> None:
    os.mkfifo(path)


ODD_FILES: list[Callable[[Path], object]] = [
    Path.mkdir,
    Path.touch,
    lambda path: path.write_bytes(b"\xff" * 8),
    lambda path: path.write_bytes(b"\x10" + bytes(7) + b"{" * 16),
    lambda path: path.write_bytes((100_000).to_bytes(8, "little") + b"[" * 100_000),
    lambda path: path.symlink_to(path.name),
    lambda path: path.write_bytes((path.parent / "tiny.safetensors").read_bytes()[:-9]),
    *([_pipe] if hasattr(os, "mkfifo") else []),
]


@pytest.mark.parametrize("make", ODD_FILES)
def test_that_what_is_no_weights_file_hides_itself_only_and_is_named(
    studio, weights_folder: Path, photo: Path, make: Callable[[Path], object]
) -> None:
    path = weights_folder / "style" / "odd.safetensors"
    make(path)
    done = studio("models")
    assert done.returncode == 0, done.stderr
    assert all(id_ in done.stdout for id_ in TINY)
    assert done.stdout.count("not usable: ") == 1
    assert str(path) in done.stdout
    is_one_line(studio("apply", path, photo, "-o", "out.png"))


MISFITS: list[tuple[str, dict[str, Any]]] = [
    ("style", {"blocks": 10_000_000}), ("style", {"blocks": -1}), ("style", {"blocks": "2"}),
    ("style", {"blocks": None}), ("style", {"width": 1 << 40}), ("style", {"stem": 0}),
    ("style", {"styles": []}), ("style", {"styles": 3}), ("style", {"styles": [{"id": "a"}]}),
    ("style", {"wings": 2}), ("style", {"styles": [{"id": "dots", "title": ""}] * 2}),
    ("enhance", {"widths": [8]}), ("enhance", {"widths": [8, 8, 8, 8], "blocks": [1, 1, 1, 1]}),
    ("enhance", {"blocks": [1, 1, 10_000_000]}), ("enhance", {"scale": 3}),
    ("enhance", {"scale": 2}), ("enhance", {"estimator": 1.5}),
    ("translate", {"filters": -4}), ("translate", {"blocks": 10_000_000}),
    ("translate", {"filters": [4]}),
    ("sketch", {"side": 65}), ("sketch", {"width": 0}), ("sketch", {"code": -1}),
    ("sketch", {"width": True}),
    ("faces", {"side": 24}), ("faces", {"channels": 2}), ("faces", {"latent": 0}),
    ("faces", {"directions": ["a", "a"]}), ("faces", {"directions": ["a"] * 9000}),
    ("faces", {"width": 1 << 20}), ("faces", {"side": 1 << 40}),
]  # fmt: skip


@pytest.mark.parametrize(("model", "hyper"), MISFITS)
def test_that_hyperparameters_out_of_place_are_said_not_to_fit(
    studio, photo: Path, weights_folder: Path, model: str, hyper: dict[str, Any]
) -> None:
    source = weights_folder / model / "tiny.safetensors"
    with safe_open(source, "np") as file:
        known = json.loads(file.metadata()["studio.hyperparameters"])
    path = changed(source, source, hyperparameters=json.dumps(known | hyper))
    inputs = () if model == "faces" else (photo,)
    command = "generate" if model == "faces" else "apply"
    said = is_one_line(studio(command, path, *inputs, "-o", "out.png"))
    assert "does not fit" in said
    assert str(path) in said


@pytest.mark.parametrize(
    ("model", "header"),
    [
        ("style", {"scale": "3"}), ("style", {"latent": "20"}), ("faces", {"latent": "0"}),
        ("faces", {"latent": "21"}), ("enhance", {"scale": "2"}), ("enhance", {"controls": "[]"}),
        ("style", {"controls": '[{"kind": "mask", "name": "mask", "label": "", "help": ""}]'}),
    ],
)  # fmt: skip
def test_that_a_header_that_promises_what_the_model_is_not_is_refused(
    studio, photo: Path, weights_folder: Path, model: str, header: dict[str, str]
) -> None:
    source = weights_folder / model / "tiny.safetensors"
    path = changed(source, source, **header)
    for command in (("apply", path, photo), ("generate", path)):
        said = is_one_line(studio(*command, "-o", "out.png"))
        assert "does not fit" in said or "generate" in said


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
@pytest.mark.parametrize("model", ["enhance", "faces", "sketch", "style", "translate"])
def test_that_tensors_with_values_that_are_no_numbers_are_refused(
    studio, photo: Path, weights_folder: Path, model: str, value: float
) -> None:
    path = weights_folder / model / "tiny.safetensors"
    with safe_open(path, "np") as file:
        metadata = file.metadata()
    tensors = load_file(path)
    tensors[max(tensors)] = torch.full_like(tensors[max(tensors)], value)
    if not any(bool(tensor.isnan().any() | tensor.isinf().any()) for tensor in tensors.values()):
        name = next(n for n, t in tensors.items() if t.is_floating_point())
        tensors[name] = torch.full_like(tensors[name], value)
    save_file(tensors, path, metadata)
    command = ("generate", path) if model == "faces" else ("apply", path, photo)
    assert "no numbers" in is_one_line(studio(*command, "-o", "out.png"))


def test_that_models_are_listed_whole_in_a_pipe_with_markup_as_it_is(
    tmp_path: Path, weights_folder: Path
) -> None:
    name = "x" * 120
    source = weights_folder / "style" / "tiny.safetensors"
    changed(
        source, source.with_name(f"{name}.safetensors"), title="[red]Ti[/bold]tle",
        licence="see [link=https://a.b]there[/link]",
    )  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "studio", "models"], cwd=tmp_path, capture_output=True, text=True,
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert any(line.startswith(f"style/{name}  [red]Ti[/bold]tle") for line in lines)
    assert "  see [link=https://a.b]there[/link]" in lines
    strengths = [line for line in lines if "How much of the painting" in line]
    assert strengths
    assert all("0 to 1" in line for line in strengths)
    assert any("auto, or 0 to 75" in line for line in lines)
    assert any("yes or no" in line for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        DEEP, '{"weights": "faces/tiny", "settings": {}, "latents": ' + DEEP,
        '{"weights": "faces/tiny", "settings": {}, "latents": [["a"]]}',
        '{"weights": "faces/tiny", "settings": {}, "latents": [[NaN]]}',
        '{"weights": "faces/tiny", "settings": {"age": [1]}, "latents": [[1.0]]}',
        '{"weights": 5, "settings": {}, "latents": [[1.0]]}',
        '{"weights": "faces/tiny", "settings": 5, "latents": [[1.0]]}',
    ],
)  # fmt: skip
def test_that_latents_out_of_place_are_refused_in_words(studio, tmp_path: Path, text: str) -> None:
    (tmp_path / "kept.json").write_text(text)
    said = is_one_line(studio("generate", "faces/tiny", "--latents", "kept.json", "-o", "x.png"))
    assert "kept.json holds no latents: it " in said


def test_that_latents_of_other_weights_are_refused(
    studio, tmp_path: Path, weights_folder: Path
) -> None:
    source = weights_folder / "faces" / "tiny.safetensors"
    changed(source, source.with_name("other.safetensors"))
    assert studio("generate", "faces/tiny", "-o", "kept.json", "--count", 2).returncode == 0
    said = is_one_line(studio("generate", "faces/other", "--latents", "kept.json", "-o", "x.png"))
    assert "of faces/tiny, not of faces/other" in said
