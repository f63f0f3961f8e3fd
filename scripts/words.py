"""Brings the catalogues up to date: `python scripts/words.py` after a text was added or changed.

What is new comes into `studio/core/words/*.po` untranslated, what is gone goes; the `.mo` files,
which the window reads, are made anew. `--missing` lists what has no translation.
"""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from studio.core.words.tongue import LANGUAGES

ROOT = Path(__file__).parents[1]
WORDS = ROOT / "studio/core/words"
SPOKEN = {"tr", "say"}
_ENGLISH = "studio/cli/", "studio/bench/", "studio/quality/"  # for terminals
_ERRORS = "StudioError", "NewerError", "UnwritableError"
_CONTROLS = "Slider", "Switch", "Choice", "Mask", "Painting"
TOLD = {
    **dict.fromkeys(_ERRORS, slice(0, 2)),
    **dict.fromkeys(_CONTROLS, slice(1, 3)),
    "Option": slice(1, 2),
    "_action": slice(1, 3),
    "report": slice(1, 2),
}
"""Calls whose arguments are texts that are translated where they are shown, and which these are."""

Text = str | tuple[str, str]
"""A text, or what is said of one thing and of several."""


@cache
def texts() -> dict[Text, list[str]]:
    """Every text that the window may show, and the files that it comes from."""
    found: dict[Text, list[str]] = {}
    for path in sorted((ROOT / "studio").rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if place == "studio/gui/__init__.py" or place.startswith(_ENGLISH):
            continue
        for text in texts_in(ast.parse(path.read_text("utf-8"))):
            places = found.setdefault(text, [])
            places += [place] if place not in places else []
    for text in _texts_of_weights():
        found.setdefault(text, ["weights"])
    singular = {text[0]: text for text in found if isinstance(text, tuple)}
    return {text: places for text, places in found.items() if text and text not in singular}


def texts_in(tree: ast.AST) -> Iterator[Text]:
    """The texts of a file: what is spoken or raised, and what controls say of themselves."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = called(node)
            if name in SPOKEN:
                yield from _spoken(node)
            elif name in TOLD:
                named = [word.value for word in node.keywords if word.arg in {"label", "help"}]
                args = [*node.args[TOLD[name]], *named]
                yield from (text for each in args for text in literals(each))


def called(node: ast.Call) -> str:
    """The last word of what is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def literals(node: ast.AST) -> Iterator[str]:
    """The texts that an expression may be."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def _spoken(node: ast.Call) -> Iterator[Text]:
    words = [list(literals(each)) for each in node.args]
    if len(words) == 2 and all(words):
        yield words[0][0], words[1][0]
    else:
        yield from (text for each in words for text in each)


def _texts_of_weights() -> Iterator[str]:
    from studio.core.catalogue import Catalogue, Weights
    from studio.core.controls import Choice

    for weights in Catalogue([ROOT / "weights"]).scan():
        if isinstance(weights, Weights):
            yield from (
                weights.title,
                weights.learned_from,
                *(each.name for each in weights.palette),
            )
            for control in weights.controls:
                yield from (control.label, control.help)
                options = control.options if isinstance(control, Choice) else ()
                yield from (option.title for option in options)


def catalogue(language: str) -> Catalog:
    """What a language's file has."""
    with (WORDS / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def compiled(language: str) -> bytes:
    """The bytes that its `.mo` file should have."""
    file = BytesIO()
    write_mo(file, catalogue(language))
    return file.getvalue()


def languages() -> list[str]:
    """Those that have a catalogue."""
    return sorted(path.stem for path in WORDS.glob("*.po"))


def update(language: str, known: dict[Text, list[str]]) -> Catalog:
    """Writes a language's two files anew, and returns what is in them."""
    old = catalogue(language)
    new = Catalog(
        locale=language,
        header_comment=f"# {LANGUAGES[language]} texts of the window; see CONTRIBUTING.md.",
        project="Studio",
        version="1",
        creation_date=old.creation_date,
        revision_date=old.creation_date,
        last_translator="the studio's authors",
        language_team=language,
        fuzzy=False,
    )
    new.mime_headers = [("Plural-Forms", "nplurals=2; plural=(n != 1);")]  # as both say them
    for text, places in known.items():
        kept = old.get(text[0] if isinstance(text, tuple) else text)
        same = kept is not None and kept.id == text
        new.add(text, kept.string if same and kept else None, [(p, 0) for p in places])
    with (WORDS / f"{language}.po").open("wb") as file:
        write_po(file, new, width=96, include_lineno=False, sort_output=True)
    (WORDS / f"{language}.mo").write_bytes(compiled(language))
    return new


def main() -> None:
    """Updates all catalogues."""
    known = texts()
    for language in languages():
        new = update(language, known)
        missing = [each.id for each in new if each.id and not (each.string and all(each.string))]
        print(f"{language}: {len(known)} texts, {len(missing)} untranslated")
        if "--missing" in sys.argv:
            print(*map(repr, missing), sep="\n")


if __name__ == "__main__":
    main()
