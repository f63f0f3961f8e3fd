"""The steps that a photo goes through, as widgets."""
