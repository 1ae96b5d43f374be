"""Answers, clauses, and what the conversation says."""
