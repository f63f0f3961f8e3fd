"""Flicker is damped, within a shot."""

from pathlib import Path

import av
import numpy as np

from studio.core.requests import SaveOptions, Video
from studio.engine.video.damping import Damper
from studio.engine.video.shots import Cuts
from studio.engine.video.warping_error import WarpingError
from tests.clips import frames
from tests.conftest import draw_photo
from tests.engine.conftest import Front
from tests.engine.video.test_video import tell_apart


def test_that_damping_lowers_the_warping_error(front: Front, tmp_path: Path) -> None:
    wide = draw_photo(160 + 24, 120)
    errors = []
    for damping in (0.0, 0.6):
        random, damper, measured = np.random.default_rng(0), Damper(damping), WarpingError()
        for number in range(12):
            frame = np.ascontiguousarray(wide[:, 2 * number : 2 * number + 160])
            flicker = random.normal(0, 0.05, frame.shape).astype(np.float32)
            result = (frame / np.float32(255) * 0.6 + 0.2 + flicker).clip(0, 1)
            measured.add(frame, damper.next(frame, result))
        errors.append(measured.mean)
    assert errors[1] < 0.5 * errors[0]


def test_that_damping_leaves_what_the_net_left_and_what_was_hidden(tmp_path: Path) -> None:
    one, other = draw_photo(160, 120, 1), draw_photo(160, 120, 2)
    damper = Damper(1.0)
    damper.next(one, 1 - one / np.float32(255))
    result = 1 - other / np.float32(255)
    assert np.abs(damper.next(other, result) - result).mean() < 0.05  # nothing there to lean on
    damper.begin_shot()
    assert np.array_equal(damper.next(one, result), result)


def test_that_a_cut_is_found_and_a_pan_or_a_fade_is_none() -> None:
    wide, other = draw_photo(260, 120, 1), 255 - draw_photo(160, 120, 7) // 2
    cuts = Cuts()
    pan = [cuts.begins_shot(np.ascontiguousarray(wide[:, n : n + 160])) for n in range(0, 100, 5)]
    assert pan == [True] + [False] * 19
    fade = [
        cuts.begins_shot((wide[:, :160] * share).astype(np.uint8))
        for share in np.linspace(1, 0, 25)
    ]
    assert not any(fade)
    assert cuts.begins_shot(other)
    assert not cuts.begins_shot(other)


def test_that_a_frame_of_a_shot_does_not_change_with_what_walks_into_it(
    front: Front, tmp_path: Path
) -> None:
    # With each frame's own statistics the left half changes its colours too.
    source, output = tmp_path / "in.mkv", tmp_path / "out.mkv"
    still = draw_photo(128, 64)
    with av.open(str(source), "w") as file:
        stream = file.add_stream("libx264", rate=25, options={"crf": "4"})
        stream.width, stream.height, stream.pix_fmt = 128, 64, "yuv444p"
        for number in range(10):
            picture = still.copy()
            picture[:, 128 - 4 * number :] = (250, 20, 20)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        file.mux(stream.encode(None))
    save = SaveOptions(quality=100)
    front.run(Video("style/tiny", str(source), str(output), damping=0.0, save=save))
    left = [f.to_ndarray(format="rgb24")[:, :32].astype(float) for f in frames(output)]
    assert tell_apart(left[0], left[-1]) < 1.5
