"""``aeo doctor``: what is configured, what works, what to do."""
