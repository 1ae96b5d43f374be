"""A message read once: what it names, asks for and refers to. Nothing here searches."""
