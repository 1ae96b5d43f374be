"""What follows from the facts: what is owed, for which period, in which state, and who is asked when. Pure functions."""
