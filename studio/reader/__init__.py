"""Opens files from elsewhere, for the window: in a process of its own, which may crash or hang."""
