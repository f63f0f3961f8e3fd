"""Words of the engine as sentences for the window, and times in words."""

from studio.core.words.said import Said
from studio.core.words.tongue import tr


def sentences(*words: str) -> str:
    """Each of the words that is not empty, in the window's language, as a sentence."""
    return " ".join(_sentence(each) for each in words if each)


def _sentence(said: str) -> str:
    words = tr(said)
    first = words.partition(" ")[0]
    values = said.values if isinstance(said, Said) else {}
    names = [str(values[each]) for each in ("name", "path") if each in values]
    name = "." in first or "/" in first or words.startswith(tuple(names))  # it stays as it is
    start = len(words) - len(words.lstrip("¿¡"))
    begun = words if name else words[:start] + words[start : start + 1].upper() + words[start + 1 :]
    return begun if begun.endswith("?") else begun.rstrip(".") + "."


def step_words(word: str, step: str | None) -> str:
    """What an undo or a redo would do, such as ``Undo stroke``; without a step the word alone."""
    return tr("{action} {step}", action=tr(word), step=tr(step)) if step else tr(word)


def duration(seconds: float) -> str:
    """Such as ``3 s``, ``2 min`` or ``1 h 5 min``; never less than a second."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{minutes} min"
