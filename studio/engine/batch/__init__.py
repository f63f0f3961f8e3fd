"""A folder of pictures through one model, on this machine or on the workers of a cluster."""
