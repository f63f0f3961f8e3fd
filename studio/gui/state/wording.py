"""Words of the engine as sentences for the window, and how many of a thing there are."""


def counted(count: int, noun: str) -> str:
    """Such as ``1 photo`` or ``2 photos``."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def sentences(*words: str) -> str:
    """Each of the words that is not empty, as a sentence."""
    return " ".join(_sentence(each) for each in words if each)


def _sentence(words: str) -> str:
    first = words.partition(" ")[0]
    name = "." in first or "/" in first  # a file's name stays as it is
    return (words if name else words[:1].upper() + words[1:]).rstrip(".") + "."
