"""The paintings that settings name: opened once, and kept while they do not change."""

from collections.abc import Callable
from functools import partial

from studio.core.controls import Value
from studio.core.files.identity import file_key
from studio.core.values.paintings import content_of
from studio.engine.job import Resolved, painting_names
from studio.engine.recent import Recent
from studio.engine.threads import Aside


class Paintings:
    """The contents of the last few files.

    Args:
        aside: opens them.
    """

    def __init__(self, aside: Aside) -> None:
        self._aside = aside
        self._contents: Recent[str] = Recent(8)

    def opened(self, resolved: Resolved, check: Callable[[], None]) -> dict[str, Value]:
        """The settings of a request, with the contents of paintings in the place of their files.

        Raises:
            StudioError: a file cannot be read.
        """
        settings = dict(resolved.settings)
        for name in painting_names(resolved.weights):
            value = str(settings[name])
            opening = partial(self._aside.do, partial(content_of, value), check)
            settings[name] = self._contents.get(file_key(value), opening)
        return settings
