"""The enterprise at the terminal: ``aeo profile``, ``aeo owners``, ``aeo people``."""
