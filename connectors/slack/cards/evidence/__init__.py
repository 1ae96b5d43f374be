"""Slots on cards, in digests and in forms."""
