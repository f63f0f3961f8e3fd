"""A control's row in the panel, for each kind of control."""
