"""The command line."""

COMMANDS = ("demo", "models", "apply", "batch", "generate", "learn", "replay", "video", "bench")
"""Their names alone: the window, which starts without typer, must not take one for a picture."""
