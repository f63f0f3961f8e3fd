"""Files to images for the screen; called on the threads of `Background`, never by a widget."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColorSpace, QImage, QImageReader

from studio.core.errors import StudioError
from studio.core.formats.suffixes import READABLE
from studio.core.videos import is_video

if TYPE_CHECKING:
    from studio.core.picture import Picture

OpenPicture = Callable[[Path], "Picture"]


@dataclass(frozen=True)
class Opened:
    """A photo as the screen needs it.

    Attributes:
        path: the file.
        image: reduced copy, sRGB.
        full_size: (width, height) of the photo in px.
        icc: profile of the photo's pixels; None for sRGB.
    """

    path: Path
    image: QImage
    full_size: tuple[int, int]
    icc: bytes | None


def open_from_disk(path: Path) -> "Picture":
    """Opens a photo, or a video's first frame, with a reader that is loaded when first needed."""
    if is_video(path):
        return open_frame(path, 0.0)
    from studio.core.picture_files import open_picture

    return open_picture(path)


def open_frame(path: Path, seconds: float) -> "Picture":
    """Opens the frame of a video at some seconds from its beginning."""
    from studio.core.video.still import open_still

    return open_still(path, seconds)


def to_image(pixels: NDArray[np.uint8], icc: bytes | None) -> QImage:
    """An image for the screen, in sRGB.

    Args:
        pixels: (H, W, 4) uint8, RGBA.
        icc: profile of the pixels; None for sRGB.
    """
    pixels = np.ascontiguousarray(pixels)
    height, width, _ = pixels.shape
    image = QImage(
        pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGBA8888
    ).copy()
    if bool((pixels[..., 3] == 255).all()):
        image.reinterpretAsFormat(QImage.Format.Format_RGBX8888)
    profile = QColorSpace.fromIccProfile(icc) if icc else QColorSpace()
    if profile.isValid():
        image.setColorSpace(profile)
        image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    image.setColorSpace(QColorSpace())
    return image


def open_for_screen(path: Path, longest: int, open_picture: OpenPicture) -> Opened:
    """Opens a photo and reduces it.

    Args:
        path: the file.
        longest: longest side of the copy in px.
        open_picture: reads the file.

    Raises:
        StudioError: the file cannot be read.
    """
    picture = open_picture(path)
    height, width = picture.pixels.shape[:2]
    small = picture.reduced(longest)
    rgba = np.full((*small.pixels.shape[:2], 4), 255, np.uint8)
    rgba[..., :3] = np.rint(small.pixels * 255)
    if small.alpha is not None:
        rgba[..., 3] = np.rint(small.alpha * 255)
    icc = picture.metadata.icc
    return Opened(path, to_image(rgba, icc), (width, height), icc)


def thumbnail(path: Path, side: int, open_picture: OpenPicture) -> QImage:
    """A small copy of a photo, its short side at least `side` px.

    Raises:
        StudioError: the file cannot be read.
    """
    image = quick_thumbnail(path, side)
    if not image.isNull():
        return image
    opened = open_for_screen(path, 4 * side, open_picture)
    return opened.image.scaled(
        QSize(side, side),
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )


def quick_thumbnail(path: Path, side: int) -> QImage:
    """A small copy read by Qt, which reads large JPEGs at a fraction; null where it cannot."""
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid():
        square = QSize(side, side)
        # `size` is that of the file, before turning: the square serves both.
        reader.setScaledSize(size.scaled(square, Qt.AspectRatioMode.KeepAspectRatioByExpanding))
    return reader.read()


def photos_among(paths: Iterable[Path]) -> list[Path]:
    """What was meant: files as they are, folders as the pictures and videos in them.

    Raises:
        StudioError: there is none.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (p for p in path.iterdir() if p.suffix.lower() in READABLE or is_video(p))
            found += sorted(p for p in inside if p.is_file())
        else:
            found.append(path)
    if not found:
        raise StudioError(
            "there is no picture and no video in that folder", "drop a photo, or a folder of them"
        )
    return [Path(path).absolute() for path in found]


def write_pasted(image: QImage, path: Path) -> Path:
    """Writes a picture of the clipboard as PNG.

    Raises:
        StudioError: it cannot be written.
    """
    if not image.save(str(path)):
        raise StudioError("the pasted picture cannot be kept", "is the disk full?")
    return path
