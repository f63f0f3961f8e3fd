"""The one error that a person can mend."""

from studio.core.words.said import as_said, say

NO_MEMORY = (
    say("memory does not suffice"),
    say("close other programs, or make the picture smaller"),
)
"""What is said, and what to do, where there is no smaller way to go."""


class StudioError(Exception):
    """Something a person can mend.

    Attributes:
        message: what went wrong, without a capital or a full stop.
        hint: what to do about it; may be empty.
        options: of the command line that do it; the window has buttons for them.
    """

    def __init__(self, message: str, hint: str = "", options: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint, options)
        self.message = as_said(message)
        self.hint = as_said(hint)
        self.options = options

    def __str__(self) -> str:
        said = self.message
        if self.hint:
            said = say("{what}; {hint}", what=said, hint=self.hint)
        return say("{said} ({options})", said=said, options=self.options) if self.options else said
