"""Videos through several models, one after the other."""

from dataclasses import replace
from pathlib import Path

import av

from studio.core.events import Failed, Finished
from studio.core.requests import Step, Video, from_json
from studio.models import enhance
from tests.clips import frames, write_clip
from tests.conftest import write_tiny
from tests.engine.conftest import Front
from tests.engine.video.test_video import tell_apart


def test_that_every_frame_goes_through_all_steps_and_the_record_has_them(
    front: Front, weights_folder: Path, tmp_path: Path
) -> None:
    write_tiny(weights_folder, enhance.SPEC, "double", scale=2)
    source = write_clip(tmp_path / "in.mp4")
    clean = {"noise": 20.0, "jpeg": 60.0}
    video = Video(
        "style/tiny", str(source), str(tmp_path / "both.mp4"), settings={"strength": 0.0},
        damping=0.0, then=(Step("enhance/double", settings=clean),),
    )  # fmt: skip
    events = front.run(video)
    assert isinstance(events[-1], Finished), events[-1]
    assert events[-1].size == (128, 96)
    alone = replace(
        video, weights="enhance/double", settings=clean, output=str(tmp_path / "one.mp4"), then=()
    )
    front.run(alone)
    pairs = zip(frames(tmp_path / "both.mp4"), frames(tmp_path / "one.mp4"), strict=True)
    for both, one in pairs:
        assert tell_apart(*(f.to_ndarray(format="rgb24") for f in (both, one))) < 1, "style is at 0"
    with av.open(str(tmp_path / "both.mp4")) as file:
        kept = from_json(file.metadata["comment"])
    assert isinstance(kept, Video)
    assert [step.weights for step in kept.then] == ["enhance/double"]
    assert kept.then[0].settings["noise"] == 20.0
    events = front.run(replace(video, then=(Step("style/tiny-optimise"),), output="no.mp4"))
    assert isinstance(events[-1], Failed)
    assert "one picture at a time" in events[-1].message
