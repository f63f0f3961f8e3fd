"""Painting masks with real events, and looking at what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, Qt

from studio.core.values.mask_pictures import open_mask

if TYPE_CHECKING:
    from pathlib import Path

    from tests.gui.conftest import Studio

_LEFT = Qt.MouseButton.LeftButton


def press(studio: Studio, *shares: tuple[float, float]) -> QPoint:
    """Draws through places given as shares of the picture; returns where the pen still is."""
    pad, rect = studio.commands.masks.pad, studio.window.canvas.picture_rect()
    spots = [
        QPoint(round(rect.left() + x * rect.width()), round(rect.top() + y * rect.height()))
        for x, y in shares
    ]
    studio.bot.mousePress(pad, _LEFT, pos=spots[0])
    for spot in spots[1:]:
        studio.bot.mouseMove(pad, spot)
    return spots[-1]


def stroke(studio: Studio, *shares: tuple[float, float]) -> None:
    """One whole stroke."""
    studio.bot.mouseRelease(studio.commands.masks.pad, _LEFT, pos=press(studio, *shares))


def mask_of(studio: Studio, path: Path) -> str:
    """The mask that a photo's look has."""
    photo = studio.workspace.photos.document.find(path)
    assert photo is not None
    assert photo.look is not None
    return str(photo.look.settings["mask"])


def levels(mask: str) -> np.ndarray:
    """(H, W) uint8 of a mask."""
    return np.rint(255 * open_mask(mask).pixels[..., 0]).astype(np.uint8)
