"""Keeps what is open in the window, so that nothing is lost however it ends."""
