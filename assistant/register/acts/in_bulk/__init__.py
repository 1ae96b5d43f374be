"""Acts on many slots at once: what exists brought in, due dates, offers from an older edition, drills, the archive."""
