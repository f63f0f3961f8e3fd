"""The command line."""

COMMANDS = {
    "demo": "Style a sample photo; print the result's path.",
    "models": "List the weights found, their controls and choices.",
    "apply": "Run pictures through a model.",
    "batch": "Run a folder of pictures through a model.",
    "generate": "Make pictures of seeds.",
    "learn": "Learn a style from a painting.",
    "replay": "Do again what made a picture.",
    "video": "Run a video through a model.",
    "bench": "Measure speed, memory and quality on this machine.",
}
"""What there is, in a line each: the window and ``--help`` load none of them."""
INSTALL = "--install-desktop-entry"
"""The window's own option."""
