"""What an answer is worth: scores, its own words, a judge."""
