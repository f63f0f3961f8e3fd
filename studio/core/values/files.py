"""Which files settings name: they are read, and no result may replace them."""

from collections.abc import Sequence
from pathlib import Path

from studio.core.controls import Control, Mask, Painting, Settings
from studio.core.values import masks, paintings


def files_of(controls: Sequence[Control], settings: Settings) -> list[Path]:
    """The files of masks and paintings; those that are held with their content have none."""
    pictures = [
        str(settings[c.name])
        for c in controls
        if isinstance(c, Mask | Painting) and settings.get(c.name)
    ]
    return [
        Path(value)
        for value in pictures
        if not masks.is_content(value) and not paintings.is_content(value)
    ]
