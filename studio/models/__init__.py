"""One file a tool; files that begin with an underscore are shared by several."""
