"""Parsing: rows and lines into a guide, verbatim, every source line exactly once."""
