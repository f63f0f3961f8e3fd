"""From pixels to pixels: sizes, strips, tiles and what comes after the net."""
