"""What a photo goes through, one step after the other, as a plain value."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from studio.gui.state.look import Look


@dataclass(frozen=True)
class Step:
    """A look of a stack; one that is switched off stays, and does nothing."""

    look: Look
    on: bool = True


@dataclass(frozen=True)
class Stack:
    """Each step works on what the one before it has made.

    Attributes:
        steps: in their order; there is always one, and one that is on.
        chosen: place of the one that is edited.
    """

    steps: tuple[Step, ...]
    chosen: int = 0

    @classmethod
    def of(cls, *looks: Look) -> "Stack":
        """With a step for each look, the first one chosen."""
        return cls(tuple(Step(look) for look in looks))

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def look(self) -> Look:
        """That of the step that is chosen."""
        return self.steps[self.chosen].look

    @property
    def active(self) -> tuple[Look, ...]:
        """Those of the steps that are on."""
        return tuple(step.look for step in self.steps if step.on)

    @property
    def up_to_chosen(self) -> "Stack":
        """Without what comes after the step that is chosen, which is on."""
        before = self.steps[: self.chosen]
        return replace(self, steps=(*before, Step(self.look)))

    def with_look(self, look: Look) -> "Stack":
        """With another look for the step that is chosen: one that is edited is on."""
        before, after = self.steps[: self.chosen], self.steps[self.chosen + 1 :]
        return replace(self, steps=(*before, Step(look), *after))

    def with_each(self, change: Callable[[Look], Look]) -> "Stack":
        """With another look for every step."""
        steps = tuple(replace(step, look=change(step.look)) for step in self.steps)
        return replace(self, steps=steps)

    def choosing(self, place: int) -> "Stack":
        """With another step chosen."""
        return replace(self, chosen=min(max(place, 0), len(self) - 1))

    def added(self, look: Look) -> "Stack":
        """With one more step behind all others, which is chosen."""
        return Stack((*self.steps, Step(look)), len(self))

    def without(self, place: int) -> "Stack":
        """With a step less; what is left over has one that is on."""
        left = self.steps[:place] + self.steps[place + 1 :]
        if not left:
            return self
        chosen = self.chosen - (self.chosen > place)
        found = replace(self, steps=left).choosing(chosen)
        return found if found.active else found.with_look(found.look)

    def moved(self, place: int, to: int) -> "Stack":
        """With a step in another place; the same one stays chosen."""
        order = list(range(len(self)))
        order.insert(to, order.pop(place))
        return Stack(tuple(self.steps[at] for at in order), order.index(self.chosen))

    def switched(self, place: int, *, on: bool) -> "Stack":
        """With a step on or off; the last one that is on stays so."""
        steps = tuple(
            replace(step, on=on) if at == place else step for at, step in enumerate(self.steps)
        )
        return replace(self, steps=steps) if any(step.on for step in steps) else self
