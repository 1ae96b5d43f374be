"""What any chat has in common."""
