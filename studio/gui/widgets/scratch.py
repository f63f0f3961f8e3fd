"""Images that need a file for a while: for the engine to read, or for a drag to carry."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtGui import QImage

from studio.core.errors import StudioError
from studio.core.files.leftovers import TemporaryFolder
from studio.gui.state.background import Background, Failed
from studio.gui.widgets.result_view import ResultView

_QUICK = 80  # Qt's "quality" of a PNG: a low level of zlib


class Scratch:
    """A folder of one's own, which goes when the window closes.

    Args:
        background: writes.
        failed: told of an error.
    """

    def __init__(self, background: Background, failed: Failed) -> None:
        self._background, self._failed = background, failed
        self._folder = TemporaryFolder()
        self._files = 0

    def new_file(self, word: str) -> Path:
        """A name for a PNG that begins with a word."""
        self._files += 1
        return self._folder.path / f"{word}-{self._files}.png"

    def write(
        self,
        image: QImage,
        path: Path,
        then: Callable[[Path], None],
        failed: Failed | None = None,
    ) -> None:
        """Writes an image on a thread, then calls `then` with its path."""
        work = partial(write_quickly, image, path)
        self._background.run(work, then, failed or self._failed)

    def lend(self, view: ResultView, word: str) -> None:
        """Writes the file that a drag of what is shown carries."""
        image = view.image

        def offer(written: Path) -> None:
            if view.image.cacheKey() == image.cacheKey():
                view.offer_file(written)

        self.write(image, self.new_file(word), offer)

    def remove(self, path: Path) -> None:
        """Removes one of these files."""
        self._background.run(partial(path.unlink, missing_ok=True), lambda _: None, lambda _: None)

    def close(self) -> None:
        """Removes the folder; the threads must have ended."""
        self._folder.remove()


def write_quickly(image: QImage, path: Path) -> Path:
    """Writes a PNG without spending time on its size; called on a thread.

    Raises:
        StudioError: it cannot be written.
    """
    if image.isGrayscale():
        image = image.convertToFormat(QImage.Format.Format_Grayscale8)
    if not image.save(str(path), None, _QUICK):
        raise StudioError("the picture cannot be kept for a while", "is the disk full?")
    return path
