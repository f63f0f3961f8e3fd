"""What the training scripts share: runs, recipes, exports, and pieces of several methods."""
