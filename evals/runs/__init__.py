"""Running cases, scoring answers, comparing runs."""
