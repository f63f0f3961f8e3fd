"""Every text that the window shows goes through `tr` or `say`, so that it can be translated."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.words import SPOKEN, TOLD, called

ROOT = Path(__file__).parents[1]
WINDOW = sorted(
    path
    for path in (ROOT / "studio/gui").rglob("*.py")
    if path != ROOT / "studio/gui/__init__.py"  # speaks in the terminal, where no window opens
)
BELOW = sorted(
    path
    for room in ("core", "engine", "models", "reader")
    for path in (ROOT / "studio" / room).rglob("*.py")
)

_TO_QT = {  # names, not texts
    "setStyle",
    "setApplicationDisplayName",
    "createSignal",
    "createMethodCall",
    "system",
}
_TO_LOG = {"error", "exception", "warning", "info"}
_NAMES = {
    "JPEG",
    "WebP",
    "WebM",
    "Matroska",
    "QuickTime",
    "Studio",
    "Apple GPU",
    "Intel GPU",
    "MP4",
}
_ALLOWED = {
    "shell/desktop_entry.py": r".",  # of the command line, and for the desktop's menu
    "theme/palette.py": r"\nQToolTip",  # a style sheet
    "shell/actions.py": r"(Ctrl|Shift|Pg)",  # keys
    "faces/commands.py": r"Ctrl\+Return",
    "sketch/hand.py": r"Ctrl\+",
    "sketch/brush.py": r"(Eraser|Stroke)$",  # kept in drawings in English; shown by `step_words`
    "sketch/templates.py": r"",  # names of drawings, which `subjects.py` says
    "state/photo/photos.py": r"(Weights|Tool)$",
    "state/photo/screen.py": r"(stopped preview|Draft|Preview)$",  # names of states
    "shell/status_line.py": r"(Draft|Preview)$",  # the same, which it translates
    "state/keeping/folder.py": r"\{\} takes no lock",  # caught and answered by another folder
}


def test_that_the_window_shows_no_text_that_is_not_translated() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {text!r}"
        for path in WINDOW
        for text in _untranslated(ast.parse(path.read_text("utf-8")))
        if not re.match(_ALLOWED.get(path.relative_to(ROOT / "studio/gui").as_posix(), r"$."), text)
    ]
    assert not found, "pass these to tr, or to say where a module begins"


def test_that_nothing_is_translated_before_the_language_is_known() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in WINDOW
        for call in _at_import(ast.parse(path.read_text("utf-8")))
        if called(call) == "tr"
    ]
    assert not found, "use say there, and tr where it is shown"


def test_that_errors_and_notes_are_texts_with_values() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{inside.lineno}"
        for path in BELOW
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and called(call) in {*TOLD, "notice", "_unfit", "misfit"} - {"report"}
        for argument in call.args
        for inside in _parts(argument)
        if isinstance(inside, ast.JoinedStr) and not _is_order(inside)
    ]
    assert not found, "use say('... {name} ...', name=...) in the place of an f-string"


@pytest.mark.parametrize(
    "line",
    ['QLabel("Some words")', 'f(f"{n} photos left")', 'b("Open…")', 'panel.say("Some words")'],
)
def test_that_a_text_that_was_forgotten_is_found(line: str) -> None:
    assert list(_untranslated(ast.parse(line)))
    assert not list(_untranslated(ast.parse(f"tr({line[line.index('(') + 1 : -1]})")))


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """What an argument is made of, without what it calls."""
    if not isinstance(node, ast.Call):
        yield node
        for child in ast.iter_child_nodes(node):
            yield from _parts(child)


def _at_import(tree: ast.AST) -> Iterator[ast.Call]:
    """What is called when a module is imported."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Call):
            yield child
        if not isinstance(child, ast.FunctionDef | ast.Lambda):
            yield from _at_import(child)


def _is_order(text: ast.JoinedStr) -> bool:
    """Whether it is something to type into a terminal, which speaks English."""
    first = text.values[0]
    return (
        isinstance(first, ast.Constant)
        and re.match(r"(studio |give --)", str(first.value)) is not None
    )


def _untranslated(tree: ast.AST) -> Iterator[str]:
    """Texts that people would read, and that nobody has said to be one."""
    for child in ast.iter_child_nodes(tree):
        if isinstance(child, ast.Call) and _is_told_elsewhere(child):
            continue
        if isinstance(child, ast.Constant | ast.JoinedStr):
            text = _text(child)
            if _reads_as_words(text) and text not in _NAMES and not isinstance(tree, ast.Expr):
                yield text
        else:
            yield from _untranslated(_without_types(child))


def _is_told_elsewhere(call: ast.Call) -> bool:
    """Whether a call's texts are translated, or for nobody; a method may be named as it likes."""
    if called(call) in SPOKEN:
        return isinstance(call.func, ast.Name)
    return called(call) in {*TOLD, *_TO_QT, *_TO_LOG}


def _without_types(node: ast.AST) -> ast.AST:
    """A node without what is only there for who reads it, or is compared or looked up."""
    if isinstance(node, ast.FunctionDef):
        node.returns = None
        for each in ast.walk(node.args):
            if isinstance(each, ast.arg):
                each.annotation = None
    if isinstance(node, ast.AnnAssign):
        node.annotation = ast.Pass()
    if isinstance(node, ast.Compare | ast.Subscript):
        return ast.Pass()
    return node


def _text(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    return "".join(part.value if isinstance(part, ast.Constant) else "{}" for part in node.values)


def _reads_as_words(text: str) -> bool:
    """Two words, one that begins large, or an ellipsis."""
    letters = text.replace("{}", "1")
    return (
        re.search(r"[a-z][,.:;]? [A-Za-z]{2}", letters) is not None
        or re.match(r"&?[A-Z]&?[a-z]+[^\n/_=]*$", letters) is not None
        or re.search(r"\w…$", text) is not None
    )
