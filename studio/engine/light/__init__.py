"""What is done without torch, whose import alone takes longer than most pictures."""
