"""The one error that a person can mend."""

NO_MEMORY = "memory does not suffice", "close other programs, or make the picture smaller"
"""What is said, and what to do, where there is no smaller way to go."""


class StudioError(Exception):
    """Something a person can mend.

    Attributes:
        message: what went wrong, without a capital or a full stop.
        hint: what to do about it; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message
