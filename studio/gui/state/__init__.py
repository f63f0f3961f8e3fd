"""What is open, shown, chosen, edited, undone, running: observable, without widgets."""
