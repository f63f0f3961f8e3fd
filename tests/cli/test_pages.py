"""``--pages all``: every page of a TIFF and every frame of what moves, as one file."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from studio.core.picture_files import read_request
from tests.cli.conftest import Done
from tests.conftest import draw_photo

pytestmark = pytest.mark.usefixtures("weights_folder")
Studio = Callable[..., Done]
DURATIONS = [40, 250, 100, 70]
SIZES = [(48, 32), (30, 50), (64, 20)]
"""Of the pages of a TIFF."""


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A TIFF of three pages, with what only the first says."""
    path = tmp_path / "scan.tif"
    exif = Image.Exif()
    exif[315] = "Ada"
    pages = [Image.fromarray(draw_photo(*size, seed)) for seed, size in enumerate(SIZES)]
    pages[0].save(path, save_all=True, append_images=pages[1:], exif=exif, dpi=(300, 300))
    return path


def move(path: Path, *, loop: int | None = 0, hole: bool = True) -> Path:
    """A moving picture of four frames, in each of which another part is transparent."""
    frames: list[Image.Image] = []
    for number in range(len(DURATIONS)):
        samples = np.dstack((draw_photo(40, 30, number), np.full((30, 40), 255, np.uint8)))
        if hole:
            samples[:, 10 * number : 10 * number + 10] = 0
        frames.append(Image.fromarray(samples if hole else samples[..., :3]))
    extra = {} if loop is None else {"loop": loop}
    disposal = {"disposal": 2} if hole and path.suffix == ".gif" else {}
    frames[0].save(
        path, save_all=True, append_images=frames[1:], duration=DURATIONS, **extra, **disposal
    )
    return path


def frames(path: Path) -> list[tuple[np.ndarray, float]]:
    """RGBA samples and duration of each frame."""
    with Image.open(path) as image:
        found: list[tuple[np.ndarray, float]] = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            samples = np.asarray(image.convert("RGBA"))
            found.append((samples, image.info.get("duration", 0)))
        return found


def loop(path: Path) -> int | None:
    with Image.open(path) as image:
        return image.info.get("loop")


def test_that_all_pages_of_a_tiff_come_out_in_their_sizes(scan: Path, studio: Studio) -> None:
    done = studio("apply", "style/tiny", scan, "-o", "out.tif", "--pages", "all")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert [samples.shape[1::-1] for samples, _ in frames(Path("out.tif"))] == SIZES
    for number, (samples, _) in enumerate(frames(Path("out.tif"))):
        photo = draw_photo(*SIZES[number], number).astype(int)
        assert np.abs(samples[..., :3] - photo).mean() > 5, "it was not painted"
    with Image.open("out.tif") as image:
        assert image.getexif()[315] == "Ada"
        assert image.info["dpi"] == (300, 300)


def test_that_each_page_is_as_if_it_were_done_alone(scan: Path, studio: Studio) -> None:
    studio("apply", "style/tiny", scan, "-o", "out.tif", "--pages", "all")
    for number, (samples, _) in enumerate(frames(Path("out.tif"))):
        Image.fromarray(draw_photo(*SIZES[number], number)).save("page.png")
        studio("apply", "style/tiny", "page.png", "-o", "alone.png", "--overwrite")
        alone = frames(Path("alone.png"))[0][0]
        assert np.abs(samples.astype(int) - alone).max() <= 1


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".png"])
@pytest.mark.parametrize("plays", [0, 3])
def test_that_frames_keep_their_durations_holes_and_loops(
    suffix: str, plays: int, tmp_path: Path, studio: Studio
) -> None:
    source = move(tmp_path / f"in{suffix}", loop=plays)
    output = tmp_path / f"out{suffix}"
    done = studio("apply", "style/tiny", source, "-o", output, "--pages", "all")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    before, after = frames(source), frames(output)
    assert [time for _, time in after] == DURATIONS
    assert loop(output) == plays
    for (was, _), (now, _) in zip(before, after, strict=True):
        assert np.array_equal(was[..., 3] > 127, now[..., 3] > 127)
        seen = was[..., 3] > 127
        assert np.abs(was[seen].astype(int) - now[seen]).mean() > 5, "it was not painted"


def test_that_a_gif_that_plays_once_and_is_opaque_stays_so(tmp_path: Path, studio: Studio) -> None:
    source = move(tmp_path / "in.gif", loop=None, hole=False)
    studio("apply", "style/tiny", source, "-o", "out.gif", "--pages", "all")
    assert loop(Path("out.gif")) is None
    assert [time for _, time in frames(Path("out.gif"))] == DURATIONS
    assert all((samples[..., 3] == 255).all() for samples, _ in frames(Path("out.gif")))


def test_that_an_avif_keeps_its_frames(tmp_path: Path, studio: Studio) -> None:
    source = move(tmp_path / "in.avif", loop=None, hole=False)
    done = studio("apply", "style/tiny", source, "-o", "out.avif", "--pages", "all")
    assert done.returncode == 0, done.stderr
    assert [time for _, time in frames(Path("out.avif"))] == DURATIONS


@pytest.mark.parametrize(("suffix", "says"), [(".webp", 3), (".png", 3), (".avif", None)])
def test_that_frames_go_into_another_format_that_moves(
    suffix: str, says: int | None, tmp_path: Path, studio: Studio
) -> None:
    source, output = move(tmp_path / "in.gif", loop=2), tmp_path / f"out{suffix}"
    done = studio("apply", "style/tiny", source, "-o", output, "--pages", "all")
    assert done.returncode == 0, done.stderr
    assert [time for _, time in frames(output)] == DURATIONS
    assert loop(output) == says  # a GIF's number is of repetitions


@pytest.mark.parametrize("loops", [None, 2])
def test_that_an_avif_keeps_how_often_it_is_played(
    loops: int | None, tmp_path: Path, studio: Studio
) -> None:
    source = move(tmp_path / "in.gif", loop=loops)
    for before, after in ((source, "there.avif"), ("there.avif", "on.avif"), ("on.avif", "b.gif")):
        assert studio("apply", "style/tiny", before, "-o", after, "--pages", "all").stderr == ""
    assert loop(Path("b.gif")) == loops


def test_that_frames_of_an_hdr_avif_stay_hdr(tmp_path: Path, studio: Studio) -> None:
    source = move(tmp_path / "in.avif", loop=None, hole=False)
    data = source.read_bytes()
    assert data.count(b"colrnclx") == 2, "of the still picture and of the track"
    source.write_bytes(data.replace(b"colrnclx\0\1\0\x0d", b"colrnclx\0\x09\0\x10"))
    done = studio("apply", "style/tiny", source, "-o", "out.avif", "--pages", "all")
    assert (done.returncode, done.stderr) == (0, "")
    assert Path("out.avif").read_bytes().count(b"colrnclx\0\x09\0\x10") == 2
    done = studio("apply", "style/tiny", source, "-o", "out.webp", "--pages", "all")
    assert "WEBP holds no HDR" in done.stderr


def test_that_what_of_frames_does_not_come_along_is_said(tmp_path: Path, studio: Studio) -> None:
    images = [Image.fromarray(draw_photo(40, 30, number)) for number in range(3)]
    images[0].save(
        tmp_path / "in.png", save_all=True, append_images=images[1:], default_image=True,
        duration=[33, 17],
    )  # fmt: skip
    done = studio("apply", "style/tiny", "in.png", "-o", "out.gif", "--pages", "all")
    assert [time for _, time in frames(Path("out.gif"))] == [30, 20]
    assert done.stderr.splitlines() == [
        "studio: note: the still picture for programs that know no APNG is left out",
        "studio: note: GIF counts hundredths of a second: durations are rounded",
    ]


@pytest.mark.parametrize("order", ["<", ">"])
def test_that_each_page_keeps_its_own_words(order: str, tmp_path: Path, studio: Studio) -> None:
    names = ["", "Zwei", "Drei"]  # the first says nothing
    with tifffile.TiffWriter(tmp_path / "in.tif", byteorder=order) as file:
        for number, name in enumerate(names):
            packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>%d</x:xmpmeta>" % number
            extra = [(285, 2, 0, name, True), (37396, 3, 2, (7, number), True)]
            file.write(
                draw_photo(24, 16, number), photometric="rgb", metadata=None, software=False,
                extratags=[*extra, (700, 1, 0, packet, True)] if name else [],
            )  # fmt: skip
    done = studio("apply", "style/tiny", "in.tif", "-o", "out.tif", "--pages", "all")
    assert (done.returncode, done.stderr) == (0, "")
    with tifffile.TiffFile("out.tif") as file:
        tags = [page.tags for page in file.pages]
        assert [each.valueof(285, "") for each in tags] == names
        assert [each.valueof(37396) for each in tags] == [None, (7, 1), (7, 2)]
        assert [b">%d</x:xmpmeta>" % n in each.valueof(700) for n, each in enumerate(tags)] == [
            False, True, True
        ]  # fmt: skip


@pytest.mark.parametrize("kind", ["imagej", "ome"])
def test_that_a_stack_of_a_microscope_comes_out_as_pages(
    kind: str, tmp_path: Path, studio: Studio
) -> None:
    whole = np.stack([draw_photo(24, 16, number) for number in range(3)])
    artist = [(315, 2, 0, "Ada", True)]
    tifffile.imwrite(
        tmp_path / "in.tif", whole, **{kind: True}, photometric="rgb", extratags=artist,
        metadata={"axes": "TYXS"},
    )  # fmt: skip
    done = studio("apply", "style/tiny", "in.tif", "-o", "out.tif", "--pages", "all")
    assert done.returncode == 0, done.stderr
    assert "its description says of a stack" in done.stderr
    with tifffile.TiffFile("out.tif") as file:
        assert [page.shape for page in file.pages] == [(16, 24, 3)] * 3
        assert next(page.tags.valueof(315) for page in file.pages) == "Ada"
        assert file.pages[0].description == "", "another number of pictures would be read"


def test_that_frames_become_pages_and_it_is_said(tmp_path: Path, studio: Studio) -> None:
    source = move(tmp_path / "in.gif")
    done = studio("apply", "style/tiny", source, "-o", "out.tif", "--pages", "all")
    assert len(frames(Path("out.tif"))) == 4
    assert "durations" in done.stderr


@pytest.mark.parametrize("suffix", [".jpg", ".bmp", ".gif"])
def test_that_a_format_without_pages_is_refused_before_work(
    suffix: str, scan: Path, studio: Studio
) -> None:
    done = studio("apply", "style/tiny", scan, "-o", f"out{suffix}", "--pages", "all")
    assert done.returncode != 0
    assert "cannot hold the 3 pages" in done.stderr
    assert "--pages first" in done.stderr
    assert not Path(f"out{suffix}").exists()


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif", ".webp", ".gif"])
def test_that_a_single_picture_is_done_as_without(
    suffix: str, tmp_path: Path, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDIO_RUNTIME", "torch")  # as all pages are: rounding differs elsewhere
    source = tmp_path / f"in{suffix}"
    Image.fromarray(draw_photo(40, 30)).save(source)
    for name, words in (("all", ["--pages", "all"]), ("first", [])):
        (tmp_path / name).mkdir()
        done = studio("apply", "style/tiny", source, "-o", f"{name}/out{suffix}", *words)
        assert done.stderr == ""
    one, other = (frames(Path(name, f"out{suffix}")) for name in ("all", "first"))
    assert len(one) == len(other) == 1
    assert np.array_equal(one[0][0], other[0][0])


def test_that_the_first_page_alone_is_taken_unless_told_otherwise(
    scan: Path, studio: Studio
) -> None:
    done = studio("apply", "style/tiny", scan, "-o", "out.tif")
    assert len(frames(Path("out.tif"))) == 1
    assert "the first of 3 pages is taken" in done.stderr


def test_that_metadata_is_left_out_of_all_pages_when_told_so(scan: Path, studio: Studio) -> None:
    studio("apply", "style/tiny", scan, "-o", "o.tif", "--pages", "all", "--strip-metadata")
    assert len(frames(Path("o.tif"))) == 3
    with Image.open("o.tif") as image:
        assert 315 not in image.getexif()
    assert read_request(Path("o.tif")) is None


@pytest.mark.parametrize("suffix", [".tif", ".gif.png", ".webp"])
def test_that_a_result_is_replayed_with_all_its_pages(
    suffix: str, scan: Path, tmp_path: Path, studio: Studio
) -> None:
    source = scan if suffix == ".tif" else move(tmp_path / "in.gif")
    suffix = Path("x" + suffix).suffix
    studio("apply", "style/tiny", source, "-o", f"out{suffix}", "--pages", "all")
    done = studio("replay", f"out{suffix}", source, "-o", f"again{suffix}")
    assert done.returncode == 0, done.stderr
    first, again = frames(Path(f"out{suffix}")), frames(Path(f"again{suffix}"))
    assert len(first) > 1
    assert all(np.array_equal(a, b) for (a, _), (b, _) in zip(first, again, strict=True))


def test_that_a_batch_does_all_pages_and_fails_what_cannot_hold_them(
    scan: Path, tmp_path: Path, studio: Studio
) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    scan.rename(folder / "scan.tif")
    move(folder / "moving.gif")
    Image.fromarray(draw_photo(40, 30)).save(folder / "photo.jpg")
    done = studio("batch", "style/tiny", folder, "-o", "out", "--pages", "all")
    assert done.returncode == 0, done.stderr
    results = [path for path in Path("out").iterdir() if path.name[0] != "."]
    counts = {path.name: len(frames(path)) for path in results}
    assert counts == {"scan.tif": 3, "moving.gif": 4, "photo.jpg": 1}
    done = studio(
        "batch", "style/tiny", folder, "-o", "jpg", "--format", "jpg", "--pages", "all", "--json"
    )
    told = json.loads(done.stdout.splitlines()[-1])
    assert (told["done"], told["failed"]) == (1, 2)
    assert "cannot hold the 3 pages" in done.stderr
