"""What a guide's words demand of an enterprise: which slots, for which periods, and why each; the plan."""
