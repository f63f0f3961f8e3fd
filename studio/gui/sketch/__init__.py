"""The tool "Sketch": a canvas to draw on, and beside it what the net makes of the drawing."""
