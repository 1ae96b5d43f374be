"""Two editions held against each other: what became of every clause and line."""
