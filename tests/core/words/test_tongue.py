"""The languages of the window: what is said in them, and that their catalogues lack nothing."""

import copy
from collections.abc import Iterator
from gettext import GNUTranslations
from io import BytesIO
from string import Formatter

import pytest

from scripts import words
from studio.core.errors import StudioError
from studio.core.words.said import say
from studio.core.words.tongue import CATALOGUES, LANGUAGES, best, number, speak, tr

OTHERS = sorted(set(LANGUAGES) - {"en"})


@pytest.fixture
def german() -> Iterator[None]:
    speak("de")
    yield
    speak("en")


def test_that_english_stays_as_it_is_written() -> None:
    assert tr("As the system") == "As the system"
    assert tr("{count} photo", "{count} photos", count=2) == "2 photos"
    assert tr("{size:.1f} GB, {names}", size=1.5, names=["a", "b"]) == "1.5 GB, a, b"
    assert number(0.25) == "0.25"


def test_that_a_text_of_the_engine_is_translated_with_its_values(german: None) -> None:
    said = say("there is no step {word}", word="'x.y'")
    told = copy.deepcopy(StudioError(said, "try again"))  # as a pipe does
    assert (told.message, told.hint) == ("there is no step 'x.y'", "try again")
    assert tr(told.message) == "es gibt keinen Schritt 'x.y'"
    assert tr(told.hint) == "es noch einmal versuchen"


def test_that_numbers_have_the_sign_of_the_language(german: None) -> None:
    assert tr("{size:.1f} GB, {what}", size=1.5, what="a.b") == "1,5 GB, a.b"
    assert number(0.25) == "0,25"
    assert tr("{steps:,} steps", steps=4800) == "4.800 Schritte"


def test_that_what_no_catalogue_knows_stays(german: None) -> None:
    assert tr("My own {painting}") == "My own {painting}"
    assert not tr("")


def test_that_the_first_known_language_of_a_system_is_taken() -> None:
    assert best(["fr-FR", "de_AT", "en"]) == "de"
    assert best(["C", "fr"]) == "en"


def test_that_there_is_a_catalogue_of_each_language() -> None:
    assert words.languages() == OTHERS


@pytest.mark.parametrize("language", OTHERS)
def test_that_every_text_is_translated_with_its_values(language: str) -> None:
    there = words.catalogue(language)
    known = words.texts()
    assert {each.id for each in there if each.id} == set(known), "run scripts/words.py"
    for text in known:
        told = there.get(text if isinstance(text, str) else text[0])
        assert told is not None
        for english, other in zip(_forms(told.id), _forms(told.string), strict=True):
            assert other, text
            assert _values(other) <= _values(english), text
            # What a picture shows may go unsaid where sentences change with its gender.
            assert _values(english) - _values(other) <= {"noun:", "plural:"}, text


@pytest.mark.parametrize("language", OTHERS)
def test_that_what_is_read_is_what_is_written(language: str) -> None:
    compiled = GNUTranslations(BytesIO(words.compiled(language)))
    with (CATALOGUES / f"{language}.mo").open("rb") as file:
        read = GNUTranslations(file)
    for text in words.texts():
        if isinstance(text, tuple):
            for count in (1, 2):
                assert read.ngettext(*text, count) == compiled.ngettext(*text, count)
        else:
            assert read.gettext(text) == compiled.gettext(text)


def _forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else text


def _values(text: str) -> set[str]:
    """Names of the values, with how they are written; other braces are braces."""
    try:
        return {f"{name}:{spec}" for _, name, spec, _ in Formatter().parse(text) if name}
    except ValueError:
        return set()
