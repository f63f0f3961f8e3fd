"""What the dialogs for opening show: every file that the program reads."""

from collections.abc import Iterable

from studio.core import videos


def picture_filter() -> str:
    """For a picture."""
    return f"Pictures ({_patterns(_pictures())});;All files (*)"


def photo_filter() -> str:
    """For photos, and videos among them."""
    pictures, films = _patterns(_pictures()), _patterns(videos.READABLE)
    return (
        f"Pictures and videos ({pictures} {films});;Pictures ({pictures});;"
        f"Videos ({films});;All files (*)"
    )


def _pictures() -> Iterable[str]:
    from studio.core.picture_files import READABLE  # comes with all readers: only when needed

    return READABLE


def _patterns(suffixes: Iterable[str]) -> str:
    return " ".join(f"*{suffix}" for suffix in sorted(suffixes))
