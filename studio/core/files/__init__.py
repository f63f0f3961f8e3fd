"""Files as such: written whole, told apart, and swept away."""
