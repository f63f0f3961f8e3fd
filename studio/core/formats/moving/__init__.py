"""Pictures that move, frame by frame."""
