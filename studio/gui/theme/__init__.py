"""Palette, icons and fonts."""
