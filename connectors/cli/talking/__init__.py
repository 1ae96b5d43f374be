"""The guide and the register spoken with at the terminal: ``aeo ask``, ``aeo chat``, and how answers are drawn there."""
