"""Learning to read messages: heads, listings, asides, follow-ups, yes and no."""
