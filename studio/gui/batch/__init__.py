"""The page of a whole folder."""
