"""Which old thing is which new one, by words and never by number: terms, places, clauses, lines."""
