"""Who is in charge of what and may do what, and who is asked when."""
