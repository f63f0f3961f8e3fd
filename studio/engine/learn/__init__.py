"""New styles, learnt from one painting."""
