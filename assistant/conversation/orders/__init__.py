"""What somebody wants to have done, in words: confirmed and done, or told whose it is and how it is done; about ten files are a room."""
