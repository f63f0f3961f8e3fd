"""Measurements: what the tables of the README are made of."""
