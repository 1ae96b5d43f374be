"""``aeo evidence``: the register on the command line."""
