"""Pixels as images for the screen; and which files are meant."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColorSpace, QImage, QImageReader

from studio.core.errors import StudioError
from studio.core.formats.suffixes import READABLE
from studio.core.videos import is_video


@dataclass(frozen=True)
class ScreenCopy:
    """A photo as the screen needs it.

    Attributes:
        path: the file.
        image: reduced copy, sRGB.
        full_size: (width, height) of the photo in px.
        icc: profile of the photo's pixels; None for sRGB.
        is_draft: the same in less detail; a better one follows.
    """

    path: Path
    image: QImage
    full_size: tuple[int, int]
    icc: bytes | None
    is_draft: bool = False


def to_image(pixels: NDArray[np.uint8], icc: bytes | None) -> QImage:
    """An image for the screen, in sRGB.

    Args:
        pixels: (H, W, 4) uint8, RGBA; or (H, W, 3), RGB.
        icc: profile of the pixels; None for sRGB.
    """
    pixels = np.ascontiguousarray(pixels)
    height, width, channels = pixels.shape
    layout = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_RGBA8888
    image = QImage(pixels.data, width, height, pixels.strides[0], layout)
    # A copy of its own, and in the layout that is quick to paint.
    image = image.copy() if channels == 4 else image.convertToFormat(QImage.Format.Format_RGBX8888)
    if channels == 4 and bool((pixels[..., 3] == 255).all()):
        image.reinterpretAsFormat(QImage.Format.Format_RGBX8888)
    profile = QColorSpace.fromIccProfile(icc) if icc else QColorSpace()
    if profile.isValid():
        image.setColorSpace(profile)
        image.convertToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
    image.setColorSpace(QColorSpace())
    return image


def quick_thumbnail(path: Path, side: int) -> QImage:
    """A small copy of a picture of the studio's own, as weights have them; null: there is none."""
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
