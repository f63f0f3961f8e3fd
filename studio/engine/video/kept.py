"""What can be read of a clip that is damaged or cut short."""

from collections.abc import Callable, Generator
from pathlib import Path

from studio.core.errors import StudioError
from studio.core.video.frames import Copied, Frame
from studio.core.words.said import say

Items = Generator[Frame | Copied]


def up_to_the_damage(items: Items, path: Path, tell: Callable[[str], None]) -> Items:
    """All frames and packets before a file breaks off, instead of none.

    Args:
        items: from `reader.read`; what it raises ends them, once there was a frame.
        path: of the file.
        tell: takes what is missing, in words for people.

    Raises:
        StudioError: no frame can be read.
    """
    until: float | None = None
    try:
        for item in items:
            if isinstance(item, Frame):
                until = item.seconds
            yield item
    except StudioError:
        if until is None:
            raise
        tell(
            say(
                "{path} is damaged or cut short; what could be read, {until:.1f} s of it, is kept",
                path=path,
                until=until,
            )
        )
    finally:
        items.close()
