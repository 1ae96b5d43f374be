"""What the terminal starts: ``aeo slack``, ``aeo mcp`` and the run of the nudges (``aeo nudge``)."""
