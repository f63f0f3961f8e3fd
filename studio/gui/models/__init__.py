"""The weights: what each of them is, those of a person's own brought in and taken away."""
