"""A staged edition before its lead."""
