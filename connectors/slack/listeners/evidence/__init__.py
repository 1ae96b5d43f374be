"""Buttons and forms of slots: handing in, reviewing."""
