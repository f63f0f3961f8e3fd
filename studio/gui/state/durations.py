"""Times in words."""


def duration(seconds: float) -> str:
    """Such as ``3 s``, ``2 min`` or ``1 h 5 min``; never less than a second."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{minutes} min"
