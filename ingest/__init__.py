"""A guide file in: read, parse, check, split into passages, embed, stage, compare with another edition."""
