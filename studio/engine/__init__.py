"""Carries requests out: device, strips, loaded nets, jobs, the child process of the window."""
