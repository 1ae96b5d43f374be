"""Runs in numbers, and held against each other."""
