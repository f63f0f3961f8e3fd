"""Controls: the sliders, choices, switches, masks and paintings that a model offers, as plain data.

One description serves the window's form, the command line's ``--set`` and the check of a request.
A control's value is always JSON: a number, a string or a boolean.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from msgspec import Meta

from studio.core.errors import StudioError
from studio.core.words.said import say

Value = float | str | bool
AUTO = "auto"  # value of a slider that the model sets by itself
SHOW = "show"  # name of a choice of what is seen: its default is the result, all else is a mask
Settings = Mapping[str, Value]

_Name = Annotated[str, Meta(pattern=r"^[^\s=]{1,100}$")]
_Id = Annotated[str, Meta(pattern=r"^[^/\\:,\x00]{1,200}$")]  # files are named so
_Words = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f-\x9f]{0,4000}$")]  # for a terminal too
_Number = Annotated[float, Meta(ge=-1e9, le=1e9)]


@dataclass(frozen=True)
class Slider:
    """A number in [minimum, maximum].

    Attributes:
        name: the word on the command line, lower case with hyphens.
        label: the words in the window.
        help: one sentence.
        unit: shown after the number; empty for a plain ratio.
        default: a number, or `AUTO` where the model can find the value in the picture.
        step: the slider's smallest move.
        after_net: acts on the net's finished output, so that moving it needs no second run.
    """

    name: _Name
    label: _Words
    help: _Words
    minimum: _Number
    maximum: _Number
    default: float | str
    unit: _Words = ""
    step: Annotated[float, Meta(gt=0, le=1e9)] = 0.01
    after_net: bool = False

    def __post_init__(self) -> None:
        """Raises ValueError for an empty range."""
        if not self.minimum < self.maximum:
            raise ValueError(f"{self.name} has no range: {self.minimum:g} to {self.maximum:g}")

    @property
    def unnamed(self) -> bool:
        """Whether nobody has looked at what it does: a direction with a number for a name."""
        return re.fullmatch(r"direction-\d+", self.name) is not None

    @property
    def automatic(self) -> bool:
        """Whether `AUTO` is a value."""
        return self.default == AUTO

    def parse(self, text: str) -> Value:
        """Reads a number, or ``auto``, from the command line."""
        try:
            return self.check(text if text == AUTO else float(text))
        except ValueError:
            raise _unfit(self, text, self._wanted) from None

    def check(self, value: Any) -> Value:
        """Returns the value, or raises StudioError where it does not fit."""
        if self.automatic and value == AUTO:
            return AUTO
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not math.isfinite(value) or not self.minimum <= value <= self.maximum:
            raise _unfit(self, value, self._wanted)
        return float(value)

    @property
    def _wanted(self) -> str:
        numbers = say(
            "a number from {minimum:g} to {maximum:g}", minimum=self.minimum, maximum=self.maximum
        )
        return say("{auto} or {numbers}", auto=AUTO, numbers=numbers) if self.automatic else numbers


@dataclass(frozen=True)
class Switch:
    """On or off; see `Slider` for the attributes."""

    name: _Name
    label: _Words
    help: _Words
    default: bool = False
    after_net: bool = False

    def parse(self, text: str) -> Value:
        """Reads yes or no from the command line."""
        words = {"yes": True, "on": True, "true": True, "1": True}
        words |= {"no": False, "off": False, "false": False, "0": False}
        if text.lower() not in words:
            raise _unfit(self, text, say("yes or no"))
        return words[text.lower()]

    def check(self, value: Any) -> Value:
        """Returns the value, or raises StudioError where it does not fit."""
        if not isinstance(value, bool):
            raise _unfit(self, value, say("yes or no"))
        return value


@dataclass(frozen=True)
class Option:
    """One of a choice's options: the id that requests carry, the title that people read."""

    id: _Id
    title: _Words


@dataclass(frozen=True)
class Choice:
    """One option of several, or with `blends` a mix such as ``a:0.6,b:0.4``."""

    name: _Name
    label: _Words
    help: _Words
    options: Annotated[tuple[Option, ...], Meta(min_length=1, max_length=1000)]
    default: str
    blends: bool = False
    after_net: bool = False

    def parse(self, text: str) -> Value:
        """Reads an option, or a blend, from the command line."""
        return self.check(text)

    def check(self, value: Any) -> Value:
        """Returns the value, or raises StudioError where it does not fit."""
        if not isinstance(value, str):
            raise _unfit(self, value, say("text"))
        self.shares(value)
        return value

    def shares(self, value: str) -> dict[str, float]:
        """The share of each option in a value; shares sum to 1.

        Raises:
            StudioError: an unknown option, a share that is no positive number, or a blend where
                only one option is allowed.
        """
        known = {option.id for option in self.options}
        shares: dict[str, float] = {}
        for part in value.split(","):
            name, _, number = part.strip().partition(":")
            if name not in known:
                raise _unfit(self, name, say("one of {options}", options=sorted(known)))
            try:
                share = float(number) if number else 1.0
            except ValueError:
                share = math.nan
            if not (math.isfinite(share) and share > 0):
                raise _unfit(self, part, say("a name and a share above 0, such as NAME:0.6"))
            shares[name] = shares.get(name, 0.0) + share
        if len(shares) > 1 and not self.blends:
            raise _unfit(self, value, say("one name; this choice does not blend"))
        total = sum(shares.values())
        return {name: share / total for name, share in shares.items()}


@dataclass(frozen=True)
class Mask:
    """A grey picture that says where the model acts: white fully, black not at all.

    The value is a file's path, or the mask's content (`core/values/masks.py`); empty: everywhere.

    Attributes:
        neutral: level, 0 to 1, that leaves all as it is without a mask.
    """

    name: _Name
    label: _Words
    help: _Words
    default: str = ""
    after_net: bool = True
    neutral: Annotated[float, Meta(ge=0, le=1)] = 1.0

    def parse(self, text: str) -> Value:
        """Takes a path from the command line."""
        return text

    def check(self, value: Any) -> Value:
        """Returns the value, or raises StudioError where it does not fit."""
        if not isinstance(value, str):
            raise _unfit(self, value, say("the path of a grey picture"))
        return value


@dataclass(frozen=True)
class Painting:
    """A picture whose manner the model takes on.

    The value is a file's path, or the painting's content (`core/values/paintings.py`); empty for
    none.
    """

    name: _Name
    label: _Words
    help: _Words
    default: str = ""
    after_net: bool = False

    def parse(self, text: str) -> Value:
        """Takes a path from the command line."""
        return text

    def check(self, value: Any) -> Value:
        """Returns the value, or raises StudioError where it does not fit."""
        if not isinstance(value, str):
            raise _unfit(self, value, say("the path of a picture"))
        return value


Control = Slider | Switch | Choice | Mask | Painting


def _unfit(control: Control, value: object, wanted: str) -> StudioError:
    return StudioError(
        say("{name} cannot be {value}", name=control.name, value=repr(value)),
        say("give {wanted}", wanted=wanted),
    )


def complete(controls: Sequence[Control], given: Settings) -> dict[str, Value]:
    """Checks given settings and fills in the defaults, in the order of the controls.

    Raises:
        StudioError: an unknown name or a value that does not fit.
    """
    names = [control.name for control in controls]
    for name in given:
        if name not in names:
            raise StudioError(
                say("unknown control {name}", name=repr(name)),
                say("known here: {names}", names=names),
            )
    return {c.name: c.check(given.get(c.name, c.default)) for c in controls}


def automatic(settings: Settings, measure: Callable[[], Mapping[str, float]]) -> dict[str, float]:
    """What is measured for the settings that stand at `AUTO`; where none does, nothing is."""
    names = [name for name, value in settings.items() if value == AUTO]
    measured = measure() if names else {}
    return {name: measured[name] for name in names}


def parse_settings(controls: Sequence[Control], pairs: Sequence[str]) -> dict[str, Value]:
    """Reads ``NAME=VALUE`` pairs of the command line.

    Raises:
        StudioError: no ``=``, an unknown name or a value that does not fit.
    """
    by_name = {control.name: control for control in controls}
    values: dict[str, Value] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals:
            raise StudioError(say("{pair} is no setting", pair=repr(pair)), "write NAME=VALUE")
        if name not in by_name:
            raise StudioError(
                say("unknown control {name}", name=repr(name)),
                say("known here: {names}", names=list(by_name)),
            )
        values[name] = by_name[name].parse(text)
    return values
