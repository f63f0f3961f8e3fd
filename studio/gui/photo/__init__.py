"""The picture in the middle and what is done with it."""
