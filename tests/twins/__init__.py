"""Twins in memory of what the product keeps in a database, held to the same contract (``tests/contracts``)."""
