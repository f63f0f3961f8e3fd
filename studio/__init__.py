"""A studio for making pictures with neural networks."""
