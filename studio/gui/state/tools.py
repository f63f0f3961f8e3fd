"""The tools that the window has."""

from dataclasses import dataclass

from studio.core.words.said import say
from studio.core.words.tongue import tr


@dataclass(frozen=True)
class Tool:
    """A tool of the window.

    Attributes:
        model: id of the models whose weights it uses.
        word: what it is called, in English.
        icon: name of a Phosphor icon.
        made: what a photo is once the tool was used on it; a part of file names.
        use: what it is for, in one line; in English.
        has_page: it works on a page of its own, and not on a photo.
        by_pictures: its weights are chosen by their pictures, and not by name.
    """

    model: str
    word: str
    icon: str
    made: str
    use: str = ""
    has_page: bool = False
    by_pictures: bool = False

    @property
    def title(self) -> str:
        """One word, in the window's language."""
        return tr(self.word)

    @property
    def does(self) -> str:
        """What it is for, in one line."""
        return tr(self.use)


TOOLS = (
    Tool(
        "style", say("Style"), "paint-brush-broad", "styled",
        say("A photo in the manner of a painting"),
    ),
    Tool(
        "enhance", say("Enhance"), "sparkle", "enhanced",
        say("Less noise and blur, better light; larger, repaired"),
    ),
    Tool(
        "translate", say("Translate"), "horse", "translated",
        say("Horses to zebras, photos to Monets, and back"), by_pictures=True,
    ),
    Tool(
        "sketch", say("Sketch"), "scribble-loop", "drawn",
        say("A few lines of yours become a picture"), has_page=True,
    ),
    Tool(
        "faces", say("Faces"), "users-three", "face",
        say("Faces of nobody, to mix and to move"), has_page=True,
    ),
)  # fmt: skip
"""In the order of the rail; what else is found among the weights comes behind."""


_MADE = "changed"  # by any other tool


def tool_of(model: str) -> Tool:
    """The tool of a model: one of `TOOLS`, or one that works on photos as any other."""
    known = (tool for tool in TOOLS if tool.model == model)
    return next(known, Tool(model, model.replace("-", " ").capitalize(), "sparkle", _MADE))


def is_made(word: str) -> bool:
    """Whether a part of a file's name is one that a tool gives."""
    return word == _MADE or any(tool.made == word for tool in TOOLS)
