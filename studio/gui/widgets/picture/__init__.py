"""A picture to zoom, pan and compare."""
