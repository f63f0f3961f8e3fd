"""Weights that come and go."""
