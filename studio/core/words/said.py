"""What is said to people: English, which the window can say in another language."""

from numbers import Integral, Real
from typing import Any, Self


class Said(str):
    """English text that knows what it was made of, also behind a pipe.

    Attributes:
        key: the text before its values were put in, as catalogues have it.
        many: the same where there are several; empty: one text does for all.
        values: by name; what is itself `Said` is translated along.
    """

    __slots__ = ("key", "many", "values")
    key: str
    many: str
    values: dict[str, Any]

    def __new__(cls, key: str, many: str, values: dict[str, Any]) -> Self:
        """See `say`."""
        text = many if many and values["count"] != 1 else key
        self = super().__new__(cls, filled(text, {n: plain(v) for n, v in values.items()}))
        self.key, self.many, self.values = key, many, values
        return self

    def __reduce__(self) -> tuple[type["Said"], tuple[str, str, dict[str, Any]]]:
        return Said, (self.key, self.many, self.values)


def say(key: str, many: str = "", /, **values: Any) -> Said:
    """Text that the window may translate; what is a literal all by itself needs no call.

    Args:
        key: with the values' names in braces, such as ``there is no file {name}``.
        many: the same for any other number than one of what ``count`` counts.
        values: texts, numbers, or several texts, which are joined by commas.
    """
    return Said(key, many, {name: _portable(value) for name, value in values.items()})


def as_said(words: str) -> Said:
    """The words, if need be as a text without values."""
    return words if isinstance(words, Said) else say(words)


def filled(text: str, values: dict[str, Any]) -> str:
    """The text with its values; one without any may have braces of its own."""
    return text.format(**values) if values else text


def plain(value: Any) -> Any:
    """A value as English text has it."""
    return ", ".join(value) if isinstance(value, tuple) else value


def _portable(value: Any) -> Any:
    """A value that needs nothing of where it came from."""
    if isinstance(value, list | tuple):
        return tuple(each if isinstance(each, str) else str(each) for each in value)
    if isinstance(value, str):
        return value
    if isinstance(value, Real):
        return int(value) if isinstance(value, Integral) else float(value)
    return str(value)
