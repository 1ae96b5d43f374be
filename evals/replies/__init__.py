"""Recorded replies of a strong model, and which cases they are for."""
