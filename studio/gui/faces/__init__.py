"""The tool "Faces": people who never were, to look through, to mix and to walk between."""
