"""The opened photos: their looks, and what the screen has of them."""
