"""What Slack shows: pure functions from values to blocks."""
