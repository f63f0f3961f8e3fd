"""Several models one after the other: previewed as they will be saved, nothing done twice."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.core.catalogue import Catalogue
from studio.core.events import Event, Finished, Measured, Previewed
from studio.core.requests import Apply, Step
from studio.engine.pixels import runs
from studio.models import enhance
from tests.conftest import write_tiny
from tests.engine.conftest import Front

FIRST = {"stroke": 1.5, "strength": 0.8}
CLEAN = {"noise": 20.0, "jpeg": 60.0}


@pytest.fixture
def front(weights_folder: Path) -> Iterator[Front]:
    write_tiny(weights_folder, enhance.SPEC, "double", scale=2)
    front = Front(Catalogue([weights_folder]))
    yield front
    front.engine.close()


@pytest.fixture
def nets(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The models whose nets have run since it was cleared."""
    ran: list[str] = []
    paint = runs.paint

    def painted(spec: Any, *arguments: Any) -> Any:
        ran.append(spec.id)
        return paint(spec, *arguments)

    monkeypatch.setattr(runs, "paint", painted)
    return ran


def of(events: list[Event], kind: type) -> list[Any]:
    assert isinstance(events[-1], Finished), events[-1]
    return [event for event in events if isinstance(event, kind)]


def test_that_a_step_that_changes_runs_none_that_come_before_it(
    front: Front, photo: Path, nets: list[str]
) -> None:
    last = Step("enhance/double", settings={"noise": 12.0, "jpeg": 80.0})
    request = Apply("style/tiny", str(photo), settings=FIRST, then=(
        Step("enhance/tiny", settings=CLEAN), last,
    ))  # fmt: skip

    def ran(request: Apply) -> list[str]:
        nets.clear()
        shown = of(front.run(request), Previewed)[0]
        assert shown.ran_net == bool(nets)
        return list(nets)

    def changing(place: int, **settings: object) -> Apply:
        steps = list(request.steps)
        steps[place] = replace(steps[place], settings={**steps[place].settings, **settings})
        return request.through(steps)

    assert ran(request) == ["style", "enhance", "enhance"]
    assert ran(request) == []
    assert ran(changing(2, noise=30.0)) == ["enhance"]
    assert ran(changing(2, grain=0.5)) == [], "it acts after the last net"
    assert ran(changing(1, grain=0.5)) == ["enhance"], "what follows sees another picture"
    assert ran(changing(0, strength=0.3)) == ["enhance", "enhance"]
    assert ran(request.through(request.steps[:2])) == [], "the last is taken away"
    turned = request.through((request.steps[1], request.steps[0]))
    assert ran(turned) == ["enhance", "style"]


def test_that_steps_are_seen_as_they_are_saved_each_with_its_mask_and_levels(
    front: Front, photo: Path, tmp_path: Path
) -> None:
    masks: list[str] = []
    for name, side in (("left", slice(0, 48)), ("right", slice(48, 96))):
        mask = np.zeros((64, 96), np.uint8)
        mask[:, side] = 255
        masks.append(str(tmp_path / f"{name}.png"))
        Image.fromarray(mask).save(masks[-1])
    request = Apply("style/tiny", str(photo), settings={"mask": masks[0]}, then=(
        Step("enhance/tiny", settings={"mask": masks[1]}), Step("enhance/double", settings=CLEAN),
    ))  # fmt: skip
    events = front.run(request)
    seen = of(events, Previewed)[0]
    assert seen.full_size == (192, 128)
    assert {e.step: "noise" in e.levels for e in of(events, Measured)} == {1: True, 2: False}
    of(front.run(replace(request, output=str(tmp_path / "out.png"))), Finished)
    with Image.open(tmp_path / "out.png") as image:
        made = np.asarray(image.convert("RGB")).astype(int)
    assert np.abs(seen.pixels[..., :3] - made).max() <= 2

    def alone(step: Step) -> np.ndarray:
        shown = of(front.run(Apply("", str(photo)).through([step])), Previewed)[0]
        return shown.pixels[..., :3].astype(int)

    both = of(front.run(request.through(request.steps[:2])), Previewed)[0].pixels[..., :3]
    one, other = (alone(step) for step in request.steps[:2])
    assert np.abs(both[:, :44] - one[:, :44]).max() <= 1, "the first acts on the left alone"
    assert np.abs(both[:, 90:] - other[:, 90:]).mean() < 20, "and the second on the right"
    assert np.abs(both[:, :44] - other[:, :44]).mean() > 2
