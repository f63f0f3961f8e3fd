"""The tools that the window has."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tool:
    """A tool of the window.

    Attributes:
        model: id of the models whose weights it uses.
        title: one word.
        icon: name of a Phosphor icon.
        made: what a photo is once the tool was used on it; a part of file names.
        does: what it is for, in one line.
        has_page: it works on a page of its own, and not on a photo.
        by_pictures: its weights are chosen by their pictures, and not by name.
    """

    model: str
    title: str
    icon: str
    made: str
    does: str = ""
    has_page: bool = False
    by_pictures: bool = False


TOOLS = (
    Tool(
        "style", "Style", "paint-brush-broad", "styled",
        "A photo in the manner of a painting",
    ),
    Tool(
        "enhance", "Enhance", "sparkle", "enhanced",
        "Less noise and blur, better light; larger, repaired",
    ),
    Tool(
        "translate", "Translate", "horse", "translated",
        "Horses to zebras, photos to Monets, and back", by_pictures=True,
    ),
    Tool(
        "sketch", "Sketch", "scribble-loop", "drawn",
        "A few lines of yours become a picture", has_page=True,
    ),
    Tool(
        "faces", "Faces", "users-three", "face",
        "Faces of nobody, to mix and to move", has_page=True,
    ),
)  # fmt: skip
"""In the order of the rail; what else is found among the weights comes behind."""


def tool_of(model: str) -> Tool:
    """The tool of a model: one of `TOOLS`, or one that works on photos as any other."""
    known = (tool for tool in TOOLS if tool.model == model)
    return next(known, Tool(model, model.replace("-", " ").capitalize(), "sparkle", "changed"))
