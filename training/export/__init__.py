"""Weights of a run: measured, written, and shown; a module a model."""
