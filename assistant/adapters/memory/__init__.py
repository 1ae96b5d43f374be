"""Twins in memory of what the ports ask for."""
