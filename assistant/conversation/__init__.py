"""What any chat has in common, without any chat's own wire: threads, jobs, pace, messages cut to size, what a card shows."""
