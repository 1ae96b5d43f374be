"""What the enterprise owes, who owes it and what became of it: pure rules on events."""
