"""One flat, readable script a model; nothing in the studio imports them."""
