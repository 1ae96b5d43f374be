"""What reviewers decide on, and what owners hear of it."""
