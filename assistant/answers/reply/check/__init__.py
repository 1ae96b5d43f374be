"""Whether a model's claims say what the guide says: exact rules first, then what they mean."""
