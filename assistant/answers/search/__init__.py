"""Finding: clauses and lines by probability, from dense, lexical and learned evidence."""
