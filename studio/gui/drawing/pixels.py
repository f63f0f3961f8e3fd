"""Images of the window as pictures that the studio saves and looks at."""

import numpy as np
from PySide6.QtGui import QImage

from studio.core.picture import Picture


def picture_of(image: QImage) -> Picture:
    """The same pixels, with their transparency; off the window's thread."""
    image = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    rgba = rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4)
    pixels = rgba[..., :3].astype(np.float32) / np.float32(255)
    alpha = rgba[..., 3].astype(np.float32) / np.float32(255)
    return Picture(pixels, alpha if image.hasAlphaChannel() and alpha.min() < 1 else None)
