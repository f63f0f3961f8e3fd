"""The window: it knows every room, and none knows it."""
