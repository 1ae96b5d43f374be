"""A case in another edition: what became of its labels and of the numbers in its words."""
