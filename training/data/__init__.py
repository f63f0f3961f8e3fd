"""What the models learn from: photos and paintings, and what is drawn by code."""
