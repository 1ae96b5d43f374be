"""The house: what holds for the repository as a whole."""
