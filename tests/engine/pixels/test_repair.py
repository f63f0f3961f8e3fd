"""The repair model: it fills what is marked or found, and leaves everything else to the bit."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw, ImageFont

from studio.core.events import Failed, Measured, Noticed, Previewed
from studio.core.picture_files import open_picture
from studio.core.progress import CancelledError, Progress
from studio.core.requests import Apply
from studio.models import repair
from tests.conftest import draw_photo
from tests.engine.conftest import Front


@pytest.fixture
def mask(tmp_path: Path) -> Path:
    """Of the size of `photo`: two marks, one of them wide."""
    marks = np.zeros((64, 96), np.uint8)
    marks[10:14, 20:60] = 255
    marks[30:60, 50:90] = 255
    Image.fromarray(marks).save(tmp_path / "marks.png")
    return tmp_path / "marks.png"


def shown(front: Front, photo: Path, **settings: object) -> np.ndarray:
    events = front.run(Apply("enhance/tiny-repair", str(photo), settings=settings))
    return next(event for event in events if isinstance(event, Previewed)).pixels[..., :3]


def test_that_only_what_is_marked_changes_and_what_is_there_does_not_matter(
    front: Front, photo: Path, mask: Path, tmp_path: Path
) -> None:
    original = open_picture(photo).pixels
    marked = np.asarray(Image.open(mask)) > 0
    blotted = (original * 255).round().astype(np.uint8)
    blotted[marked] = 255
    Image.fromarray(blotted).save(tmp_path / "blotted.png")
    settings = {"find": False, "mask": str(mask)}
    results = []
    for source in (photo, tmp_path / "blotted.png"):
        output = tmp_path / f"repaired-{source.stem}.png"
        front.run(Apply("enhance/tiny-repair", str(source), str(output), settings=settings))
        results.append(open_picture(output).pixels)
    assert np.array_equal(results[0][~marked], original[~marked])
    assert np.abs(results[0] - original)[marked].mean() > 0.01
    assert np.array_equal(*results)
    half = shown(front, photo, **settings, strength=0.5) / 255.0
    assert np.abs(half - (original + results[0]) / 2).max() < 0.01


def test_that_what_cannot_be_seen_of_a_mask_does_not_count_and_too_much_is_refused(
    front: Front, photo: Path, mask: Path, tmp_path: Path
) -> None:
    alone = shown(front, photo, find=False, mask=str(mask))
    seen = Image.new("RGBA", (96, 64), (255, 255, 255, 0))
    seen.putalpha(Image.open(mask))
    seen.save(tmp_path / "seen.png")
    assert np.array_equal(shown(front, photo, find=False, mask=str(tmp_path / "seen.png")), alone)
    Image.new("L", (12, 8), 255).save(tmp_path / "all.png")
    everywhere = {"find": False, "mask": str(tmp_path / "all.png")}
    failed = front.run(Apply("enhance/tiny-repair", str(photo), settings=everywhere))[-1]
    assert isinstance(failed, Failed)
    assert failed.message == "100% of the photo is marked: too little is left"
    assert shown(front, photo, **everywhere, show="mask").min() == 255


@pytest.mark.parametrize("times", [1, 2])
def test_that_what_a_masks_smooth_edges_cover_is_repaired_whole(
    front: Front, photo: Path, tmp_path: Path, times: int
) -> None:
    drawn = Image.new("L", (96, 64), 0)
    ImageDraw.Draw(drawn).text((20, 20), "1997", 255, ImageFont.load_default(24))
    damaged = Image.open(photo).convert("RGB")
    damaged.paste((255, 120, 0), mask=drawn)
    damaged.save(tmp_path / "damaged.png")
    drawn.resize((96 * times, 64 * times), Image.Resampling.LANCZOS).save(tmp_path / "drawn.png")
    given = {"find": False, "mask": str(tmp_path / "drawn.png")}
    marks = shown(front, photo, **given, show="mask")[..., 0]
    covered = np.asarray(drawn)
    assert marks[covered > 32].min() == 255, "all of what the letters cover"
    assert (marks[covered == 0] > 0).mean() < 0.1
    repaired = [
        shown(front, each, **given)[covered > 32].astype(int)
        for each in (photo, tmp_path / "damaged.png")
    ]
    assert np.abs(repaired[0] - repaired[1]).max() <= 6, "of the damage nothing is seen"


def test_that_a_mask_that_marks_nothing_is_told_of(
    front: Front, photo: Path, tmp_path: Path
) -> None:
    Image.new("RGB", (96, 64), (128, 128, 128)).save(tmp_path / "grey.png")
    output = tmp_path / "out.png"
    settings = {"find": False, "mask": str(tmp_path / "grey.png")}
    events = front.run(Apply("enhance/tiny-repair", str(photo), str(output), settings=settings))
    assert [each.message for each in events if isinstance(each, Noticed)] == [
        "nothing is marked, so the photo stays as it is"
    ]
    assert np.array_equal(open_picture(output).pixels, open_picture(photo).pixels)


@pytest.mark.parametrize(("threshold", "told"), [(0.01, True), (0.99, False)])
def test_that_much_that_was_taken_for_damage_is_told_of(
    front: Front, photo: Path, tmp_path: Path, threshold: float, told: bool
) -> None:
    settings = {"threshold": threshold}  # an untrained finder says a little of all
    output = str(tmp_path / "out.png")
    events = front.run(Apply("enhance/tiny-repair", str(photo), output, settings=settings))
    notes = [each.message for each in events if isinstance(each, Noticed)]
    wanted = "100% of the photo was taken for damage; a higher threshold takes less of it"
    assert notes == [wanted] * told


def test_that_nothing_marked_and_nothing_to_be_found_leave_the_photo(
    front: Front, photo: Path
) -> None:
    original = (open_picture(photo).pixels * 255).round()
    assert np.array_equal(shown(front, photo, find=False), original)
    assert shown(front, photo, find=False, show="mask").max() == 0
    assert shown(front, photo, threshold=0.99, show="mask").max() == 0


def test_that_what_is_found_is_marked_by_the_threshold_and_a_mask_lies_over_it(
    front: Front, photo: Path, tmp_path: Path
) -> None:
    everywhere = {"threshold": 0.01, "show": "mask"}  # an untrained finder says a little of all
    assert shown(front, photo, **everywhere).min() == 255
    over = np.full((64, 96), 128, np.uint8)
    over[:, :48] = 0
    Image.fromarray(over).save(tmp_path / "over.png")
    mixed = shown(front, photo, mask=str(tmp_path / "over.png"), **everywhere)
    assert mixed[:, :44].max() == 0
    assert mixed[:, 52:].min() >= 254


def test_that_what_is_a_little_like_damage_is_left_unless_damage_is_near_or_it_is_a_speck() -> None:
    found = torch.zeros(1, 1, 200, 400)
    eye, fold, speck = (slice(80, 100), slice(80, 110)), (slice(40, 60), slice(300, 330)), (9, 9)
    found[0, 0][eye], found[0, 0][fold], found[0, 0][speck] = 0.7, 0.7, 0.7
    found[0, 0, 70, 340] = 0.99  # a little beside the fold it is sure
    marked = repair.mark(found, None, {"threshold": 0.5, "margin": 0.0})[0, 0] == 1
    wanted = torch.zeros(200, 400, dtype=torch.bool)
    wanted[fold] = wanted[speck] = wanted[70, 340] = True
    assert torch.equal(marked, wanted)


def test_that_the_more_is_damaged_the_less_it_takes_to_be_taken_for_damage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def threshold(doubtful: float, sure: float, rest: float = 0.002) -> float:
        found = torch.full((1, 1, 100, 100), rest)
        ends = round(doubtful * 1e4), round((doubtful + sure) * 1e4)
        found.view(-1)[: ends[0]], found.view(-1)[ends[0] : ends[1]] = 0.4, 0.99
        monkeypatch.setattr(repair, "find", lambda _net, _photo: found)
        net = repair.Repairer(repair.SPEC.tiny)
        return repair.SPEC.measure(net, torch.zeros(1, 3, 100, 100))["threshold"]

    assert 0.1 < threshold(doubtful=0.02, sure=0.06) < 0.4
    assert 0.4 < threshold(doubtful=0.004, sure=0.002) < 0.9
    assert 0.7 < threshold(doubtful=0, sure=0) < 0.8
    assert threshold(doubtful=0, sure=0, rest=0.1) > 0.2  # nor does one doubt breed the next


def test_that_the_threshold_is_found_in_the_whole_photo_and_told(
    front: Front, tmp_path: Path
) -> None:
    Image.fromarray(draw_photo(900, 300)).save(tmp_path / "wide.png")
    source, output = str(tmp_path / "wide.png"), str(tmp_path / "out.png")
    requests = [
        Apply("enhance/tiny-repair", source, output),
        Apply("enhance/tiny-repair", source),
        Apply("enhance/tiny-repair", source, preview_side=300),
        Apply("enhance/tiny-repair", source, region=(390, 100, 200, 90)),
    ]
    told = [
        event.levels
        for request in requests
        for event in front.run(request)
        if isinstance(event, Measured)
    ]
    assert len(told) == 4
    assert all(each == told[0] for each in told)
    assert told[0].keys() == {"threshold"}


def test_that_a_grey_photo_stays_grey(front: Front, tmp_path: Path, mask: Path) -> None:
    Image.fromarray(draw_photo(96, 64)).convert("L").convert("RGB").save(tmp_path / "grey.png")
    repaired = shown(front, tmp_path / "grey.png", find=False, mask=str(mask))
    assert np.ptp(repaired, 2).max() == 0


def test_that_a_part_is_shown_as_it_will_be_saved(front: Front, tmp_path: Path) -> None:
    Image.fromarray(draw_photo(900, 300)).save(tmp_path / "wide.png")
    marks = np.zeros((300, 900), np.uint8)
    marks[140:150, 400:700:40] = 255
    Image.fromarray(marks).save(tmp_path / "marks.png")
    settings = {"find": False, "mask": str(tmp_path / "marks.png")}
    output = tmp_path / "repaired.png"
    source = str(tmp_path / "wide.png")
    front.run(Apply("enhance/tiny-repair", source, str(output), settings=settings))
    saved = np.asarray(Image.open(output))
    events = front.run(
        Apply("enhance/tiny-repair", source, settings=settings, region=(390, 100, 200, 90))
    )
    part = next(event for event in events if isinstance(event, Previewed)).pixels[..., :3]
    assert np.abs(part.astype(int) - saved[100:190, 390:590]).max() <= 1
    assert (saved[140:150, 400:700:40] != np.asarray(Image.open(source))[140:150, 400:700:40]).any()


def test_that_windows_give_what_the_whole_would_and_are_stopped_when_asked() -> None:
    torch.manual_seed(1)
    net = repair.Repairer(repair.SPEC.tiny).requires_grad_(False).eval()
    photo, holes = torch.rand(1, 3, 200, 2000), torch.zeros(1, 1, 200, 2000)
    holes[:, :, 90:130, 60:110] = holes[:, :, 5:9, 500:502] = holes[:, :, 150:, 1900:] = 1
    inputs = torch.cat([photo, holes], 1)
    found = repair.run(net, inputs, {}, torch.Generator(), Progress())
    assert torch.allclose(found[:, :3], net.inpainter(photo, holes).clamp(0, 1), atol=1e-5)
    with pytest.raises(CancelledError):
        repair.run(net, inputs, {}, torch.Generator(), Progress(cancelled=lambda: True))


def test_that_holes_are_first_guessed_from_what_is_near_whatever_the_size() -> None:
    net = repair.Repairer(repair.SPEC.tiny).inpainter.requires_grad_(False)
    waves = (torch.arange(259) / 6).sin().expand(1, 3, 161, 259) / 2 + 0.5
    holes = torch.zeros(1, 1, 161, 259)
    holes[:, :, 20:60, 100:240:7] = holes[:, :, 80:84] = holes[:, :, 100:140, 150:190] = 1

    def guessed(height: int, width: int) -> torch.Tensor:
        part = (slice(None), slice(None), slice(height), slice(width))
        return net(waves[part], holes[part], lambda guess, _: guess)[:, :, :160, :256]

    assert (guessed(161, 259) - guessed(160, 256)).abs().mean() < 0.002


def test_that_a_further_stroke_changes_what_is_near_it_and_as_in_a_new_preview(
    front: Front, tmp_path: Path
) -> None:
    Image.fromarray(draw_photo(1200, 300)).save(tmp_path / "wide.png")
    marks = np.zeros((300, 1200), np.uint8)
    marks[140:150, 100:1100:40] = 255
    Image.fromarray(marks).save(tmp_path / "first.png")
    marks[200:230, 380:420] = 255
    Image.fromarray(marks).save(tmp_path / "second.png")
    source = tmp_path / "wide.png"
    first = shown(front, source, find=False, mask=str(tmp_path / "first.png"))
    second = shown(front, source, find=False, mask=str(tmp_path / "second.png"))
    assert (first[200:230, 380:420] != second[200:230, 380:420]).any()
    assert np.array_equal(first[:, 700:], second[:, 700:])
    (tmp_path / "again.png").write_bytes(source.read_bytes())
    again = shown(front, tmp_path / "again.png", find=False, mask=str(tmp_path / "second.png"))
    assert np.abs(again.astype(int) - second).max() <= 1
    undone = shown(front, source, find=False, mask=str(tmp_path / "first.png"), threshold=0.4)
    assert np.abs(undone.astype(int) - first).max() <= 1
