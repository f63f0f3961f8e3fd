"""What a person draws: lines, and maps of labels."""
