"""Which changes belong together."""


class Gesture:
    """Moves that are one step of undo, such as those of one drag; each equals itself alone."""


NO_GESTURE = Gesture()
"""Of a change that is a step of its own, and after which no more are likely to follow."""
