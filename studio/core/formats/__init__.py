"""The picture formats: one file each that reads it, and writes it where the studio does."""
