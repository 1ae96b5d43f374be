"""How it is run on more than one process."""
