"""What is said to people, and the languages that it is said in."""
