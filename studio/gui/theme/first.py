"""What of the settings the first paint needs: their checks come later, with what they need."""

import json
from dataclasses import dataclass

from studio.core.files.configuration import preferences_path

_MOST = 1 << 20  # bytes that are read


@dataclass(frozen=True)
class FirstLook:
    """As in `Preferences`."""

    palette: str = "system"
    language: str = "system"
    geometry: str = ""


def first_look() -> FirstLook:
    """What the file says, as far as it is text; what is amiss is said when all of it is read."""
    try:
        with preferences_path().open("rb") as file:
            said = json.loads(file.read(_MOST))
        words = {name: said.get(name) for name in FirstLook.__annotations__}
    except (OSError, ValueError, AttributeError, RecursionError):  # no file, no JSON, no object
        return FirstLook()
    look = FirstLook(**{name: word for name, word in words.items() if isinstance(word, str)})
    return look if look.palette in {"system", "dark", "light"} else FirstLook()
