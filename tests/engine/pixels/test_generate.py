"""Pictures of seeds, through the door that both fronts use: grids, films, latents, previews."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from studio.core import latents as core
from studio.core.events import TERMINAL, Cancelled, Event, Failed, Finished, Previewed, Progressed
from studio.core.picture_files import read_request
from studio.core.requests import Apply, Generate, from_json, to_json
from studio.models._spec import find_spec
from tests.conftest import write_tiny
from tests.engine.conftest import Front

SIDE = 16
FACES = Generate("faces/tiny", padding=0)
DOODLE = Apply("sketch/tiny", "")


def a_doodle(folder: Path) -> Path:
    path = folder / "doodle.png"
    pixels = np.full((128, 128), 255, np.uint8)
    pixels[20:110, 20:110] = 0
    Image.fromarray(pixels).save(path)
    return path


def grid(front: Front, request: Generate) -> np.ndarray:
    events = front.run(request)
    assert isinstance(events[-1], Finished), events[-1]
    return next(e for e in events if isinstance(e, Previewed)).pixels[..., :3]


def fails(front: Front, request: Generate | Apply) -> Failed:
    event = front.run(request)[-1]
    assert isinstance(event, Failed)
    return event


def test_that_each_picture_of_a_grid_has_a_seed_of_its_own(front: Front) -> None:
    sheet = grid(front, replace(FACES, count=6, seed=3, columns=3))
    assert sheet.shape == (2 * SIDE, 3 * SIDE, 3)
    alone = grid(front, replace(FACES, seed=7))
    assert np.abs(sheet[SIDE:, SIDE : 2 * SIDE].astype(int) - alone).max() <= 1
    chosen = grid(front, replace(FACES, seeds=(7, 3), columns=2))
    assert np.abs(chosen[:, :SIDE].astype(int) - alone).max() <= 1
    assert np.array_equal(sheet, grid(front, replace(FACES, count=6, seed=3, columns=3)))


def test_that_latents_go_before_seeds_and_can_be_mixed(front: Front) -> None:
    both = core.draw((3, 7), 20)
    mixed = core.mix(both, (1, 0))
    request = replace(FACES, latents=(tuple(map(float, mixed)),), seed=99)
    assert np.array_equal(grid(front, request), grid(front, replace(FACES, seed=3)))
    half = core.mix(both, (2, 2))
    lengths = np.linalg.norm(both, axis=1)
    assert np.linalg.norm(half) == pytest.approx(lengths.mean(), rel=1e-4)


def test_that_sliders_move_a_face_and_no_truncation_leaves_one(front: Front) -> None:
    plain = grid(front, replace(FACES, count=4))
    moved = grid(front, replace(FACES, count=4, settings={"age": 3}))
    assert not np.array_equal(plain, moved)
    same = grid(front, replace(FACES, count=2, columns=2, settings={"truncation": 0}))
    assert np.array_equal(same[:, :SIDE], same[:, SIDE:])


def test_that_a_grid_is_saved_with_what_made_it(front: Front, tmp_path: Path) -> None:
    output = tmp_path / "grid.png"
    request = replace(FACES, output=str(output), count=4, padding=2, zoom=2)
    finished = front.run(request)[-1]
    assert isinstance(finished, Finished)
    assert finished.size == (2 * 2 * SIDE + 6, 2 * 2 * SIDE + 6)
    first = output.read_bytes()
    recorded = from_json(read_request(output) or "")
    assert isinstance(recorded, Generate)
    assert recorded.output == ""
    assert recorded.settings == {"truncation": 1.0, "age": 0.0, "hair-length": 0.0}
    assert "exists" in fails(front, request).message
    front.run(replace(request, save=replace(request.save, overwrite=True)))
    assert output.read_bytes() == first


def test_that_pictures_are_enlarged_by_other_weights(
    front: Front, weights_folder: Path, tmp_path: Path
) -> None:
    write_tiny(weights_folder, find_spec("enhance"), "tiny2x", scale=2)
    output = tmp_path / "large.png"
    large = replace(FACES, count=4, upscaler="enhance/tiny2x")
    sheet = grid(front, large)
    assert sheet.shape == (4 * SIDE, 4 * SIDE, 3)
    assert isinstance(front.run(replace(large, output=str(output)))[-1], Finished)
    recorded = from_json(read_request(output) or "")
    assert isinstance(recorded, Generate)
    assert recorded.upscaler == "enhance/tiny2x"
    assert len(recorded.upscaler_sha256) == 64
    assert np.array_equal(sheet, grid(front, replace(recorded, output="")))
    twice = grid(front, replace(large, count=1, upscales=2))
    assert twice.shape == (4 * SIDE, 4 * SIDE, 3)
    drawn = replace(DOODLE, source=str(a_doodle(tmp_path)), upscaler="enhance/tiny2x", upscales=2)
    preview = next(e for e in front.run(drawn) if isinstance(e, Previewed))
    assert preview.pixels.shape == (4 * 64, 4 * 64, 4)
    saved = replace(drawn, output=str(tmp_path / "drawn.png"))
    assert isinstance(front.run(saved)[-1], Finished)
    with Image.open(saved.output) as image:
        assert np.abs(np.asarray(image).astype(int) - preview.pixels[..., :3]).mean() < 2
    again = from_json(read_request(tmp_path / "drawn.png") or "")
    assert isinstance(again, Apply)
    assert (again.upscaler, again.upscales) == ("enhance/tiny2x", 2)
    assert len(again.upscaler_sha256) == 64
    assert "generates" in fails(front, replace(FACES, upscaler="faces/tiny")).message
    assert "other weights" in fails(front, replace(large, upscaler_sha256="0" * 64)).hint


def test_that_a_preview_does_not_wait_for_a_film(front: Front, photo: Path, tmp_path: Path) -> None:
    alone, beside = tmp_path / "alone.gif", tmp_path / "beside.gif"
    film = replace(FACES, output=str(alone), seeds=(3, 11), frames=200)
    front.run(film)
    previews: list[int] = []

    def look(event: Event) -> None:
        if isinstance(event, Progressed) and not previews:
            looked_at = (replace(FACES, count=3), Apply("style/tiny", str(photo)))
            previews.extend(front.submit(request).id for request in looked_at)

    front.at = look
    saving = front.submit(replace(film, output=str(beside)))
    ends = [front.until(TERMINAL)[-1] for _ in range(3)]
    assert [end.job for end in ends] == [*previews, saving.id]
    assert all(isinstance(end, Finished) for end in ends)
    assert alone.read_bytes() == beside.read_bytes()


@pytest.mark.parametrize("suffix", [".mp4", ".gif", ".webp"])
def test_that_a_film_leads_from_face_to_face(front: Front, tmp_path: Path, suffix: str) -> None:
    output = tmp_path / f"morph{suffix}"
    request = replace(FACES, output=str(output), seeds=(3, 11, 42), frames=9, fps=10, zoom=2)
    finished = front.run(request)[-1]
    assert isinstance(finished, Finished), finished
    assert finished.size == (2 * SIDE, 2 * SIDE)
    first = output.read_bytes()
    front.run(replace(request, save=replace(request.save, overwrite=True)))
    assert output.read_bytes() == first
    if suffix == ".mp4":
        with av.open(str(output)) as film:
            frames = [f.to_ndarray(format="rgb24") for f in film.decode(video=0)]
            assert film.streams.video[0].average_rate == 10
    else:
        with Image.open(output) as film:
            frames = [film.seek(n) or np.asarray(film.convert("RGB")) for n in range(9)]
    assert len(frames) == 9
    sheet = grid(front, replace(FACES, seeds=(3, 11, 42), zoom=2, columns=3))
    stops = [sheet[:, 2 * SIDE * n : 2 * SIDE * (n + 1)].astype(int) for n in range(3)]
    for number, frame in enumerate((frames[0], frames[4], frames[8])):
        away = [np.abs(stop - frame).mean() for stop in stops]
        assert np.argmin(away) == number  # a film's colours are not the very same


def test_that_a_loop_comes_back_and_never_leaves_the_sphere() -> None:
    stops = core.draw((1, 2, 3), 50)
    way = core.walk(stops, 12, loop=True)
    assert way.shape == (12, 50)
    assert np.allclose(way[[0, 4, 8]], stops, atol=1e-4)
    lengths = np.linalg.norm(way, axis=1)
    shortest, longest = np.sort(np.linalg.norm(stops, axis=1))[[0, -1]]
    assert lengths.min() > 0.85 * shortest
    assert lengths.max() < 1.15 * longest
    assert np.linalg.norm(way[11] - way[0]) < 1.2 * np.linalg.norm(way[1] - way[0])


def test_that_latents_are_kept_and_open_again(front: Front, tmp_path: Path) -> None:
    output = tmp_path / "pinned.json"
    request = replace(FACES, output=str(output), seeds=(5, 9), settings={"age": -1})
    assert isinstance(front.run(request)[-1], Finished)
    kept = core.read_latents(output)
    assert kept.weights == "faces/tiny"
    assert kept.settings["age"] == -1
    again = replace(FACES, latents=kept.latents, settings=kept.settings)
    assert np.array_equal(grid(front, again), grid(front, replace(request, output="")))


def test_that_a_folder_is_filled_and_gone_on_with_after_a_stop(
    front: Front, tmp_path: Path
) -> None:
    folder = tmp_path / "people"
    request = replace(
        FACES, output=f"{folder}/", count=150, seed=7, single=True, settings={"age": 1}
    )

    front.at = lambda e: front.engine.cancel(e.job) if isinstance(e, Progressed) else None
    assert isinstance(front.run(request)[-1], Cancelled)
    front.at = lambda _: None
    assert not list(folder.glob(".*")), "no half file"
    assert fails(front, request).options == ("--resume", "--overwrite")
    assert isinstance(front.run(replace(request, resume=True))[-1], Finished)
    with (folder / "latents.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["file"] for row in rows[:2]] == ["tiny-000007.png", "tiny-000008.png"]
    numbers = [[float(row[f"z{n}"]) for n in range(20)] for row in rows]
    assert np.array_equal(np.asarray(numbers, np.float32), core.draw(range(7, 157), 20))
    (folder / "tiny-000150.png").unlink()
    done = {path: path.stat().st_mtime_ns for path in folder.glob("tiny-*.png")}
    assert len(done) == 149
    other = replace(request, resume=True, settings={"age": 2})
    assert "other weights, seeds or settings" in fails(front, other).message
    more = replace(request, resume=True, count=152)
    assert isinstance(front.run(more)[-1], Finished)
    assert {path.name for path in folder.iterdir()} == {
        "latents.csv", "request.json", *(f"tiny-{n:06}.png" for n in range(7, 159))
    }  # fmt: skip
    assert all(path.stat().st_mtime_ns == at for path, at in done.items()), "not made again"
    fewer = fails(front, replace(more, count=9))
    assert "152 pictures were begun" in fewer.message
    alone = from_json(read_request(folder / "tiny-000009.png") or "")
    assert isinstance(alone, Generate)
    with Image.open(folder / "tiny-000009.png") as image:
        assert np.abs(np.asarray(image).astype(int) - grid(front, alone)).max() <= 1
    (folder / "tiny-000001.png").write_bytes(b"somebody's own")
    anew = replace(request, count=2, file_format="jpg", save=replace(request.save, overwrite=True))
    assert isinstance(front.run(anew)[-1], Finished)
    left = {path.name for path in folder.iterdir()} - {"latents.csv", "request.json"}
    assert left == {"tiny-000001.png", "tiny-000007.jpg", "tiny-000008.jpg"}, "no mixed sets"
    assert "choose one of" in fails(front, replace(anew, file_format="txt")).hint


def test_that_latents_fill_a_folder_too_but_never_take_a_name(front: Front, tmp_path: Path) -> None:
    rows = tuple(tuple(map(float, row)) for row in core.draw((3, 7), 20))
    request = replace(FACES, output=str(tmp_path / "two"), latents=rows, single=True)
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "tiny-000002.png").write_bytes(b"mine")
    assert "tiny-000002.png exists already" in fails(front, request).message
    (tmp_path / "two" / "tiny-000002.png").unlink()
    assert isinstance(front.run(request)[-1], Finished)
    with Image.open(tmp_path / "two" / "tiny-000002.png") as image:
        seven = grid(front, replace(FACES, seed=7))
        assert np.abs(np.asarray(image).astype(int) - seven).max() <= 1


def test_that_a_cancelled_film_leaves_nothing(front: Front, tmp_path: Path) -> None:
    front.at = lambda e: front.engine.cancel(e.job) if isinstance(e, Progressed) else None
    request = replace(FACES, output=str(tmp_path / "long.mp4"), seeds=(1, 2), frames=5000)
    assert isinstance(front.run(request)[-1], Cancelled)
    assert {p.name for p in tmp_path.iterdir()} == {"weights"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"weights": "sketch/tiny"}, "studio apply sketch/tiny"),
        ({"latents": ((1.0, 2.0),)}, "20 numbers"),
        ({"latents": ((float("nan"),) * 20,)}, "none"),
        ({"count": 0}, "1 to"),
        ({"seeds": (-1,)}, "seed"),
        ({"frames": 5}, "two or more"),
        ({"seeds": (1, 2), "frames": 1}, "2 to"),
        ({"output": "film.mp4"}, "--frames"),
        ({"output": "film.mov", "seeds": (1, 2), "frames": 5}, ".mp4"),
        ({"output": "nowhere/grid.png"}, "no folder"),
        ({"settings": {"truncation": 9}}, "0 to 1.5"),
        ({"sha256": "0"}, "not those"),
    ],
)
def test_that_what_cannot_be_done_is_said(front: Front, change: dict, said: str) -> None:
    event = fails(front, replace(FACES, **change))
    assert said in f"{event.message}; {event.hint}"


def test_that_a_photo_is_refused_with_the_right_command(front: Front, photo: Path) -> None:
    assert fails(front, Apply("faces/tiny", str(photo))).hint.startswith("studio generate")


@pytest.mark.parametrize("text", ["", "[1]", '{"latents": []}', '{"latents": 3}', "\xff"])
def test_that_another_file_is_no_latents(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(core.StudioError, match="no latents"):
        core.read_latents(path)


def test_that_a_request_survives_json() -> None:
    request = Generate(
        "faces/tiny", "out.png", seeds=(1, 2), latents=((0.5, -1.0), (2.0, 3.0)),
        settings={"age": 1.0}, loop=True, frames=3,
    )  # fmt: skip
    assert from_json(to_json(request)) == request
    assert from_json(to_json(FACES)) == FACES
    assert json.loads(to_json(FACES))["request"] == "Generate"
