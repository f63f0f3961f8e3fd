"""What every room may use; imports neither torch nor Qt."""
