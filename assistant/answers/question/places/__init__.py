"""Places of the guide named by number: how people write them, what they mean, and what they were in the edition before."""
