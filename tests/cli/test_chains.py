"""Several models one after the other, as a person types it."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.models import enhance, repair, tone
from tests.cli.conftest import Done
from tests.conftest import write_tiny

Studio = Callable[..., Done]


@pytest.fixture(autouse=True)
def steps(weights_folder: Path) -> None:
    """Tiny weights in the place of those that ship."""
    write_tiny(weights_folder, repair.SPEC, "repair")
    write_tiny(weights_folder, enhance.SPEC, "photo")
    write_tiny(weights_folder, tone.SPEC, "tone")


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def done(studio: Studio, *arguments: object) -> Done:
    ended = studio(*arguments)
    assert ended.returncode == 0, ended.stderr
    return ended


def test_that_a_result_goes_through_the_models_that_follow_and_is_replayed_so(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    done(studio, "apply", "style/tiny", photo, "-o", "styled.png")
    done(studio, "apply", "enhance/tone", "styled.png", "-o", "apart.png", "--set", "contrast=0")
    chain = ("style/tiny", photo, "--then", "enhance/tone,contrast=0")
    done(studio, "apply", *chain, "-o", "both.png")
    both = pixels(tmp_path / "both.png")
    assert np.abs(both - pixels(tmp_path / "apart.png")).max() <= 2  # the first was rounded
    assert np.abs(both - pixels(tmp_path / "styled.png")).max() > 2
    done(studio, "replay", "both.png", photo, "-o", "again.png")
    assert np.array_equal(both, pixels(tmp_path / "again.png"))
    larger = done(
        studio, "apply", "enhance/tone", photo, "--then", "enhance/upscale2x", "-o", "l.png",
        "--json",
    )  # fmt: skip
    told = json.loads(larger.stdout)
    assert told["size"] == [192, 128]
    assert (told["weights"], told["then"]) == ("enhance/tone", ["enhance/upscale2x"])


def test_that_each_step_has_the_settings_and_the_mask_that_stand_behind_it(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    masks: list[str] = []
    for name, place in (("left", slice(0, 48)), ("right", slice(48, 96))):
        levels = np.zeros((64, 96), np.uint8)
        levels[:, place] = 255
        Image.fromarray(levels).save(tmp_path / f"{name}.png")
        masks.append(f"mask={name}.png")
    left, right = masks
    clean = ("--set", "noise=20", "--set=jpeg=60")
    done(studio, "apply", "style/tiny", photo, "-o", "one.png", "--set", left)
    done(studio, "apply", "enhance/photo", photo, "-o", "other.png", *clean, "--set", right)
    steps = ("style/tiny", photo, "--set", left, "--then", "enhance/photo", *clean)
    done(studio, "apply", *steps, "--set", right, "-o", "both.jpg", "--quality", "100")
    both = pixels(tmp_path / "both.jpg")
    assert np.abs(both[:, :40] - pixels(tmp_path / "one.png")[:, :40]).mean() < 2
    assert np.abs(both[:, 88:] - pixels(tmp_path / "other.png")[:, 88:]).mean() < 4
    done(studio, "apply", *steps, "-o", "whole.png", "--set", "mask=", "--set", "grain=0.5")

    for mask in ("left.png", "right.png"):
        (tmp_path / mask).unlink()
    done(studio, "replay", "both.jpg", photo, "-o", "again.jpg")
    assert np.array_equal(both, pixels(tmp_path / "again.jpg"))
    everywhere = ("--set", "2:mask=", "--set", "2:grain=0.5")
    done(studio, "replay", "both.jpg", photo, "-o", "replayed.png", *everywhere)
    assert np.array_equal(pixels(tmp_path / "whole.png"), pixels(tmp_path / "replayed.png"))
    refused = studio("replay", "both.jpg", photo, "-o", "third.png", "--set", "3:mask=")
    assert refused.returncode == 2
    assert "there is no step 3" in refused.stderr


def test_that_an_old_photo_goes_through_all_its_steps_but_those_left_out(
    studio: Studio, photo: Path, tmp_path: Path
) -> None:
    old = ("apply", "old-photo", photo, "--set", "threshold=0.01", "-o")
    done(studio, *old, "all.png")
    done(studio, *old, "less.png", "--without", "clean", "--without", "tone")
    done(studio, *old, "both.png", "--without", "clean, tone")
    done(studio, "apply", "enhance/repair", photo, "-o", "one.png", "--set", "threshold=0.01")
    assert np.array_equal(pixels(tmp_path / "both.png"), pixels(tmp_path / "one.png"))
    assert np.array_equal(pixels(tmp_path / "less.png"), pixels(tmp_path / "one.png"))
    assert np.abs(pixels(tmp_path / "all.png") - pixels(tmp_path / "one.png")).mean() > 2
    idle = [word for s in ("clean:grain=1", "tone:cast=0", "3:contrast=0") for word in ("--set", s)]
    done(studio, *old, "idle.png", *idle)
    assert np.abs(pixels(tmp_path / "idle.png") - pixels(tmp_path / "one.png")).max() <= 1
    toned = ("old-photo", photo, "--without", "repair", "--set", "tone:cast=0", "-o", "toned.png")
    done(studio, "apply", *toned)
    refused = studio(*old, "no.png", "--set", "grain=0.5")
    assert refused.returncode == 2
    assert "step 1 has no control 'grain'" in refused.stderr
    assert "--set 2:grain=0.5" in refused.stderr
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "a.png").write_bytes(photo.read_bytes())
    done(studio, "batch", "old-photo", folder, "-o", "out", *old[3:5])
    assert np.array_equal(pixels(tmp_path / "out" / "a.png"), pixels(tmp_path / "all.png"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("old-photo", "--without", "dust"), "there is no step 'dust'"),
        (("old-photo", "--without", "clean,dust"), "there is no step 'dust'"),
        (("style/tiny", "--without", "clean"), "there is no step 'clean'"),
        (("oldphoto",), "known: old-photo, "),
        (("old-photo", "--set", "4:grain=0.2"), "there is no step 4"),
        (("old-photo", "--set", "wash:grain=1"), "no step 'wash'; known: repair, clean, tone"),
        (
            ("old-photo", *(w for s in ("repair", "clean", "tone") for w in ("--without", s))),
            "left",
        ),
        (("style/tiny", "--then", "enhance/none"), "there are no weights 'enhance/none'"),
        (("style/tiny", "--then", "enhance/tone,cast=2"), "cast cannot be 2"),
        (("style/tiny", "--then", "faces/tiny"), "generates pictures"),
    ],
)
def test_that_what_cannot_follow_is_refused_in_words(
    studio: Studio, photo: Path, tmp_path: Path, given: tuple[str, ...], said: str
) -> None:
    weights, *more = given
    ended = studio("apply", weights, photo, *more, "-o", "out.png")
    assert ended.returncode == 2
    assert said in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
    assert not (tmp_path / "out.png").exists()
