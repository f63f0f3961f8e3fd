"""``studio generate`` and ``studio bench faces`` as a person types them."""

import json
from pathlib import Path

import pytest
from PIL import Image


@pytest.mark.usefixtures("weights_folder")
class TestGenerate:
    def test_that_the_same_seed_gives_the_same_bytes(self, studio, tmp_path: Path) -> None:
        for name, seed in (("a.png", 7), ("b.png", 7), ("c.png", 8)):
            done = studio(
                "generate", "faces/tiny", "-o", name, "--count", 6, "--columns", 3, "--seed", seed,
                "--truncation", 0.8, "--set", "age=1", "--json",
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            told = json.loads(done.stdout.splitlines()[-1])
            assert (told["output"], told["weights"]) == (name, "faces/tiny")
            assert told["size"] == [3 * 16 + 8, 2 * 16 + 6]
        a, b, c = ((tmp_path / name).read_bytes() for name in ("a.png", "b.png", "c.png"))
        assert a == b
        assert a != c
        for more, name in (((), "again.png"), (("--set", "age=-1"), "other.png")):
            done = studio("replay", "a.png", "-o", name, *more)
            assert done.returncode == 0, done.stderr
        assert (tmp_path / "again.png").read_bytes() == a
        assert (tmp_path / "other.png").read_bytes() != a
        done = studio("replay", "a.png", "b.png", "-o", "no.png")
        assert (done.returncode, "leave b.png out" in done.stderr) == (2, True)

    def test_that_seeds_become_a_film_and_latents_pictures(
        self, studio, tmp_path: Path, weights_folder: Path
    ) -> None:
        path = weights_folder / "faces" / "tiny.safetensors"
        done = studio(
            "generate", path, "--interpolate", "3,11", "--frames", 4, "-o", "morph.gif",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        with Image.open(tmp_path / "morph.gif") as film:
            assert (film.n_frames, film.size) == (4, (64, 64))
        for arguments in (
            ("--count", 2, "--set", "age=2", "-o", "kept.json"),
            ("--count", 2, "--set", "age=2", "-o", "one.png", "--strip-metadata"),
            ("--latents", "kept.json", "-o", "other.png", "--strip-metadata"),
        ):
            done = studio("generate", "faces/tiny", *arguments)
            assert done.returncode == 0, done.stderr
        assert (tmp_path / "one.png").read_bytes() == (tmp_path / "other.png").read_bytes()

    def test_that_a_folder_is_filled_and_gone_on_with(self, studio, tmp_path: Path) -> None:
        wish = ("generate", "faces/tiny", "--count", 3, "--seed", 9, "-o", "people/", "--format")
        done = studio(*wish, "jpg", "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout.splitlines()[-1])["output"] == "people/"
        files = {"latents.csv", "request.json", *(f"tiny-{n:06}.jpg" for n in (9, 10, 11))}
        assert {path.name for path in (tmp_path / "people").iterdir()} == files
        for name, more in (
            ("a.png", ("--count", 3, "--seed", 9)), ("b.png", ("--latents", "people/latents.csv")),
        ):  # fmt: skip
            done = studio("generate", "faces/tiny", "-o", name, *more, "--strip-metadata")
            assert done.returncode == 0, done.stderr
        assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
        again = studio(*wish, "jpg")
        assert again.returncode == 2
        assert "(--resume, --overwrite)" in again.stderr
        (tmp_path / "people" / "tiny-000010.jpg").unlink()
        assert studio(*wish, "jpg", "--resume").returncode == 0
        assert {path.name for path in (tmp_path / "people").iterdir()} == files

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("generate", "sketch/tiny", "-o", "x.png"), "studio apply sketch/tiny IN -o OUT"),
            (("apply", "faces/tiny", "x.png", "-o", "y.png"), "studio generate faces/tiny"),
            (("generate", "faces/tiny", "-o", "x.mp4", "--interpolate", "a,b"), "3,11,42"),
            (("generate", "faces/tiny", "-o", "x.png", "--latents", "x.json"), "no file x.json"),
            (
                ("generate", "faces/tiny", "-o", "x.png", "--latents", "people/latents.csv"),
                "no file people/latents.csv",
            ),
            (("generate", "faces/tiny", "-o", "x.png", "--resume"), "give -o FOLDER/"),
            (("generate", "faces/tiny", "-o", "x/", "--format", "txt"), "choose one of"),
        ],
    )
    def test_that_a_wrong_wish_is_one_line(
        self, studio, tmp_path: Path, arguments, said: str
    ) -> None:
        done = studio(*arguments)
        assert done.returncode == 2
        assert done.stderr.startswith("studio: error: ")
        assert len(done.stderr.splitlines()) == 1
        assert said in done.stderr
        assert {p.name for p in tmp_path.iterdir()} == {"weights"}
