"""Saying: which lines an answer rests on, a model's claims checked, and the answer put together."""
