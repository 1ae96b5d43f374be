"""Calls to Slack: posting once, streaming, files, people."""
