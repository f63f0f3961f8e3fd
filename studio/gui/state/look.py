"""How a picture should look, as a plain value."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from studio.core.controls import Settings, Value


@dataclass(frozen=True)
class Look:
    """A model and the value of each of its controls.

    Attributes:
        weights: id of the weights, such as ``style/gallery``.
        settings: complete, by the control's name; a painted mask is there with its content.
    """

    weights: str
    settings: Settings

    def with_setting(self, name: str, value: Value) -> "Look":
        """The same look with one value changed."""
        changed: Mapping[str, Value] = {**self.settings, name: value}
        return replace(self, settings=changed)
