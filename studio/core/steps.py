"""A model of several through which a picture goes."""

from dataclasses import dataclass, field
from typing import Protocol

from studio.core.controls import Settings


@dataclass(frozen=True)
class Step:
    """A model, through which a result goes.

    Attributes:
        weights, sha256, settings: as in `Apply`.
    """

    weights: str
    sha256: str = ""
    settings: Settings = field(default_factory=dict)


class _Chained(Protocol):
    @property
    def weights(self) -> str: ...
    @property
    def sha256(self) -> str: ...
    @property
    def settings(self) -> Settings: ...
    @property
    def then(self) -> tuple[Step, ...]: ...


class HasSteps:
    """Says of a request which models its pictures go through."""

    @property
    def steps(self: _Chained) -> tuple[Step, ...]:
        """All of them, in their order."""
        return (Step(self.weights, self.sha256, self.settings), *self.then)
