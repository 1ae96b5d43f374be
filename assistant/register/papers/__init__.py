"""What is made of the register for reading: the binder, its catalogue, reports, coverage, words for people."""
