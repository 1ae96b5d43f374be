"""Who may do what: every action by every role on every surface, and nobody in another's name."""
