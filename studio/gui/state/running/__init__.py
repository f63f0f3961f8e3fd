"""What runs: jobs, saves, and how they are told of and stopped."""
