"""Painting with a brush where the model acts."""
