"""Tests of running it: servers, workers, moving, saving, watching."""
