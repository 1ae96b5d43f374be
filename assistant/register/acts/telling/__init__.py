"""What people are told when the register changes or time passes: the outbox, nudges, letters, the summary of a week."""
