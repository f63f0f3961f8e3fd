"""The one error that a person can mend."""

NO_MEMORY = "memory does not suffice", "close other programs, or make the picture smaller"
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
        self.message = message
        self.hint = hint
        self.options = options

    def __str__(self) -> str:
        said = f"{self.message}; {self.hint}" if self.hint else self.message
        return f"{said} ({', '.join(self.options)})" if self.options else said
