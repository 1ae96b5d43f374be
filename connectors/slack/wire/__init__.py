"""Slack's own ways: events let in once, limits, errors, sockets, HTTP, installations."""
