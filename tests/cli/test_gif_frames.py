"""GIFs whose frames are parts: they are put together as browsers do it."""

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import Done
from tests.cli.test_pages import frames

pytestmark = pytest.mark.usefixtures("weights_folder")
Studio = Callable[..., Done]


def gif_frame(colour: int | None, disposal: int, box: tuple[int, int, int, int]) -> bytes:
    """A plain frame of a GIF of four colours; None: of transparent pixels alone."""
    left, top, width, height = box
    control = struct.pack("<BHB", disposal << 2 | (colour is None), 10, 3)
    codes = [4]  # clear, before each pixel, so that all codes have 3 bits
    for _ in range(width * height):
        codes += [3 if colour is None else colour, 4]
    bits = sum(code << 3 * place for place, code in enumerate([*codes[:-1], 5]))
    data = bits.to_bytes(-(-3 * len(codes) // 8), "little")
    blocks = b"".join(bytes([len(part)]) + part for part in batched_bytes(data))
    place = struct.pack("<4H", left, top, width, height)
    return b"!\xf9\x04" + control + b"\0," + place + b"\0\x02" + blocks + b"\0"


def batched_bytes(data: bytes) -> list[bytes]:
    return [data[start : start + 255] for start in range(0, len(data), 255)]


def write_gif(path: Path, *each: bytes) -> None:
    """A GIF of 6 by 4 px that knows red, lime, blue and white."""
    palette = bytes.fromhex("ff0000 00ff00 0000ff ffffff")
    path.write_bytes(b"GIF89a\x06\0\x04\0\x81\0\0" + palette + b"".join(each) + b";")


def test_that_what_a_frame_of_a_gif_leaves_is_clear_though_all_before_it_was_opaque(
    tmp_path: Path, studio: Studio
) -> None:
    whole, part = (0, 0, 6, 4), (4, 2, 2, 2)
    write_gif(
        tmp_path / "a.gif",
        gif_frame(0, 2, whole), gif_frame(1, 1, part), gif_frame(2, 3, whole),
        gif_frame(None, 2, whole),
    )  # fmt: skip
    done = studio(
        "apply", "style/tiny", tmp_path / "a.gif", "-o", "out.webp", "--pages", "all",
        "--set", "strength=0", "--lossless",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    one, two, three, four = (samples for samples, _ in frames(Path("out.webp")))
    assert (one == [255, 0, 0, 255]).all()
    assert (two[2:, 4:] == [0, 255, 0, 255]).all()
    assert not two[:2, :, 3].any()
    assert (three == [0, 0, 255, 255]).all()
    assert (four == two).all()


def test_that_a_gif_is_clear_where_its_first_frame_does_not_reach(
    tmp_path: Path, studio: Studio
) -> None:
    write_gif(tmp_path / "a.gif", gif_frame(1, 1, (4, 2, 2, 2)))
    done = studio("apply", "style/tiny", tmp_path / "a.gif", "-o", "out.png", "--set", "strength=0")
    assert done.returncode == 0, done.stderr
    with Image.open("out.png") as image:
        samples = np.asarray(image)
    assert (samples[2:, 4:] == [0, 255, 0, 255]).all()
    assert samples[..., 3].sum() == 4 * 255
