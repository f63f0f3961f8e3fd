"""The language of the window: English, as the texts are written, or what a catalogue makes of them.

The command line never chooses one, so it stays English.
"""

from collections.abc import Iterable
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

from studio.core.words.said import Said, filled, say

LANGUAGES = {"en": "English", "de": "Deutsch", "es": "Español"}
"""By their codes, each in its own words; all but English have a catalogue beside this file."""
CATALOGUES = Path(__file__).parent

_SWAPPED = str.maketrans(".,", ",.")
_catalogue: GNUTranslations | None = None
_small = True  # whether nouns begin small


def speak(language: str) -> None:
    """What is said from now on is said in a language of `LANGUAGES`."""
    global _catalogue, _small
    _catalogue, _small = _read(language), language != "de"


def told_in(language: str, words: str) -> str:
    """A text without values in a language of `LANGUAGES`, whichever is spoken."""
    there = _read(language)
    return there.gettext(words) if there else words


def _read(language: str) -> GNUTranslations | None:
    if language == "en":
        return None
    with (CATALOGUES / f"{language}.mo").open("rb") as file:
        return GNUTranslations(file)


def best(wanted: Iterable[str]) -> str:
    """The first of some languages, such as ``de-AT``, that there is; else English."""
    codes = (each.replace("_", "-").partition("-")[0].lower() for each in wanted)
    return next((code for code in codes if code in LANGUAGES), "en")


def tr(words: str, many: str = "", /, **values: Any) -> str:
    """Text in the language of the window.

    Args:
        words: as `say` takes them, or what it has given.
        many: see `say`.
        values: see `say`.
    """
    if _catalogue is None:
        return str(say(words, many, **values) if values else words)
    if not values and not isinstance(words, Said):
        return _catalogue.gettext(words) if words else ""
    said = words if isinstance(words, Said) else say(words, many, **values)
    if said.many:
        text = _catalogue.ngettext(said.key, said.many, said.values["count"])
    else:
        text = _catalogue.gettext(said.key) if said.key else ""
    return filled(text, {name: _spoken(value) for name, value in said.values.items()})


def within(title: str) -> str:
    """A title as it stands within a sentence, such as ``mask`` for ``Mask``."""
    return title.lower() if _small else title


def number(value: float, spec: str = "g") -> str:
    """A number with the language's decimal sign."""
    text = format(value, spec)
    return text if _catalogue is None else text.translate(_SWAPPED)


class _Number(float):
    def __format__(self, spec: str, /) -> str:
        return number(float(self), spec)


class _Whole(int):
    def __format__(self, spec: str, /) -> str:
        return number(int(self), spec)


def _spoken(value: Any) -> Any:
    if isinstance(value, tuple):
        return ", ".join(tr(each) if isinstance(each, Said) else each for each in value)
    if isinstance(value, Said):
        return tr(value)
    if isinstance(value, float):
        return _Number(value)
    return _Whole(value) if isinstance(value, int) else value
