"""Evals: cases, scorers, runs, comparisons, gates, reports and the inbox."""
