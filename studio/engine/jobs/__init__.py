"""Requests in, events out: jobs, their process and how they are stopped."""
