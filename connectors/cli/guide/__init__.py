"""``aeo guide``: editions brought in, compared, put in force and taken back."""
