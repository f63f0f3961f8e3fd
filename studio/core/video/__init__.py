"""Video files read: what they say of themselves, their frames and packets."""
