"""``aeo eval``: runs, comparisons, cases, the inbox."""
