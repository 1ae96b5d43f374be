"""Who is in charge, who leads, and whether somebody may do something right now."""
