"""What the nets are told: the terms that are too long for a script's one page."""
