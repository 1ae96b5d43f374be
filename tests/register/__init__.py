"""Tests of the evidence register."""
