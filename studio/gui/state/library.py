"""Which weights there are, read from the disk once."""

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Signal

from studio.core.catalogue import Weights
from studio.core.controls import Control
from studio.core.requests import Apply
from studio.gui.state.background import Background, Failed
from studio.gui.state.toolbox import Toolbox, scan


class Library(QObject):
    """The toolbox: empty until the weights are read.

    Signals:
        changed: the weights are known.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.toolbox = Toolbox()

    def read(
        self,
        catalogue: Callable[[], Iterable[Weights]],
        background: Background,
        failed: Failed,
        then: Callable[[], None] = lambda: None,
    ) -> None:
        """Reads the weights, then calls `then`; `failed` is told of files that are none."""

        def take(toolbox: Toolbox) -> None:
            self.toolbox = toolbox
            for error in toolbox.unusable:
                failed(error)
            self.changed.emit()
            then()

        background.run(lambda: scan(catalogue()), take, failed)

    def is_gradual(self, request: Apply) -> bool:
        """Whether any weights of a request come closer to their result for minutes."""
        return any(self.comes_closer(step.weights) for step in request.steps)

    def is_local(self, request: Apply) -> bool:
        """Whether a part of the result is sooner there than all of it."""
        id_ = request.weights
        known = id_ in self.toolbox and self.toolbox.find(id_).weights.local
        return known and not request.then

    def comes_closer(self, weights: str) -> bool:
        """Whether weights come closer to their result step by step, for minutes."""
        return weights in self.toolbox and self.toolbox.find(weights).weights.gradual

    def controls(self, weights: str) -> tuple[Control, ...]:
        """What a person may set; nothing for weights that are not there."""
        return tuple(self.toolbox.controls(weights))
