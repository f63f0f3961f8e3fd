"""The paintings that requests name: their files are read once."""

from functools import partial

from studio.core.controls import Value
from studio.core.progress import Progress
from studio.core.values.paintings import content_of
from studio.engine.pixels.job import Resolved, painting_names
from studio.engine.pixels.recent import Recent
from studio.engine.pixels.scene import file_key
from studio.engine.threads import Aside


class OpenedPaintings:
    """Keeps the contents of those used last.

    Args:
        aside: opens them.
    """

    def __init__(self, aside: Aside) -> None:
        self._aside = aside
        self._contents: Recent[str] = Recent(8)

    def settings(self, resolved: Resolved, progress: Progress) -> dict[str, Value]:
        """The settings with the contents of paintings.

        Raises:
            StudioError: one cannot be read.
        """
        settings = dict(resolved.settings)
        for name in painting_names(resolved.weights):
            value = str(settings[name])
            opening = partial(content_of, value)
            settings[name] = self._contents.get(
                file_key(value), lambda opening=opening: self._aside.do(opening, progress.check)
            )
        return settings
