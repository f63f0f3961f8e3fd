"""Pen, strokes and raster: what sketch and mask share."""
