"""What every model promises, whichever it is: any size, one seed one result, range, tiles."""

import queue
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from studio.core.catalogue import Catalogue
from studio.core.controls import Choice, Painting, complete
from studio.core.events import TERMINAL, Event, Finished, Previewed
from studio.core.progress import CancelledError, Progress
from studio.core.requests import Apply, Generate, Request
from studio.core.weights_file import controls_from_json, controls_to_json
from studio.engine.jobs.engine import Engine
from studio.models._spec import Takes, all_specs, find_spec
from studio.models._weights import load_net
from tests.conftest import draw_photo, tiny_id

SHIPPED = list(Catalogue([Path(__file__).parents[2] / "weights"]))
TAKES_PICTURES = [s.id for s in all_specs().values() if s.takes is Takes.PICTURE]
TAKES_NOTHING = [s.id for s in all_specs().values() if s.takes is Takes.NOTHING]
TAKES_DOODLES = [s.id for s in all_specs().values() if s.takes is Takes.DOODLE]


@pytest.fixture
def engine(catalogue: Catalogue) -> Iterator[tuple[Engine, queue.Queue[Event]]]:
    events: queue.Queue[Event] = queue.Queue()
    engine = Engine(catalogue)
    yield engine, events
    engine.close()


def apply(model: str, path: Path, **changes: object) -> Apply:
    """With the photo itself as the painting of a model that takes one."""
    spec = find_spec(model)
    takes_painting = any(isinstance(each, Painting) for each in spec.controls(spec.tiny))
    settings = {"painting": str(path)} if takes_painting else {}
    return replace(Apply(tiny_id(model), str(path), settings=settings), **changes)


def preview(engine: tuple[Engine, queue.Queue[Event]], request: Request) -> np.ndarray:
    engine[0].submit(request, engine[1].put)
    seen: list[Event] = []
    while not seen or not isinstance(seen[-1], TERMINAL):
        seen.append(engine[1].get(timeout=60))
    assert isinstance(seen[-1], Finished), seen[-1]
    # The last one: what comes before, of a model that shows its way, depends on the clock.
    return [e for e in seen if isinstance(e, Previewed)][-1].pixels[..., :3]


@pytest.mark.parametrize("model", TAKES_PICTURES)
@pytest.mark.parametrize("size", [(1, 1), (5, 90), (61, 47)])
def test_that_a_model_takes_any_size(engine, tmp_path: Path, model: str, size) -> None:
    path = tmp_path / "in.png"
    Image.fromarray(draw_photo(*size)).save(path)
    assert preview(engine, apply(model, path)).shape == (size[1], size[0], 3)


@pytest.mark.parametrize("model", TAKES_DOODLES)
@pytest.mark.parametrize("size", [(1, 1), (6000, 40), (61, 47)])
@pytest.mark.parametrize("drawn", ["nothing", "a dot", "everything"])
def test_that_a_model_draws_after_any_doodle(engine, tmp_path: Path, model, size, drawn) -> None:
    path = tmp_path / "doodle.png"
    doodle = Image.new("L", size, 0 if drawn == "everything" else 255)
    if drawn == "a dot":
        doodle.putpixel((size[0] // 2, size[1] // 2), 0)
    doodle.save(path)
    side = find_spec(model).tiny["side"]
    assert preview(engine, Apply(tiny_id(model), str(path))).shape == (side, side, 3)


@pytest.mark.parametrize("model", TAKES_DOODLES)
def test_that_another_seed_draws_another_picture(engine, photo: Path, model: str) -> None:
    one, other = (preview(engine, Apply(tiny_id(model), str(photo), seed=seed)) for seed in (1, 2))
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("model", TAKES_PICTURES + TAKES_DOODLES)
def test_that_a_seed_gives_one_result(engine, photo: Path, model: str) -> None:
    request = apply(model, photo, seed=4)
    first = preview(engine, request)
    copy = photo.with_name("copy.png")
    copy.write_bytes(photo.read_bytes())  # another file: nothing kept of the first is used
    assert np.array_equal(first, preview(engine, apply(model, copy, seed=4)))


@pytest.mark.parametrize("model", TAKES_NOTHING)
def test_that_a_model_of_nothing_makes_of_a_seed_always_one_picture(engine, model: str) -> None:
    request = Generate(tiny_id(model), count=3, seed=4, columns=3, padding=0)
    first, again, others = (
        preview(engine, r) for r in (request, request, replace(request, seed=9))
    )
    assert first.shape[1] == 3 * first.shape[0]
    assert np.array_equal(first, again)
    assert not np.array_equal(first, others)


@pytest.mark.parametrize("model", TAKES_NOTHING)
def test_that_a_model_of_nothing_stays_in_range_and_stops_when_asked(catalogue, model) -> None:
    weights, spec = catalogue.find(tiny_id(model)), find_spec(model)
    assert weights.latent == spec.latent(weights.hyperparameters) > 0
    net, settings = load_net(weights, spec), complete(weights.controls, {})
    latents, random = 5 * torch.randn(3, weights.latent), torch.Generator()
    made = spec.run(net, latents, settings, random, Progress())
    assert made.shape[:2] == (3, 3)
    assert 0 <= made.min() <= made.max() <= 1
    with pytest.raises(CancelledError):
        spec.run(net, latents, settings, random, Progress(cancelled=lambda: True))


@pytest.mark.parametrize("model", TAKES_PICTURES)
def test_that_tiles_agree_with_the_whole(engine, tmp_path: Path, model: str) -> None:
    path = tmp_path / "in.png"
    Image.fromarray(draw_photo(150, 110)).save(path)
    whole, tiled = (
        preview(engine, apply(model, path, tile=tile, preview_side=1279 + n))
        for n, tile in enumerate(("off", "16"))
    )
    error = np.square(whole.astype(float) - tiled).mean()
    assert 10 * np.log10(255**2 / max(error, 1e-9)) > 40


@pytest.mark.parametrize("model", sorted(all_specs()))
def test_that_controls_survive_json_and_take_their_own_defaults(model: str) -> None:
    spec = find_spec(model)
    controls = spec.controls(spec.tiny)
    assert controls_from_json(controls_to_json(controls)) == controls
    settings = complete(controls, {})
    assert set(settings) == {control.name for control in controls}
    for control in controls:
        assert control.label
        assert control.help.endswith(".")


@pytest.mark.parametrize("weights", SHIPPED, ids=lambda w: w.id)
class TestShippedWeights:
    def test_that_the_header_is_complete(self, weights) -> None:
        spec = find_spec(weights.spec)
        assert weights.controls == spec.controls(weights.hyperparameters)
        assert weights.title
        assert "grade" in weights.licence
        assert {"data", "steps", "hours", "hardware", "command", "commit"} <= set(weights.training)
        assert weights.metrics

    def test_that_it_has_a_preview_and_thumbnails(self, weights) -> None:
        with Image.open(weights.preview) as picture:
            assert picture.width >= 256
        for control in weights.controls:
            if not isinstance(control, Choice) or not control.blends:
                continue  # its options are words
            for option in control.options:
                with Image.open(weights.thumbnail(option.id)) as picture:
                    assert picture.size == (192, 192)


def test_that_weights_ship() -> None:
    assert "style/gallery" in {weights.id for weights in SHIPPED}
